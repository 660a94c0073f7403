import { render, screen, within } from '@testing-library/react';
import { createHelpdeskClient } from '../api/client';
import { FakeHelpdesk, held, htmlErrorPage, json } from '../testing/fake-helpdesk';
import { ReleaseFooter } from './release-footer';

function open(helpdesk: FakeHelpdesk): void {
  render(<ReleaseFooter client={createHelpdeskClient(helpdesk.fetch)} />);
}

const footer = () => within(screen.getByRole('contentinfo'));

it('shows the version and the short commit that serve the page', async () => {
  open(new FakeHelpdesk());
  expect(await footer().findByText(/Version 1\.4\.2/)).toHaveTextContent('Version 1.4.2 01234567');
  expect(footer().getByText('01234567')).toHaveAttribute('title', 'Commit 0123456789abcdef');
});

it('says that it is still asking', () => {
  const helpdesk = new FakeHelpdesk();
  helpdesk.interruptNext('GET /health/', held().interruption);
  open(helpdesk);
  expect(footer().getByText('Asking for the version…')).toBeInTheDocument();
});

it('leaves the commit out where none is known', async () => {
  const helpdesk = new FakeHelpdesk();
  helpdesk.health = { status: 'ok', version: '1.4.2', commit: '' };
  open(helpdesk);
  expect(await footer().findByText('Version 1.4.2')).toBeInTheDocument();
});

it.each([
  ['no health', htmlErrorPage(502)],
  ['no version', json(200, { status: 'ok', version: '', commit: 'abc' })],
  ['an answer without them', json(200, { status: 'ok' })],
])('says that the version is unknown where the server has %s', async (_what, answer) => {
  const helpdesk = new FakeHelpdesk();
  helpdesk.interruptNext('GET /health/', () => answer);
  open(helpdesk);
  expect(await footer().findByText('Version unknown')).toBeInTheDocument();
});
