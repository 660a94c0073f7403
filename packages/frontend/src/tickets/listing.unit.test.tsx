import { screen, waitFor, within } from '@testing-library/react';
import { FakeHelpdesk, held, htmlErrorPage, json, wireTicket } from '../testing/fake-helpdesk';
import { openPage } from '../testing/open-page';

const titles = () => screen.queryAllByRole('heading', { level: 3 }).map((heading) => heading.textContent);
const summary = () => screen.getByRole('region', { name: /tickets$/ }).querySelector('[role="status"]');

describe('the list', () => {
  it('shows the open tickets with all that matters of each', async () => {
    const ticket = wireTicket(3, { title: 'Printer on fire', description: 'Third floor.', priority: 'urgent' });
    openPage(new FakeHelpdesk([ticket, wireTicket(2, { status: 'closed' })]));

    const card = within(await screen.findByRole('article', { name: 'Printer on fire' }));
    expect(card.getByText('HD-000003', { selector: '.reference' })).toBeInTheDocument();
    expect(card.getByText('Third floor.')).toBeInTheDocument();
    expect(card.getByText('Urgent priority')).toBeInTheDocument();
    expect(card.getByText('Open')).toBeInTheDocument();
    expect(card.getByText(/ada@example\.org/)).toBeInTheDocument();
    expect(card.getByText('Opened').querySelector('time')).toHaveAttribute('datetime', '2026-03-04T10:20:30Z');
    expect(titles()).toEqual(['Printer on fire']);
    expect(summary()).toHaveTextContent('1 ticket');
  });

  it('says that it is loading, and then no longer', async () => {
    const helpdesk = new FakeHelpdesk();
    const answer = held();
    helpdesk.interruptNext('GET /api/tickets/', answer.interruption);
    openPage(helpdesk);

    const region = screen.getByRole('region', { name: 'Open tickets' });
    expect(region).toHaveAttribute('aria-busy', 'true');
    expect(summary()).toHaveTextContent('Loading tickets…');

    answer.release(json(200, { results: [wireTicket(1)], count: 1 }));
    await waitFor(() => expect(region).toHaveAttribute('aria-busy', 'false'));
    expect(summary()).toHaveTextContent('1 ticket');
  });

  it('says that there is nothing', async () => {
    openPage(new FakeHelpdesk());
    expect(await screen.findByText('No open tickets')).toBeInTheDocument();
    expect(summary()).toHaveTextContent('0 tickets');
  });

  it('says why it could not load, and loads on request', async () => {
    const helpdesk = new FakeHelpdesk([wireTicket(1)]);
    helpdesk.interruptNext('GET /api/tickets/', () => htmlErrorPage(503));
    const user = openPage(helpdesk);

    const problem = (await screen.findByText('The tickets could not be loaded')).closest('[role="alert"]');
    expect(problem).toHaveTextContent('The Helpdesk has a problem (HTTP 503).');
    expect(screen.queryByText('No open tickets')).not.toBeInTheDocument();

    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('article', { name: 'Ticket number 1' })).toBeInTheDocument();
    expect(screen.queryByText('The tickets could not be loaded')).not.toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Open tickets' })).toHaveFocus();
  });

  it('shows of a long description the beginning, and all of it on request', async () => {
    const description = `It begins here. ${'And so on. '.repeat(60)}The end.`;
    const user = openPage(new FakeHelpdesk([wireTicket(1, { description })]));
    const text = await screen.findByText(/^It begins here\./);
    expect(text).toHaveTextContent(/…$/);
    expect(text.textContent?.length).toBeLessThan(200);

    const toggle = screen.getByRole('button', { name: 'Show all of HD-000001' });
    expect(toggle).toHaveAttribute('aria-expanded', 'false');
    await user.click(toggle);
    expect(text).toHaveTextContent(description.trim());
    expect(toggle).toHaveAttribute('aria-expanded', 'true');

    await user.click(screen.getByRole('button', { name: 'Show less of HD-000001' }));
    expect(text).not.toHaveTextContent('The end.');
  });

  it('cuts a description without any space too', async () => {
    openPage(new FakeHelpdesk([wireTicket(1, { description: 'x'.repeat(400) })]));
    expect(await screen.findByText(/^x+…$/)).toHaveTextContent(/^x{140}…$/);
  });

  it('shows a time that it cannot read as it came', async () => {
    openPage(new FakeHelpdesk([wireTicket(1, { created_at: 'some day' })]));
    expect(await screen.findByText('some day')).toBeInTheDocument();
  });
});

describe('the filter', () => {
  const tickets = () => [
    wireTicket(1, { title: 'Mail bounces' }),
    wireTicket(2, { title: 'Old mail', status: 'closed', closed_at: '2026-03-05T08:00:00Z' }),
    wireTicket(3, { title: 'No sound' }),
  ];

  it('narrows to closed tickets and widens to all', async () => {
    const user = openPage(new FakeHelpdesk(tickets()));
    await screen.findByText('No sound');

    await user.click(screen.getByRole('radio', { name: 'Closed' }));
    await waitFor(() => expect(titles()).toEqual(['Old mail']));
    expect(screen.getByRole('heading', { level: 2, name: 'Closed tickets' })).toBeInTheDocument();
    expect(screen.getByText('Closed', { selector: '.facts span' })).toHaveTextContent('2026');
    expect(screen.queryByRole('button', { name: /Close ticket/ })).not.toBeInTheDocument();

    await user.click(screen.getByRole('radio', { name: 'All' }));
    await waitFor(() => expect(titles()).toEqual(['No sound', 'Old mail', 'Mail bounces']));
  });

  it('works by keyboard', async () => {
    const user = openPage(new FakeHelpdesk(tickets()));
    await screen.findByText('No sound');
    screen.getByRole('radio', { name: 'Open' }).focus();
    await user.keyboard('{ArrowRight}');
    await waitFor(() => expect(titles()).toEqual(['Old mail']));
  });

  it('searches for text once the typing has paused', async () => {
    const helpdesk = new FakeHelpdesk(tickets());
    const user = openPage(helpdesk);
    await screen.findByText('No sound');

    await user.type(screen.getByRole('searchbox', { name: 'Search' }), ' mail {Enter}');
    await waitFor(() => expect(titles()).toEqual(['Mail bounces']));
    expect(helpdesk.requests('GET /api/tickets/').map(({ query }) => query.search)).toEqual([undefined, 'mail']);
  });

  it('keeps the search when the status changes', async () => {
    const helpdesk = new FakeHelpdesk(tickets());
    const user = openPage(helpdesk);
    await user.type(screen.getByRole('searchbox'), 'mail');
    await user.click(screen.getByRole('radio', { name: 'All' }));
    await waitFor(() => expect(titles()).toEqual(['Old mail', 'Mail bounces']));
  });

  it('says that nothing matches, and clears the search on request', async () => {
    const user = openPage(new FakeHelpdesk(tickets()));
    await user.type(screen.getByRole('searchbox'), 'unicorn');
    expect(await screen.findByText('Nothing matches your search')).toBeInTheDocument();
    expect(screen.getByText(/No open ticket contains “unicorn”/)).toBeInTheDocument();

    await user.click(screen.getByRole('button', { name: 'Clear the search' }));
    await waitFor(() => expect(titles()).toEqual(['No sound', 'Mail bounces']));
    expect(screen.getByRole('searchbox')).toHaveValue('');
    expect(screen.getByRole('heading', { level: 2 })).toHaveFocus();
  });

  it('says that there is nothing under each status', async () => {
    const user = openPage(new FakeHelpdesk());
    await user.click(screen.getByRole('radio', { name: 'Closed' }));
    expect(await screen.findByText('No closed tickets')).toBeInTheDocument();
    await user.click(screen.getByRole('radio', { name: 'All' }));
    expect(await screen.findByText('No tickets yet')).toBeInTheDocument();
    await user.type(screen.getByRole('searchbox'), 'unicorn');
    expect(await screen.findByText(/No ticket contains “unicorn”/)).toBeInTheDocument();
  });

  it('never lets a slow old answer take the place of a newer one', async () => {
    const helpdesk = new FakeHelpdesk(tickets());
    const slow = held();
    // This server takes no notice of the abort and answers all the same.
    helpdesk.interruptNext('GET /api/tickets/', (seen) => slow.interruption(seen, new AbortController().signal));
    const user = openPage(helpdesk);
    await user.click(screen.getByRole('radio', { name: 'Closed' }));
    await waitFor(() => expect(titles()).toEqual(['Old mail']));

    slow.release(json(200, { results: [wireTicket(9, { title: 'Too late' })], count: 1 }));
    await user.click(screen.getByRole('searchbox'));
    expect(titles()).toEqual(['Old mail']);
  });
});

describe('many tickets', () => {
  function many() {
    const helpdesk = new FakeHelpdesk([1, 2, 3, 4, 5].map((id) => wireTicket(id)));
    helpdesk.pageSize = 2;
    return helpdesk;
  }

  it('come page by page, the focus on the first new one', async () => {
    const user = openPage(many());
    await waitFor(() => expect(summary()).toHaveTextContent('Showing 2 of 5 tickets'));

    await user.click(screen.getByRole('button', { name: 'Show more tickets' }));
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Ticket number 3' })).toHaveFocus());
    expect(titles()).toHaveLength(4);

    await user.click(screen.getByRole('button', { name: 'Show more tickets' }));
    await waitFor(() => expect(summary()).toHaveTextContent('5 tickets'));
    expect(screen.queryByRole('button', { name: 'Show more tickets' })).not.toBeInTheDocument();
  });

  it('are not shown twice when new ones shift the pages', async () => {
    const helpdesk = many();
    const user = openPage(helpdesk);
    const more = await screen.findByRole('button', { name: 'Show more tickets' });
    helpdesk.tickets.push(wireTicket(6));
    await user.click(more);
    await waitFor(() => expect(titles()).toEqual(['Ticket number 5', 'Ticket number 4', 'Ticket number 3']));
    expect(screen.getByRole('heading', { name: 'Ticket number 3' })).toHaveFocus();
  });

  it('start anew when a page brings nothing new', async () => {
    const helpdesk = many();
    const user = openPage(helpdesk);
    const more = await screen.findByRole('button', { name: 'Show more tickets' });
    helpdesk.tickets.push(wireTicket(6), wireTicket(7));
    await user.click(more);
    await waitFor(() => expect(titles()).toEqual(['Ticket number 7', 'Ticket number 6']));
  });

  it('are asked for once per press', async () => {
    const helpdesk = many();
    const user = openPage(helpdesk);
    const more = await screen.findByRole('button', { name: 'Show more tickets' });
    helpdesk.interruptNext('GET /api/tickets/', held().interruption);
    await user.dblClick(more);
    expect(more).toHaveTextContent('Loading…');
    expect(helpdesk.requests('GET /api/tickets/')).toHaveLength(2);
  });

  it('stay as they are when the next page fails', async () => {
    const helpdesk = many();
    const user = openPage(helpdesk);
    const more = await screen.findByRole('button', { name: 'Show more tickets' });
    helpdesk.interruptNext('GET /api/tickets/', () => htmlErrorPage(500));
    await user.click(more);
    expect(await screen.findByText(/More tickets could not be loaded/)).toBeInTheDocument();
    expect(titles()).toEqual(['Ticket number 5', 'Ticket number 4']);
  });

  it('drop a page that arrives after the filter changed', async () => {
    const helpdesk = many();
    const user = openPage(helpdesk);
    const more = await screen.findByRole('button', { name: 'Show more tickets' });
    helpdesk.interruptNext('GET /api/tickets/', held().interruption);
    await user.click(more);
    await user.click(screen.getByRole('radio', { name: 'Closed' }));
    expect(await screen.findByText('No closed tickets')).toBeInTheDocument();
    expect(screen.queryByText(/could not be loaded/)).not.toBeInTheDocument();
  });
});

describe('the page', () => {
  it('has its landmarks, one main heading and a way past the header', async () => {
    openPage(new FakeHelpdesk());
    for (const landmark of ['banner', 'main', 'contentinfo', 'search']) {
      expect(screen.getByRole(landmark)).toBeInTheDocument();
    }
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
    const skip = screen.getByRole('link', { name: 'Skip to the tickets' });
    expect(skip).toHaveAttribute('href', `#${screen.getByRole('main').id}`);
    expect(await screen.findByText('No open tickets')).toBeInTheDocument();
  });
});
