import type { HelpdeskClient } from './api/client';
import { ReleaseFooter } from './page/release-footer';
import { TicketsPage } from './tickets/tickets-page';

export function App({ client }: { client: HelpdeskClient }) {
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the tickets
      </a>
      <header className="site-header">
        <div className="frame">
          <p className="brand">
            <img src="/favicon.svg" alt="" width="30" height="30" />
            Helpdesk
          </p>
        </div>
      </header>
      <main id="content" className="frame" tabIndex={-1}>
        <TicketsPage client={client} />
      </main>
      <ReleaseFooter client={client} />
    </>
  );
}
