import type { Fetch, HttpAnswer, HttpRequest } from '../api/client';

/** A ticket as it travels: the API's own field names. */
export interface WireTicket {
  id: number;
  title: string;
  description: string;
  requester: string;
  priority: string;
  status: 'open' | 'closed';
  reference: string;
  created_at: string;
  closed_at: string | null;
}

const now = '2026-03-04T10:20:30Z';

export function wireTicket(id: number, change: Partial<WireTicket> = {}): WireTicket {
  return {
    id,
    title: `Ticket number ${id}`,
    description: '',
    requester: 'ada@example.org',
    priority: 'normal',
    status: 'open',
    reference: `HD-${String(id).padStart(6, '0')}`,
    created_at: now,
    closed_at: null,
    ...change,
  };
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** Answers one request instead of the server: a status with a body, or what `act` throws. */
export type Interruption = (request: Seen, signal: AbortSignal) => HttpAnswer | Promise<HttpAnswer>;

/**
 * The Helpdesk's API in memory, behind the `Fetch` that the client takes. `interruptNext` replaces
 * the answer to the next request whose "METHOD path" starts with the given text, once.
 */
export class FakeHelpdesk {
  readonly seen: Seen[] = [];
  health: unknown = { status: 'ok', version: '1.4.2', commit: '0123456789abcdef' };
  pageSize = 50;
  private readonly interruptions: { on: string; act: Interruption }[] = [];

  constructor(public tickets: WireTicket[] = []) {}

  interruptNext(on: string, act: Interruption): void {
    this.interruptions.push({ on, act });
  }

  /** The requests so far whose "METHOD path" is this. */
  requests(to: string): Seen[] {
    return this.seen.filter(({ method, path }) => `${method} ${path}` === to);
  }

  readonly fetch: Fetch = async (url, request) => {
    const seen = read(url, request);
    this.seen.push(seen);
    const to = `${seen.method} ${seen.path}`;
    const at = this.interruptions.findIndex(({ on }) => to.startsWith(on));
    const [interruption] = at < 0 ? [] : this.interruptions.splice(at, 1);
    if (interruption) return interruption.act(seen, request.signal);
    return this.answer(to, seen);
  };

  private answer(to: string, seen: Seen): HttpAnswer {
    if (to === 'GET /health/') return json(200, this.health);
    if (to === 'GET /api/tickets/') return json(200, this.list(seen.query));
    if (to === 'POST /api/tickets/') return this.create(seen.body as Partial<WireTicket>);
    const id = /^POST \/api\/tickets\/(\d+)\/close\/$/.exec(to)?.[1];
    return id === undefined ? json(404, { errors: { path: ['There is nothing here.'] } }) : this.close(Number(id));
  }

  private list({ status, search = '', offset = '0' }: Record<string, string>): unknown {
    const found = this.tickets
      .filter((ticket) => status === undefined || ticket.status === status)
      .filter((ticket) => `${ticket.title} ${ticket.description}`.toLowerCase().includes(search.toLowerCase()))
      .sort((one, other) => other.id - one.id);
    const from = Number(offset);
    return {
      results: found.slice(from, from + this.pageSize),
      count: found.length,
      limit: this.pageSize,
      offset: from,
    };
  }

  private create(draft: Partial<WireTicket>): HttpAnswer {
    if (!draft.requester?.includes('@')) return json(400, { errors: { requester: ['Enter a valid email address.'] } });
    const id = Math.max(0, ...this.tickets.map((ticket) => ticket.id)) + 1;
    const ticket = wireTicket(id, draft);
    this.tickets.push(ticket);
    return json(201, ticket);
  }

  private close(id: number): HttpAnswer {
    const ticket = this.tickets.find((one) => one.id === id);
    if (!ticket) return json(404, { errors: { id: [`There is no ticket ${id}.`] } });
    if (ticket.status === 'closed') return json(409, { errors: { status: ['It is already closed.'] } });
    Object.assign(ticket, { status: 'closed', closed_at: now });
    return json(200, ticket);
  }
}

export function json(status: number, body: unknown): HttpAnswer {
  // A round trip, so that nobody shares objects with the "server".
  return { status, json: () => Promise.resolve(JSON.parse(JSON.stringify(body)) as unknown) };
}

/** What a proxy answers for a backend that is gone. */
export function htmlErrorPage(status: number): HttpAnswer {
  return { status, json: () => new Promise((resolve) => resolve(JSON.parse('<html>'))) };
}

/** An answer that comes when the test says so, or never. */
export function held(): { interruption: Interruption; release: (answer: HttpAnswer) => void } {
  let release: (answer: HttpAnswer) => void = () => undefined;
  const answer = new Promise<HttpAnswer>((resolve) => {
    release = resolve;
  });
  const interruption: Interruption = (_request, signal) =>
    Promise.race([
      answer,
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('The request was aborted.', 'AbortError')));
      }),
    ]);
  return { interruption, release: (value) => release(value) };
}

function read(url: string, { method, headers, body }: HttpRequest): Seen {
  const { pathname, searchParams } = new URL(url, 'http://helpdesk.test');
  return {
    method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers,
    body: body === undefined ? undefined : (JSON.parse(body) as unknown),
  };
}
