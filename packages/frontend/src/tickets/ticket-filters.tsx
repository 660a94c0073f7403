import { useId } from 'react';
import type { TicketFilter } from '../api/tickets';

const choices: readonly { status: TicketFilter['status']; label: string }[] = [
  { status: 'open', label: 'Open' },
  { status: 'closed', label: 'Closed' },
  { status: 'all', label: 'All' },
];

/** The longest text that the API searches for. */
const searchMaxLength = 200;

export interface TicketFiltersProps {
  readonly filter: TicketFilter;
  readonly onChange: (filter: TicketFilter) => void;
}

export function TicketFilters({ filter, onChange }: TicketFiltersProps) {
  const searchId = useId();
  const radioName = useId();

  return (
    <form role="search" aria-label="Tickets" className="filters" onSubmit={(event) => event.preventDefault()}>
      <div className="field filter-search">
        <label htmlFor={searchId}>Search</label>
        <input
          id={searchId}
          type="search"
          maxLength={searchMaxLength}
          autoComplete="off"
          value={filter.search}
          onChange={(event) => onChange({ ...filter, search: event.target.value })}
        />
      </div>
      <fieldset className="segments">
        <legend>Status</legend>
        <div className="segments-row">
          {choices.map(({ status, label }) => (
            <label key={status} className="segment">
              <input
                type="radio"
                name={radioName}
                value={status}
                checked={filter.status === status}
                onChange={() => onChange({ ...filter, status })}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </form>
  );
}
