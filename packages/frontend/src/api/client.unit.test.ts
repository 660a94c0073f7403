import { FakeHelpdesk, held, htmlErrorPage, json, wireTicket } from '../testing/fake-helpdesk';
import { ApiError } from './api-error';
import { answerTimeoutMs, createHelpdeskClient } from './client';

const never = new AbortController().signal;
const everything = { status: 'all', search: '' } as const;
const draft = { title: 'No sound', description: 'Since noon', requester: 'ada@example.org', priority: 'high' } as const;

function setUp(tickets = [wireTicket(1)]) {
  const helpdesk = new FakeHelpdesk(tickets);
  return { helpdesk, client: createHelpdeskClient(helpdesk.fetch) };
}

/** `expect.stringContaining`, typed. */
const containing = (text: string): unknown => expect.stringContaining(text);

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => new Error('It succeeded.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe('listing', () => {
  it('asks without a query for everything', async () => {
    const { helpdesk, client } = setUp();
    await client.listTickets(everything, 0, never);
    expect(helpdesk.seen).toMatchObject([{ method: 'GET', path: '/api/tickets/', query: {} }]);
  });

  it('sends status, search and offset, encoded', async () => {
    const { helpdesk, client } = setUp();
    await client.listTickets({ status: 'closed', search: 'a&b=ü' }, 50, never);
    expect(helpdesk.seen).toMatchObject([{ query: { status: 'closed', search: 'a&b=ü', offset: '50' } }]);
  });

  it('gives tickets in the terms of the page', async () => {
    const { client } = setUp([
      wireTicket(7, { status: 'closed', closed_at: '2026-03-05T00:00:00Z', priority: 'urgent' }),
    ]);
    const page = await client.listTickets(everything, 0, never);
    expect(page).toEqual({
      count: 1,
      tickets: [
        {
          id: 7,
          reference: 'HD-000007',
          title: 'Ticket number 7',
          description: '',
          requester: 'ada@example.org',
          priority: 'urgent',
          status: 'closed',
          createdAt: '2026-03-04T10:20:30Z',
          closedAt: '2026-03-05T00:00:00Z',
        },
      ],
    });
  });

  it.each([
    ['no object', null],
    ['a list', []],
    ['results that are no list', { results: {}, count: 0 }],
    ['no count', { results: [] }],
    ['a negative count', { results: [], count: -1 }],
    ['an unknown priority', { results: [wireTicket(1, { priority: 'asap' })], count: 1 }],
    ['an unknown status', { results: [{ ...wireTicket(1), status: 'lost' }], count: 1 }],
    ['a title that is no text', { results: [{ ...wireTicket(1), title: 5 }], count: 1 }],
    ['a ticket that is none', { results: ['HD-000001'], count: 1 }],
  ])('refuses an answer with %s', async (_what, body) => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('GET /api/tickets/', () => json(200, body));
    expect(await failure(client.listTickets(everything, 0, never))).toMatchObject({ kind: 'malformed' });
  });

  it.each([
    [500, 'server'],
    [502, 'server'],
    [403, 'malformed'],
  ])('calls HTTP %s with an HTML page a failure of kind %s', async (status, kind) => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('GET /api/tickets/', () => htmlErrorPage(status));
    const error = await failure(client.listTickets(everything, 0, never));
    expect(error).toMatchObject({ kind, message: containing(String(status)) });
  });

  it('calls an HTML page with HTTP 200 malformed', async () => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('GET /api/tickets/', () => htmlErrorPage(200));
    expect(await failure(client.listTickets(everything, 0, never))).toMatchObject({ kind: 'malformed' });
  });

  it('tells when the server is not there, and keeps the cause', async () => {
    const { helpdesk, client } = setUp();
    const cause = new TypeError('Failed to fetch');
    helpdesk.interruptNext('GET /api/tickets/', () => Promise.reject(cause));
    const error = await failure(client.listTickets(everything, 0, never));
    expect(error).toMatchObject({ kind: 'unreachable', cause, message: containing('cannot be reached') });
  });

  it('tells when the connection breaks within the answer', async () => {
    const { helpdesk, client } = setUp();
    const broken = { status: 200, json: () => Promise.reject(new TypeError('network error')) };
    helpdesk.interruptNext('GET /api/tickets/', () => broken);
    expect(await failure(client.listTickets(everything, 0, never))).toMatchObject({ kind: 'unreachable' });
  });

  it('passes an abort on to the request', async () => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('GET /api/tickets/', held().interruption);
    const controller = new AbortController();
    const answer = failure(client.listTickets(everything, 0, controller.signal));
    controller.abort();
    expect(await answer).toMatchObject({ kind: 'unreachable' });
  });

  it('makes no lasting request for a signal that is aborted already', async () => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('GET /api/tickets/', (_seen, signal) => {
      signal.throwIfAborted();
      return json(200, { results: [], count: 0 });
    });
    expect(await failure(client.listTickets(everything, 0, AbortSignal.abort()))).toMatchObject({
      kind: 'unreachable',
    });
  });

  it('gives up on a server that does not answer', async () => {
    jest.useFakeTimers();
    try {
      const { helpdesk, client } = setUp();
      helpdesk.interruptNext('GET /api/tickets/', held().interruption);
      const answer = failure(client.listTickets(everything, 0, never));
      await jest.advanceTimersByTimeAsync(answerTimeoutMs);
      expect(await answer).toMatchObject({ kind: 'unreachable', message: containing('in time') });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('creating', () => {
  it('sends the draft as JSON and gives the new ticket', async () => {
    const { helpdesk, client } = setUp();
    const ticket = await client.createTicket(draft);
    expect(ticket).toMatchObject({ reference: 'HD-000002', title: 'No sound', priority: 'high', closedAt: null });
    expect(helpdesk.seen).toMatchObject([
      { method: 'POST', path: '/api/tickets/', headers: { 'Content-Type': 'application/json' }, body: draft },
    ]);
  });

  it('gives the reasons of a refusal by field', async () => {
    const { client } = setUp();
    expect(await failure(client.createTicket({ ...draft, requester: 'ada' }))).toMatchObject({
      kind: 'invalid',
      fields: { requester: ['Enter a valid email address.'] },
    });
  });

  it.each([
    ['no reasons', { errors: {} }],
    ['reasons that are no list', { errors: { title: 'wrong' } }],
    ['another shape', { detail: 'wrong' }],
  ])('calls a refusal with %s malformed', async (_what, body) => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('POST /api/tickets/', () => json(400, body));
    expect(await failure(client.createTicket(draft))).toMatchObject({ kind: 'malformed' });
  });

  it('does not take an HTTP 200 for a creation', async () => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('POST /api/tickets/', () => json(200, wireTicket(2)));
    expect(await failure(client.createTicket(draft))).toMatchObject({ kind: 'malformed' });
  });
});

describe('closing', () => {
  it('gives the closed ticket', async () => {
    const { helpdesk, client } = setUp();
    expect(await client.closeTicket(1)).toMatchObject({ id: 1, status: 'closed' });
    expect(helpdesk.seen).toMatchObject([{ method: 'POST', path: '/api/tickets/1/close/' }]);
  });

  it('tells that somebody closed it before', async () => {
    const { client } = setUp([wireTicket(1, { status: 'closed' })]);
    expect(await failure(client.closeTicket(1))).toMatchObject({ kind: 'conflict' });
  });

  it('tells that there is no such ticket', async () => {
    const { client } = setUp([]);
    expect(await failure(client.closeTicket(1))).toMatchObject({ kind: 'missing' });
  });

  it('passes on that the server failed', async () => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('POST', () => json(500, {}));
    expect(await failure(client.closeTicket(1))).toMatchObject({ kind: 'server' });
  });
});

describe('the release', () => {
  it('is what /health/ says', async () => {
    const { client } = setUp();
    expect(await client.release(never)).toEqual({ version: '1.4.2', commit: '0123456789abcdef' });
  });

  it('is not known from an unhealthy answer', async () => {
    const { helpdesk, client } = setUp();
    helpdesk.interruptNext('GET /health/', () => json(503, helpdesk.health));
    expect(await failure(client.release(never))).toMatchObject({ kind: 'server' });
  });
});
