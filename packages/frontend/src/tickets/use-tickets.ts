import { useCallback, useEffect, useReducer, useRef } from 'react';
import { explain } from '../api/api-error';
import type { HelpdeskClient } from '../api/client';
import type { Ticket, TicketFilter, TicketPage } from '../api/tickets';

export interface TicketsState {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** While a new list is loading, still the one before it. */
  readonly tickets: readonly Ticket[];
  /** How many tickets the filter lets through, shown or not. */
  readonly count: number;
  /** Why loading failed; empty in the other phases. */
  readonly problem: string;
  /** The filter's status, of which the list is or is about to be. */
  readonly status: TicketFilter['status'];
}

type Action =
  | { type: 'started'; status: TicketFilter['status'] }
  | { type: 'loaded'; page: TicketPage }
  | { type: 'appended'; page: TicketPage }
  | { type: 'failed'; problem: string }
  | { type: 'closed'; ticket: Ticket };

const initial: TicketsState = { phase: 'loading', tickets: [], count: 0, problem: '', status: 'open' };

function reduce(state: TicketsState, action: Action): TicketsState {
  switch (action.type) {
    case 'started':
      return { ...state, phase: 'loading', problem: '', status: action.status };
    case 'loaded':
      return { ...state, phase: 'ready', tickets: action.page.tickets, count: action.page.count, problem: '' };
    case 'appended': {
      const tickets = [...state.tickets, ...notAmong(state.tickets, action.page.tickets)];
      return { ...state, phase: 'ready', tickets, count: action.page.count, problem: '' };
    }
    case 'failed':
      return { ...state, phase: 'failed', tickets: [], count: 0, problem: action.problem };
    case 'closed': {
      const { ticket } = action;
      if (!state.tickets.some(({ id }) => id === ticket.id)) return state;
      if (state.status !== 'open') {
        return { ...state, tickets: state.tickets.map((one) => (one.id === ticket.id ? ticket : one)) };
      }
      return {
        ...state,
        tickets: state.tickets.filter(({ id }) => id !== ticket.id),
        count: Math.max(0, state.count - 1),
      };
    }
  }
}

/** Tickets created meanwhile shift the pages, so the next page may repeat what is shown. */
function notAmong(shown: readonly Ticket[], page: readonly Ticket[]): readonly Ticket[] {
  const known = new Set(shown.map(({ id }) => id));
  return page.filter(({ id }) => !known.has(id));
}

export interface Tickets {
  readonly state: TicketsState;
  /** Loads the list anew; gives undefined when that failed or something newer took its place. */
  readonly reload: () => Promise<readonly Ticket[] | undefined>;
  /**
   * Appends the next page and gives the tickets that are new by it, if it is not outrun by something
   * newer; rejects with `ApiError`, leaving the list as it was.
   */
  readonly loadMore: () => Promise<readonly Ticket[] | undefined>;
  /** Takes over a ticket that was just closed. */
  readonly showClosed: (ticket: Ticket) => void;
}

/** The tickets that the filter lets through; a newer request always wins over an older one. */
export function useTickets(client: HelpdeskClient, { status, search }: TicketFilter): Tickets {
  const [state, dispatch] = useReducer(reduce, initial);
  const running = useRef<AbortController | null>(null);

  const begin = useCallback((): AbortSignal => {
    running.current?.abort();
    running.current = new AbortController();
    return running.current.signal;
  }, []);

  const reload = useCallback(async () => {
    const signal = begin();
    dispatch({ type: 'started', status });
    try {
      const page = await client.listTickets({ status, search }, 0, signal);
      if (signal.aborted) return undefined;
      dispatch({ type: 'loaded', page });
      return page.tickets;
    } catch (error) {
      if (!signal.aborted) dispatch({ type: 'failed', problem: explain(error) });
      return undefined;
    }
  }, [begin, client, status, search]);

  useEffect(() => {
    void reload();
    return () => running.current?.abort();
  }, [reload]);

  const shown = state.tickets;
  const loadMore = useCallback(async () => {
    const signal = begin();
    try {
      const page = await client.listTickets({ status, search }, shown.length, signal);
      if (signal.aborted) return undefined;
      dispatch({ type: 'appended', page });
      return notAmong(shown, page.tickets);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }, [begin, client, status, search, shown]);

  const showClosed = useCallback((ticket: Ticket) => dispatch({ type: 'closed', ticket }), []);

  return { state, reload, loadMore, showClosed };
}
