import { ApiError } from './api-error';
import { decodeFieldErrors, decodePage, decodeRelease, decodeTicket } from './decode';
import type { Release, Ticket, TicketDraft, TicketFilter, TicketPage } from './tickets';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  json(): Promise<unknown>;
}

/** The part of `window.fetch` that the client uses. */
export type Fetch = (url: string, request: HttpRequest) => Promise<HttpAnswer>;

/** The Helpdesk's API on the page's own origin. Every method rejects with `ApiError`. */
export interface HelpdeskClient {
  /** Tickets the filter lets through, newest first, from the `offset`-th on. */
  listTickets(filter: TicketFilter, offset: number, signal: AbortSignal): Promise<TicketPage>;
  /** `invalid` when the server refuses a field. */
  createTicket(draft: TicketDraft): Promise<Ticket>;
  /** `conflict` when it was closed already, `missing` when there is no such ticket. */
  closeTicket(id: number): Promise<Ticket>;
  /** The release that serves this page. */
  release(signal: AbortSignal): Promise<Release>;
}

export const answerTimeoutMs = 15_000;

export function createHelpdeskClient(fetch: Fetch): HelpdeskClient {
  const send = (method: HttpRequest['method'], url: string, body?: unknown, signal?: AbortSignal): Promise<Answer> =>
    exchange(fetch, method, url, body, signal);

  return {
    async listTickets(filter, offset, signal) {
      const query = new URLSearchParams();
      if (filter.status !== 'all') query.set('status', filter.status);
      if (filter.search !== '') query.set('search', filter.search);
      if (offset > 0) query.set('offset', String(offset));
      const { status, body } = await send('GET', `/api/tickets/?${query}`.replace(/\?$/, ''), undefined, signal);
      if (status !== 200) throw unexpected(status);
      return decodePage(body);
    },

    async createTicket(draft) {
      const { status, body } = await send('POST', '/api/tickets/', draft);
      if (status === 400) {
        throw new ApiError(
          'invalid',
          'The ticket was not created. Some fields need your attention.',
          decodeFieldErrors(body),
        );
      }
      if (status !== 201) throw unexpected(status);
      return decodeTicket(body);
    },

    async closeTicket(id) {
      const { status, body } = await send('POST', `/api/tickets/${id}/close/`, {});
      if (status === 409) throw new ApiError('conflict', 'The ticket was closed already.');
      if (status === 404) throw new ApiError('missing', 'The ticket no longer exists.');
      if (status !== 200) throw unexpected(status);
      return decodeTicket(body);
    },

    async release(signal) {
      const { status, body } = await send('GET', '/health/', undefined, signal);
      if (status !== 200) throw unexpected(status);
      return decodeRelease(body);
    },
  };
}

interface Answer {
  readonly status: number;
  /** The JSON body, or undefined where the body is not JSON. */
  readonly body: unknown;
}

async function exchange(
  fetch: Fetch,
  method: HttpRequest['method'],
  url: string,
  body: unknown,
  outer?: AbortSignal,
): Promise<Answer> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, answerTimeoutMs);
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort);
  try {
    const answer = await fetch(url, {
      method,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: controller.signal,
    });
    return { status: answer.status, body: await jsonOf(answer) };
  } catch (cause) {
    const why = controller.signal.aborted && !outer?.aborted ? 'did not answer in time' : 'cannot be reached';
    throw new ApiError('unreachable', `The Helpdesk ${why}. Check your connection and try again.`, {}, cause);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  }
}

/** A proxy's error page is HTML: its status decides then, and a decoder refuses a body that is missing. */
async function jsonOf(answer: HttpAnswer): Promise<unknown> {
  try {
    return await answer.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unexpected(status: number): ApiError {
  return status >= 500
    ? new ApiError('server', `The Helpdesk has a problem (HTTP ${status}). Try again in a moment.`)
    : new ApiError('malformed', `The server refused in a way that this page does not understand (HTTP ${status}).`);
}
