import { useState } from 'react';
import { ApiError, explain } from '../api/api-error';
import type { HelpdeskClient } from '../api/client';
import type { Ticket, TicketFilter } from '../api/tickets';
import { Notice, type NoticeContent } from '../page/notice';
import { useDebounced } from '../page/use-debounced';
import { useFocusRequest } from '../page/use-focus-request';
import { NewTicketForm } from './new-ticket-form';
import { ticketTitleId } from './ticket-card';
import { TicketFilters } from './ticket-filters';
import { listHeadingId, TicketList } from './ticket-list';
import { useTickets } from './use-tickets';

const searchDelayMs = 250;
const newTicketButtonId = 'new-ticket-button';
const newTicketPanelId = 'new-ticket';

export function TicketsPage({ client }: { client: HelpdeskClient }) {
  const [filter, setFilter] = useState<TicketFilter>({ status: 'open', search: '' });
  const [formOpen, setFormOpen] = useState(false);
  const [notice, setNotice] = useState<NoticeContent | null>(null);
  const [closing, setClosing] = useState<ReadonlySet<number>>(new Set());
  const [loadingMore, setLoadingMore] = useState(false);
  const focus = useFocusRequest();

  const search = useDebounced(filter.search.trim(), searchDelayMs);
  const applied: TicketFilter = { status: filter.status, search };
  const { state, reload, loadMore, showClosed } = useTickets(client, applied);

  function changeFilter(next: TicketFilter): void {
    setFilter(next);
    setNotice(null);
  }

  function leaveForm(): void {
    setFormOpen(false);
    focus(newTicketButtonId);
  }

  async function created(ticket: Ticket): Promise<void> {
    leaveForm();
    setNotice({ kind: 'done', text: `Ticket ${ticket.reference} was created.` });
    const shown = await reload();
    if (shown?.some(({ id }) => id === ticket.id)) {
      focus(ticketTitleId(ticket.id));
      setNotice({ kind: 'done', text: `Ticket ${ticket.reference} was created.` });
    } else if (shown) {
      setNotice({ kind: 'done', text: `Ticket ${ticket.reference} was created. The present filter hides it.` });
    }
  }

  async function close(ticket: Ticket): Promise<void> {
    if (closing.has(ticket.id)) return;
    const neighbours = neighboursOf(ticket, state.tickets);
    setClosing((before) => new Set(before).add(ticket.id));
    setNotice(null);
    try {
      const closed = await client.closeTicket(ticket.id);
      // The button that was pressed goes, perhaps its ticket too: the focus stays as near as it can,
      // unless the person has moved on meanwhile.
      if (isAttended(ticket)) focus(ticketTitleId(ticket.id), ...neighbours.map(ticketTitleId), listHeadingId);
      showClosed(closed);
      setNotice({ kind: 'done', text: `Ticket ${ticket.reference} is closed.` });
    } catch (error) {
      setNotice({ kind: 'problem', text: `${ticket.reference}: ${explain(error)}` });
      if (error instanceof ApiError && (error.kind === 'conflict' || error.kind === 'missing')) {
        // The list on the page is out of date.
        focus(listHeadingId);
        await reload();
      }
    } finally {
      setClosing((before) => new Set([...before].filter((id) => id !== ticket.id)));
    }
  }

  async function showMore(): Promise<void> {
    if (loadingMore) return;
    setLoadingMore(true);
    try {
      const added = await loadMore();
      const first = added?.[0];
      if (first) focus(ticketTitleId(first.id));
      // A page of nothing new: so many tickets were created meanwhile that the list has to start anew.
      else if (added) await reload();
    } catch (error) {
      setNotice({ kind: 'problem', text: `More tickets could not be loaded. ${explain(error)}` });
    } finally {
      setLoadingMore(false);
    }
  }

  return (
    <>
      <div className="page-head">
        <h1>Tickets</h1>
        <button
          type="button"
          id={newTicketButtonId}
          className="button button-primary"
          aria-expanded={formOpen}
          aria-controls={formOpen ? newTicketPanelId : undefined}
          onClick={() => setFormOpen(!formOpen)}
        >
          New ticket
        </button>
      </div>
      <Notice content={notice} />
      {formOpen && (
        <NewTicketForm
          id={newTicketPanelId}
          client={client}
          onCreated={(ticket) => void created(ticket)}
          onCancel={leaveForm}
        />
      )}
      <TicketFilters filter={filter} onChange={changeFilter} />
      <TicketList
        state={state}
        filter={applied}
        closing={closing}
        loadingMore={loadingMore}
        onClose={(ticket) => void close(ticket)}
        onRetry={() => {
          focus(listHeadingId);
          void reload();
        }}
        onLoadMore={() => void showMore()}
        onClearSearch={() => {
          focus(listHeadingId);
          changeFilter({ ...filter, search: '' });
        }}
      />
    </>
  );
}

/** The ticket after this one and the one before, as far as they exist. */
function neighboursOf(ticket: Ticket, tickets: readonly Ticket[]): number[] {
  const at = tickets.findIndex(({ id }) => id === ticket.id);
  return [tickets[at + 1], tickets[at - 1]].flatMap((neighbour) => (neighbour ? [neighbour.id] : []));
}

/** Whether the focus is in this ticket's card, or nowhere. */
function isAttended(ticket: Ticket): boolean {
  const active = document.activeElement;
  if (active === null || active === document.body) return true;
  return active.closest('article')?.getAttribute('aria-labelledby') === ticketTitleId(ticket.id);
}
