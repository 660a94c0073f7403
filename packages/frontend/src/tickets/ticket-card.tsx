import type { Ticket } from '../api/tickets';
import { TicketDescription } from './ticket-description';

export const ticketTitleId = (id: number): string => `ticket-${id}-title`;

export interface TicketCardProps {
  readonly ticket: Ticket;
  readonly closing: boolean;
  readonly onClose: (ticket: Ticket) => void;
}

export function TicketCard({ ticket, closing, onClose }: TicketCardProps) {
  const titleId = ticketTitleId(ticket.id);
  return (
    <article className={`ticket ticket-${ticket.status}`} aria-labelledby={titleId}>
      <div className="ticket-head">
        <p className="reference">{ticket.reference}</p>
        <ul className="badges" aria-label="Status and priority">
          <li className={`badge badge-${ticket.status}`}>{ticket.status === 'open' ? 'Open' : 'Closed'}</li>
          <li className={`badge badge-${ticket.priority}`}>{priorityLabel(ticket.priority)}</li>
        </ul>
      </div>
      <h3 id={titleId} tabIndex={-1}>
        {ticket.title}
      </h3>
      <TicketDescription reference={ticket.reference} text={ticket.description} />
      <div className="ticket-foot">
        <p className="facts">
          {ticket.requester} <span aria-hidden="true">·</span> <Moment label="Opened" at={ticket.createdAt} />
          {ticket.closedAt !== null && (
            <>
              {' '}
              <span aria-hidden="true">·</span> <Moment label="Closed" at={ticket.closedAt} />
            </>
          )}
        </p>
        {ticket.status === 'open' && (
          <button type="button" className="button button-quiet" aria-disabled={closing} onClick={() => onClose(ticket)}>
            {closing ? 'Closing…' : 'Close ticket'}
            <span className="visually-hidden"> {ticket.reference}</span>
          </button>
        )}
      </div>
    </article>
  );
}

function priorityLabel(priority: Ticket['priority']): string {
  return `${priority[0]?.toUpperCase()}${priority.slice(1)} priority`;
}

const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

function Moment({ label, at }: { label: string; at: string }) {
  const time = new Date(at);
  return (
    <span>
      {label} <time dateTime={at}>{Number.isNaN(time.getTime()) ? at : format.format(time)}</time>
    </span>
  );
}
