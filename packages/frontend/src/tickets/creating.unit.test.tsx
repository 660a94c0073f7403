import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { FakeHelpdesk, held, htmlErrorPage, json, wireTicket } from '../testing/fake-helpdesk';
import { openPage } from '../testing/open-page';

const opener = () => screen.getByRole('button', { name: 'New ticket' });
const field = (name: RegExp) => within(screen.getByRole('region', { name: 'New ticket' })).getByLabelText(name);
const submit = () => screen.getByRole('button', { name: 'Create ticket' });

async function openForm(helpdesk: FakeHelpdesk): Promise<UserEvent> {
  const user = openPage(helpdesk);
  await user.click(opener());
  return user;
}

async function fill(user: UserEvent, requester = 'ada@example.org'): Promise<void> {
  await user.type(field(/^Title/), 'No sound');
  await user.type(field(/^Description/), 'Since noon.');
  await user.type(field(/email/), requester);
  await user.selectOptions(field(/^Priority/), 'High');
}

it('opens with the focus in the first field, and gives it back when cancelled', async () => {
  const user = openPage(new FakeHelpdesk());
  expect(opener()).toHaveAttribute('aria-expanded', 'false');
  await user.click(opener());
  expect(opener()).toHaveAttribute('aria-expanded', 'true');
  expect(field(/^Title/)).toHaveFocus();

  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('region', { name: 'New ticket' })).not.toBeInTheDocument();
  expect(opener()).toHaveFocus();
});

it('creates a ticket, announces it and moves the focus to it', async () => {
  const helpdesk = new FakeHelpdesk([wireTicket(1)]);
  const user = await openForm(helpdesk);
  await fill(user);
  await user.click(submit());

  expect(await screen.findByText('Ticket HD-000002 was created.')).toBeInTheDocument();
  expect(screen.getByText('Ticket HD-000002 was created.').closest('[role="status"]')).not.toBeNull();
  await waitFor(() => expect(screen.getByRole('heading', { name: 'No sound' })).toHaveFocus());
  expect(screen.queryByRole('region', { name: 'New ticket' })).not.toBeInTheDocument();
  expect(helpdesk.requests('POST /api/tickets/').map(({ body }) => body)).toEqual([
    { title: 'No sound', description: 'Since noon.', requester: 'ada@example.org', priority: 'high' },
  ]);
});

it('works by keyboard alone', async () => {
  const helpdesk = new FakeHelpdesk();
  const user = openPage(helpdesk);
  opener().focus();
  await user.keyboard('{Enter}No sound{Tab}{Tab}ada@example.org{Enter}');
  expect(await screen.findByRole('article', { name: 'No sound' })).toBeInTheDocument();
  expect(helpdesk.tickets).toMatchObject([{ title: 'No sound', description: '', priority: 'normal' }]);
});

it('says so when the present filter hides the new ticket', async () => {
  const user = await openForm(new FakeHelpdesk());
  await user.click(screen.getByRole('radio', { name: 'Closed' }));
  await fill(user);
  await user.click(submit());
  expect(await screen.findByText(/HD-000001 was created\. The present filter hides it\./)).toBeInTheDocument();
  expect(opener()).toHaveFocus();
});

it('still says that the ticket was created when the list cannot be loaded after it', async () => {
  const helpdesk = new FakeHelpdesk([wireTicket(1)]);
  const user = await openForm(helpdesk);
  await screen.findByText('Ticket number 1');
  await fill(user);
  helpdesk.interruptNext('GET /api/tickets/', () => htmlErrorPage(502));
  await user.click(submit());
  expect(await screen.findByText('The tickets could not be loaded')).toBeInTheDocument();
  expect(screen.getByText('Ticket HD-000002 was created.')).toBeInTheDocument();
});

it('asks for what is missing, at the fields, before it sends anything', async () => {
  const helpdesk = new FakeHelpdesk();
  const user = await openForm(helpdesk);
  await user.click(submit());

  expect(field(/^Title/)).toHaveAccessibleDescription('Error: Enter a title: what it is about, in a few words.');
  expect(field(/^Title/)).toBeInvalid();
  expect(field(/email/)).toHaveAccessibleDescription('Error: Enter the email address that the answer goes to.');
  expect(field(/^Description/)).toBeValid();
  expect(field(/^Title/)).toHaveFocus();
  expect(helpdesk.requests('POST /api/tickets/')).toHaveLength(0);
});

it('shows the server’s reasons at their fields, keeps the input and focuses the first', async () => {
  const helpdesk = new FakeHelpdesk();
  const user = await openForm(helpdesk);
  await fill(user, 'ada');
  helpdesk.interruptNext('POST', () =>
    json(400, { errors: { requester: ['Enter a valid email address.'], description: ['Too short.', 'Too vague.'] } }),
  );
  await user.click(submit());

  await waitFor(() => expect(field(/email/)).toHaveAccessibleDescription('Error: Enter a valid email address.'));
  expect(field(/^Description/)).toHaveAccessibleDescription(
    'What happened, and what you expected instead. Error: Too short. Too vague.',
  );
  expect(field(/^Description/)).toHaveFocus();
  expect(field(/^Title/)).toHaveValue('No sound');
  expect(screen.getByText(/The ticket was not created/).closest('[role="alert"]')).not.toBeNull();

  await user.type(field(/email/), '@example.org');
  await user.click(submit());
  expect(await screen.findByRole('article', { name: 'No sound' })).toBeInTheDocument();
});

it('does not lose reasons that belong to no field', async () => {
  const helpdesk = new FakeHelpdesk();
  const user = await openForm(helpdesk);
  await fill(user);
  helpdesk.interruptNext('POST', () => json(400, { errors: { body: ['This is not valid JSON.'] } }));
  await user.click(submit());
  expect(await screen.findByText(/This is not valid JSON\./)).toBeInTheDocument();
});

it('keeps the input when the server fails, and can send it again', async () => {
  const helpdesk = new FakeHelpdesk();
  const user = await openForm(helpdesk);
  await fill(user);
  helpdesk.interruptNext('POST', () => Promise.reject(new TypeError('Failed to fetch')));
  await user.click(submit());
  expect(await screen.findByText(/The Helpdesk cannot be reached/)).toBeInTheDocument();
  expect(field(/^Title/)).toHaveValue('No sound');

  await user.click(submit());
  expect(await screen.findByRole('article', { name: 'No sound' })).toBeInTheDocument();
  expect(screen.queryByText(/cannot be reached/)).not.toBeInTheDocument();
});

it('sends one ticket however often the button is pressed', async () => {
  const helpdesk = new FakeHelpdesk();
  const user = await openForm(helpdesk);
  await fill(user);
  const answer = held();
  helpdesk.interruptNext('POST', answer.interruption);
  const button = submit();
  await user.dblClick(button);
  expect(button).toHaveTextContent('Creating…');
  expect(button).toHaveAttribute('aria-disabled', 'true');
  answer.release(json(201, wireTicket(1)));
  expect(await screen.findByText(/HD-000001 was created/)).toBeInTheDocument();
  expect(helpdesk.requests('POST /api/tickets/')).toHaveLength(1);
});
