import { screen, waitFor, within } from '@testing-library/react';
import { FakeHelpdesk, held, json, wireTicket } from '../testing/fake-helpdesk';
import { openPage } from '../testing/open-page';

const closer = (id: number) => screen.findByRole('button', { name: `Close ticket ${wireTicket(id).reference}` });
const title = (id: number) => screen.getByRole('heading', { name: `Ticket number ${id}` });
const three = () => new FakeHelpdesk([1, 2, 3].map((id) => wireTicket(id)));

it('takes a closed ticket from the open ones, announces it and focuses the next', async () => {
  const helpdesk = three();
  const user = openPage(helpdesk);
  await user.click(await closer(2));

  const notice = await screen.findByText('Ticket HD-000002 is closed.');
  expect(notice.closest('[role="status"]')).not.toBeNull();
  expect(screen.queryByRole('heading', { name: 'Ticket number 2' })).not.toBeInTheDocument();
  expect(title(1)).toHaveFocus();
  expect(screen.getByText('2 tickets')).toBeInTheDocument();
  expect(helpdesk.tickets.map(({ status }) => status)).toEqual(['open', 'closed', 'open']);
});

it('focuses the one before when the last of the list is closed', async () => {
  const user = openPage(three());
  await user.click(await closer(1));
  await waitFor(() => expect(title(2)).toHaveFocus());
});

it('focuses the heading when nothing is left', async () => {
  const user = openPage(new FakeHelpdesk([wireTicket(1)]));
  await user.click(await closer(1));
  expect(await screen.findByText('No open tickets')).toBeInTheDocument();
  expect(screen.getByRole('heading', { name: 'Open tickets' })).toHaveFocus();
});

it('keeps a closed ticket among all tickets, as closed', async () => {
  const user = openPage(three());
  await user.click(screen.getByRole('radio', { name: 'All' }));
  await user.click(await closer(2));

  const card = within(screen.getByRole('article', { name: 'Ticket number 2' }));
  expect(await card.findByText('Closed', { selector: '.badge' })).toBeInTheDocument();
  expect(card.queryByRole('button')).not.toBeInTheDocument();
  expect(title(2)).toHaveFocus();
  expect(screen.getByText('3 tickets')).toBeInTheDocument();
});

it('leaves the focus with a person who has moved on', async () => {
  const helpdesk = three();
  const user = openPage(helpdesk);
  const answer = held();
  helpdesk.interruptNext('POST', answer.interruption);
  await user.click(await closer(2));
  await user.click(screen.getByRole('searchbox'));
  answer.release(json(200, wireTicket(2, { status: 'closed' })));
  expect(await screen.findByText('Ticket HD-000002 is closed.')).toBeInTheDocument();
  expect(screen.getByRole('searchbox')).toHaveFocus();
});

it('leaves a list alone that no longer holds the ticket', async () => {
  const helpdesk = three();
  const user = openPage(helpdesk);
  const answer = held();
  helpdesk.interruptNext('POST', answer.interruption);
  await user.click(await closer(2));
  await user.type(screen.getByRole('searchbox'), 'number 3');
  expect(await screen.findByText('1 ticket')).toBeInTheDocument();
  answer.release(json(200, wireTicket(2, { status: 'closed' })));
  expect(await screen.findByText('Ticket HD-000002 is closed.')).toBeInTheDocument();
  expect(screen.getByText('1 ticket')).toBeInTheDocument();
});

it('sends one request however often the button is pressed', async () => {
  const helpdesk = three();
  const user = openPage(helpdesk);
  helpdesk.interruptNext('POST', held().interruption);
  const button = await closer(2);
  await user.dblClick(button);
  expect(button).toHaveTextContent('Closing…');
  expect(helpdesk.requests('POST /api/tickets/2/close/')).toHaveLength(1);
});

it('says that somebody was faster, and brings the list up to date', async () => {
  const helpdesk = three();
  const user = openPage(helpdesk);
  const button = await closer(2);
  Object.assign(helpdesk.tickets[1] ?? {}, { status: 'closed' });
  await user.click(button);

  const problem = await screen.findByText('HD-000002: The ticket was closed already.');
  expect(problem.closest('[role="alert"]')).not.toBeNull();
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'Ticket number 2' })).not.toBeInTheDocument());
  expect(screen.getByRole('heading', { name: 'Open tickets' })).toHaveFocus();
});

it('says that the ticket is gone, and brings the list up to date', async () => {
  const helpdesk = three();
  const user = openPage(helpdesk);
  const button = await closer(2);
  helpdesk.tickets.splice(1, 1);
  await user.click(button);
  expect(await screen.findByText('HD-000002: The ticket no longer exists.')).toBeInTheDocument();
  await waitFor(() => expect(screen.getByText('2 tickets')).toBeInTheDocument());
});

it('keeps ticket, button and focus when the server fails', async () => {
  const helpdesk = three();
  const user = openPage(helpdesk);
  helpdesk.interruptNext('POST', () => json(500, {}));
  await user.click(await closer(2));

  expect(await screen.findByText(/HD-000002: The Helpdesk has a problem \(HTTP 500\)/)).toBeInTheDocument();
  expect(await closer(2)).toHaveFocus();
  expect(await closer(2)).toHaveAttribute('aria-disabled', 'false');
});

it('takes the notice away when the filter changes', async () => {
  const user = openPage(three());
  await user.click(await closer(2));
  expect(await screen.findByText('Ticket HD-000002 is closed.')).toBeInTheDocument();
  await user.click(screen.getByRole('radio', { name: 'Closed' }));
  expect(screen.queryByText('Ticket HD-000002 is closed.')).not.toBeInTheDocument();
  expect(await screen.findByText('1 ticket')).toBeInTheDocument();
});
