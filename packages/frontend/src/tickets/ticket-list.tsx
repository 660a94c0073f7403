import type { Ticket, TicketFilter } from '../api/tickets';
import { TicketCard } from './ticket-card';
import type { TicketsState } from './use-tickets';

export const listHeadingId = 'tickets-heading';

export interface TicketListProps {
  readonly state: TicketsState;
  readonly filter: TicketFilter;
  readonly closing: ReadonlySet<number>;
  readonly loadingMore: boolean;
  readonly onClose: (ticket: Ticket) => void;
  readonly onRetry: () => void;
  readonly onLoadMore: () => void;
  readonly onClearSearch: () => void;
}

export function TicketList(props: TicketListProps) {
  const { state, filter, closing, loadingMore } = props;
  const { phase, tickets, count } = state;
  const empty = phase === 'ready' && tickets.length === 0;

  return (
    <section className="ticket-list" aria-labelledby={listHeadingId} aria-busy={phase === 'loading'}>
      <div className="list-head">
        <h2 id={listHeadingId} tabIndex={-1}>
          {heading(filter.status)}
        </h2>
        <p role="status" className="summary">
          {summary(state)}
        </p>
      </div>

      {phase === 'failed' && (
        <div className="blank blank-problem" role="alert">
          <p className="blank-title">The tickets could not be loaded</p>
          <p>{state.problem}</p>
          <button type="button" className="button" onClick={props.onRetry}>
            Try again
          </button>
        </div>
      )}

      {phase === 'loading' && tickets.length === 0 && (
        <div className="skeletons" aria-hidden="true">
          <div className="skeleton" />
          <div className="skeleton" />
          <div className="skeleton" />
        </div>
      )}

      {empty && (
        <div className="blank">
          <p className="blank-title">{filter.search === '' ? nothing(filter.status) : 'Nothing matches your search'}</p>
          {filter.search !== '' && (
            <>
              <p>
                No {filter.status === 'all' ? '' : `${filter.status} `}ticket contains “{filter.search}”.
              </p>
              <button type="button" className="button" onClick={props.onClearSearch}>
                Clear the search
              </button>
            </>
          )}
        </div>
      )}

      {tickets.length > 0 && (
        // Safari drops the list's semantics where the markers are hidden, unless the role is said.
        <ul role="list" className="tickets">
          {tickets.map((ticket) => (
            <li key={ticket.id}>
              <TicketCard ticket={ticket} closing={closing.has(ticket.id)} onClose={props.onClose} />
            </li>
          ))}
        </ul>
      )}

      {phase === 'ready' && tickets.length > 0 && tickets.length < count && (
        <button type="button" className="button more" aria-disabled={loadingMore} onClick={props.onLoadMore}>
          {loadingMore ? 'Loading…' : 'Show more tickets'}
        </button>
      )}
    </section>
  );
}

function heading(status: TicketFilter['status']): string {
  return { open: 'Open tickets', closed: 'Closed tickets', all: 'All tickets' }[status];
}

function nothing(status: TicketFilter['status']): string {
  return { open: 'No open tickets', closed: 'No closed tickets', all: 'No tickets yet' }[status];
}

function summary({ phase, tickets, count }: TicketsState): string {
  if (phase === 'loading') return 'Loading tickets…';
  if (phase === 'failed') return '';
  if (tickets.length < count) return `Showing ${tickets.length} of ${count} tickets`;
  return count === 1 ? '1 ticket' : `${count} tickets`;
}
