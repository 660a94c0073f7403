import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createGitHubReviews } from './github-reviews';
import { createGitHub, GitHubError } from '../../io/github';

const REPOSITORY = 'acme/desk';
const COMMIT = 'c'.repeat(40);
const HEAD = 'd'.repeat(40);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers like GitHub's API, or as badly as a test wants. */
class Host {
  readonly asked: { readonly url: string; readonly token: string | undefined }[] = [];
  readonly routes = new Map<string, Answer[]>();
  private readonly server: Server = createServer((request, response) => {
    const url = request.url ?? '';
    this.asked.push({ url, token: request.headers.authorization });
    const answers = this.routes.get(url) ?? this.routes.get(url.split('?')[0] ?? '') ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) response.writeHead(404).end('{}');
    else answer(request, response);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  on(path: string, ...answers: readonly Answer[]): void {
    this.routes.set(path, [...answers]);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const json =
  (body: unknown, { status = 200, headers = {} } = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const hangUp: Answer = (request) => void request.socket.destroy();

let host: Host;
let slept: number[];
beforeEach(async () => {
  host = new Host();
  slept = [];
  await host.start();
});
afterEach(() => host.stop());
const client = (timeout = 5_000) => {
  const sleep = async (ms: number) => void slept.push(ms);
  return createGitHub({ api: host.url, token: 'secret-token', clock: { sleep }, timeout });
};
const anything = z.object({ ok: z.boolean() });

describe('the client', () => {
  it('shows its token, and reads all pages', async () => {
    host.on('/list?per_page=100', (request, response) => {
      const link = `<${host.url}/list?per_page=100&page=2>; rel="next", <${host.url}/list?page=2>; rel="last"`;
      json([{ ok: true }], { headers: { link } })(request, response);
    });
    host.on('/list?per_page=100&page=2', json([{ ok: false }]));
    expect(await client().list('/list', anything)).toEqual([{ ok: true }, { ok: false }]);
    expect(host.asked.map(({ token }) => token)).toEqual(['Bearer secret-token', 'Bearer secret-token']);
  });

  it.each<[string, readonly Answer[], readonly number[]]>([
    ['an error of the server', [json({}, { status: 502 }), json({ ok: true })], [500]],
    ['a connection that breaks', [hangUp, json({ ok: true })], [500]],
    ['too many requests', [json({}, { status: 429, headers: { 'retry-after': '3' } }), json({ ok: true })], [3_000]],
    ['a second limit', [json({}, { status: 403, headers: { 'retry-after': '1' } }), json({ ok: true })], [1_000]],
  ])('tries again after %s', async (_what, answers, waits) => {
    host.on('/one', ...answers);
    expect(await client().get('/one', anything)).toEqual({ ok: true });
    expect(slept).toEqual(waits);
  });

  it.each<[string, readonly Answer[], RegExp, number]>([
    ['a server that stays down', [json({}, { status: 500 })], /\/one answered 500/, 4],
    ['a token that is not valid', [json({}, { status: 401 })], /401 \(is the token valid\?\)/, 1],
    ['what is forbidden', [json({}, { status: 403 })], /answered 403/, 1],
    ['a limit that lasts', [json({}, { status: 429, headers: { 'retry-after': '3600' } })], /answered 429/, 1],
    ['what is not there', [], /answered 404/, 1],
    ['another form', [json({ fine: 1 })], /answered in an unknown form \(ok:/, 1],
    ['no JSON', [(_request, response) => void response.end('<html>')], /something else than JSON/, 4],
    [
      'a redirect, which would take the token along',
      [(_r, response) => void response.writeHead(302, { location: '/two' }).end()],
      /answered 302/,
      1,
    ],
  ])('gives up on %s', async (_what, answers, message, asked) => {
    host.on('/one', ...answers);
    await expect(client().get('/one', anything)).rejects.toThrow(message);
    expect(host.asked).toHaveLength(asked);
  });

  it('waits for no answer for ever', async () => {
    host.on('/one', () => undefined);
    await expect(client(50).get('/one', anything)).rejects.toThrow(GitHubError);
  });

  it('takes its token to no other host', async () => {
    host.on('/list?per_page=100', json([], { headers: { link: '<http://localhost:1/list>; rel="next"' } }));
    await expect(client().list('/list', anything)).rejects.toThrow('the API led to another host');
  });
});

describe('reviews', () => {
  const user = (login: string) => ({ login });
  const pull = (change: object = {}) => ({
    number: 7,
    html_url: 'https://github.com/acme/desk/pull/7',
    merged_at: '2026-03-01T00:00:00Z',
    user: user('dana'),
    head: { sha: HEAD },
    base: { repo: { full_name: 'Acme/Desk' } },
    ...change,
  });
  const review = (login: string, state: string, change: object = {}) => ({
    user: user(login),
    state,
    submitted_at: '2026-02-28T00:00:00Z',
    commit_id: HEAD,
    ...change,
  });
  const serve = (pulls: readonly object[], reviews: readonly object[]) => {
    host.on(`/repos/acme/desk/commits/${COMMIT}`, json({ author: user('dana'), committer: user('web-flow') }));
    host.on(`/repos/acme/desk/commits/${COMMIT}/pulls`, json(pulls));
    host.on('/repos/acme/desk/pulls/7/reviews', json(reviews));
  };
  const ask = () => createGitHubReviews(client(), REPOSITORY)(COMMIT);

  it('are those of the merged pull request, with who wrote and opened it, comments left out', async () => {
    serve(
      [pull({ user: user('lee') })],
      [review('robin', 'APPROVED'), review('sam', 'COMMENTED'), review('kim', 'CHANGES_REQUESTED')],
    );
    const found = await ask();
    expect(found).toMatchObject({ head: HEAD, url: 'https://github.com/acme/desk/pull/7' });
    expect(found.authors.map(({ login }) => login)).toEqual(['dana', 'lee']);
    expect(found.reviews.map(({ person, state }) => [person.login, state])).toEqual([
      ['robin', 'approved'],
      ['kim', 'changesRequested'],
    ]);
  });

  it.each([
    ['one that is not merged', [pull({ merged_at: null })]],
    ['one of another repository', [pull({ base: { repo: { full_name: 'mallory/desk' } } })]],
    ['none at all', []],
    ['several', [pull(), pull({ number: 8 })]],
  ])('are none where the pull request is %s', async (_what, pulls) => {
    serve(pulls, [review('robin', 'APPROVED')]);
    expect(await ask()).toMatchObject({ reviews: [], head: null });
  });

  it('of somebody who is gone, or of an unknown commit, prove nothing', async () => {
    serve([pull()], [review('x', 'APPROVED', { user: null }), review('robin', 'APPROVED', { commit_id: null })]);
    expect((await ask()).reviews).toMatchObject([{ person: { login: 'robin' }, commit: '' }]);
  });

  it('are asked for once for each pull request', async () => {
    serve([pull()], []);
    const reviews = createGitHubReviews(client(), REPOSITORY);
    await reviews(COMMIT);
    await reviews(COMMIT);
    expect(host.asked.filter(({ url }) => url.includes('/reviews'))).toHaveLength(1);
  });
});
