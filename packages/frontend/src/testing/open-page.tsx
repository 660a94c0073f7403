import { render } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { createHelpdeskClient } from '../api/client';
import { App } from '../app';
import type { FakeHelpdesk } from './fake-helpdesk';

/** Opens the whole page against the fake server, as a person with keyboard and mouse. */
export function openPage(helpdesk: FakeHelpdesk): UserEvent {
  render(<App client={createHelpdeskClient(helpdesk.fetch)} />);
  return userEvent.setup();
}
