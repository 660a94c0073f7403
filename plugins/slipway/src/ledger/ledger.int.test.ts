import { join } from 'node:path';
import type { LedgerEventBody } from './events';
import { LedgerError } from './ledger';
import { openLedger } from './open-ledger';
import { Repositories } from './testing/repositories';
import { spawnSource } from './testing/spawn';
import { testWorld } from './testing/world';

const CHILD = join(__dirname, 'testing/ledger-child.ts');
const intent = (from: string): LedgerEventBody => ({ kind: 'bump.intent', version: '1.1.0', from });

describe('the ledger', () => {
  let repos: Repositories;
  beforeEach(() => (repos = new Repositories()));
  afterEach(() => repos.remove());

  const open = (root: string, more = {}) => openLedger(testWorld(root), { remote: 'origin', ...more });

  describe('in one repository', () => {
    it('keeps events in order, as commits that a person can read, and touches nothing else', async () => {
      const root = repos.clone('ada');
      const ledger = await open(root);
      expect(await ledger.read('prod')).toEqual([]);
      const first = await ledger.append('prod', intent('a\n\nb "c"'));
      await ledger.append('prod', {
        kind: 'deploy.outcome',
        version: '1.1.0',
        deployment: 'd',
        outcome: 'done',
        services: {},
        reason: '',
      });
      expect((await ledger.read('prod')).map((event) => event.body.kind)).toEqual(['bump.intent', 'deploy.outcome']);
      expect((await (await open(root)).read('prod'))[0]).toEqual(first);
      expect(first).toMatchObject({ by: 'ada <ada@example.org>', body: { from: 'a\n\nb "c"' } });
      expect(repos.git(root, 'log', '--format=%s|%an|%T', 'refs/slipway/ledger/prod').split('\n')).toEqual([
        'deploy prod 1.1.0: done|ada|4b825dc642cb6eb9a060e54bf8d69288fbee4904',
        'bump 1.1.0: begins|ada|4b825dc642cb6eb9a060e54bf8d69288fbee4904',
      ]);
      expect(repos.git(root, 'status', '--porcelain')).toBe('');
      expect(repos.git(root, 'for-each-ref', '--format=%(refname)')).toBe('refs/slipway/ledger/prod');
    });

    it('is not kept here alone where a remote is required that is not there, and says which was meant', async () => {
      const root = repos.clone('ada');
      await expect(open(root, { remote: 'orgin', required: true })).rejects.toMatchObject({
        message: expect.stringContaining('names orgin, a remote that this repository does not have (there is none)'),
      });
      repos.git(root, 'remote', 'add', 'origin', repos.bare());
      const opened = open(root, { remote: 'orgin', required: true });
      await expect(opened).rejects.toBeInstanceOf(LedgerError);
      await expect(opened).rejects.toMatchObject({ remedy: expect.stringMatching(/^write origin in slipway\.json/) });
      await expect(open(root, { remote: 'origin', required: true })).resolves.toBeDefined();
    });

    it('survives garbage collection', async () => {
      const root = repos.clone('ada');
      const ledger = await open(root);
      await ledger.append('prod', intent('a'));
      await ledger.append('prod', intent('b'));
      repos.git(root, 'gc', '--quiet', '--prune=now');
      expect(await (await open(root)).read('prod')).toHaveLength(2);
    });

    it('takes every event of several writers exactly once', async () => {
      const root = repos.clone('ada');
      const ledgers = await Promise.all(Array.from({ length: 4 }, () => open(root)));
      await Promise.all(
        ledgers.flatMap((ledger, w) => [0, 1, 2].map((n) => ledger.append('prod', intent(`${w}-${n}`)))),
      );
      const events = await (await open(root)).read('prod');
      expect(events.map((event) => (event.body.kind === 'bump.intent' ? event.body.from : '')).sort()).toEqual(
        [0, 1, 2, 3].flatMap((w) => [0, 1, 2].map((n) => `${w}-${n}`)),
      );
    });

    it('lets a standing event stand for ours, also one that was written meanwhile', async () => {
      const root = repos.clone('ada');
      const [one, two] = [await open(root), await open(root)];
      const winner = await one.append('prod', intent('a'));
      const stands = await two.append('prod', intent('a'), {
        unless: (events) => events.find((event) => event.body.kind === 'bump.intent') ?? null,
      });
      expect(stands).toEqual(winner);
      expect(await two.read('prod')).toHaveLength(1);
    });

    it('runs no hook', async () => {
      const root = repos.clone('ada');
      repos.hook(join(root, '.git'), 'reference-transaction', 'exit 1');
      await (await open(root)).append('prod', intent('a'));
      expect(repos.git(root, 'rev-list', '--count', 'refs/slipway/ledger/prod')).toBe('1');
    });

    it('signs events where git is configured to, and says so when it can not', async () => {
      const root = repos.clone('ada');
      repos.git(root, 'config', 'gpg.program', 'false');
      const world = testWorld(root);
      await (await openLedger(world, { remote: 'origin' })).append('prod', intent('a'));
      const { finishing: _, ...stoppable } = world;
      const signing = {
        ...stoppable,
        git: {
          ...world.git,
          run: (args: readonly string[], options = {}) =>
            world.git.run(['-c', 'commit.gpgsign=true', ...args], options),
        },
      };
      const ledger = await openLedger(signing, { remote: 'origin' });
      await expect(ledger.append('prod', intent('b'))).rejects.toMatchObject({
        remedy: expect.stringContaining('commit.gpgsign'),
      });
    });

    it('needs to know who writes, and reads without', async () => {
      const ledger = await open(repos.clone('nobody', undefined, null));
      expect(await ledger.read('prod')).toEqual([]);
      await expect(ledger.append('prod', intent('a'))).rejects.toMatchObject({
        name: 'LedgerError',
        remedy: expect.stringContaining('git config user.name'),
      });
    });

    it('refuses a commit that is no event, naming it, and a name that is no stream', async () => {
      const root = repos.clone('ada');
      const tree = repos.git(root, 'hash-object', '-t', 'tree', '-w', '/dev/null');
      const commit = repos.git(root, 'commit-tree', tree, '-m', 'hello');
      repos.git(root, 'update-ref', 'refs/slipway/ledger/prod', commit);
      const ledger = await open(root);
      await expect(ledger.read('prod')).rejects.toThrow(commit);
      await expect(ledger.append('prod', intent('a'))).rejects.toThrow(commit);
      await expect(ledger.read('../heads/main')).rejects.toBeInstanceOf(LedgerError);
    });

    it('writes nothing when it is opened for reading', async () => {
      const root = repos.clone('ada');
      const ledger = await open(root, { readOnly: true });
      await expect(ledger.append('prod', intent('a'))).rejects.toThrow(/reading only/);
      await expect(ledger.acquire('prod', { reason: 'deploy' })).rejects.toThrow(/reading only/);
      expect(repos.git(root, 'for-each-ref')).toBe('');
    });
  });

  describe('with a remote', () => {
    it('is shared: what one appends, the other reads after a refresh', async () => {
      const bare = repos.bare();
      const [ada, bob] = [await open(repos.clone('ada', bare)), await open(repos.clone('bob', bare))];
      const event = await ada.append('prod', intent('a'));
      expect(await bob.read('prod')).toEqual([]);
      await bob.refresh();
      expect(await bob.read('prod')).toEqual([event]);
      await bob.append('prod', intent('b'));
      await ada.append('prod', intent('c'));
      expect((await ada.read('prod')).map((entry) => entry.by)).toEqual([
        'ada <ada@example.org>',
        'bob <bob@example.org>',
        'ada <ada@example.org>',
      ]);
      expect(repos.git(repos.path('ada'), 'rev-list', '--count', 'refs/slipway/ledger/prod')).toBe('3');
    });

    it.each([
      [16, 5, 'refs'],
      [5, 3, 'branch'],
    ] as const)('of %i writers keeps %i events each, once (%s)', async (count, each, store) => {
      const bare = repos.bare();
      const writers = await Promise.all(
        Array.from({ length: count }, (_, w) => open(repos.clone(`w${w}`, bare), { store })),
      );
      await Promise.all(
        writers.map(async (ledger, w) => {
          for (let n = 0; n < each; n++) await ledger.append('prod', intent(`${w}-${n}`));
        }),
      );
      const events = await (await open(repos.clone('reader', bare), { store })).read('prod');
      const froms = events.map(({ body }) => (body.kind === 'bump.intent' ? body.from : ''));
      expect(froms).toHaveLength(count * each);
      expect(new Set(froms).size).toBe(count * each);
      // Each writer's own come in its order.
      for (let w = 0; w < count; w++)
        expect(froms.filter((from) => from.startsWith(`${w}-`))).toEqual(
          Array.from({ length: each }, (_, n) => `${w}-${n}`),
        );
    });

    it('takes every event of several processes of one clone', async () => {
      const bare = repos.bare();
      const root = repos.clone('ada', bare);
      const children = Array.from({ length: 4 }, (_, n) => spawnSource(CHILD, [root, 'append', 'prod', `p${n}`, '3']));
      const ends = await Promise.all(children.map((child) => child.ended()));
      expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(ends.map(() => [0, '']));
      expect(await (await open(repos.clone('reader', bare))).read('prod')).toHaveLength(12);
    });

    it('is left alone by an ordinary clone', async () => {
      const bare = repos.bare();
      const root = repos.clone('ada', bare);
      repos.git(root, 'commit', '--allow-empty', '--quiet', '-m', 'first');
      repos.git(root, 'push', '--quiet', 'origin', 'main');
      await (await open(root)).append('prod', intent('a'));
      repos.git(repos.folder, 'clone', '--quiet', bare, 'cloned');
      expect(repos.git(repos.path('cloned'), 'for-each-ref', 'refs/slipway')).toBe('');
    });

    it('says that the remote can not be reached, and writes nothing here', async () => {
      const bare = repos.bare();
      const root = repos.clone('ada', bare);
      const ledger = await open(root);
      repos.git(root, 'remote', 'set-url', 'origin', repos.path('nowhere.git'));
      await expect(open(root)).rejects.toMatchObject({
        message: expect.stringMatching(
          /can't be reached: .* does not appear to be a git repository; Could not read from remote repository$/,
        ),
        remedy: expect.stringContaining('git ls-remote origin'),
      });
      await expect(ledger.append('prod', intent('a'))).rejects.toMatchObject({ name: 'LedgerError' });
      expect(repos.git(root, 'for-each-ref', 'refs/slipway')).toBe('');
    });

    it('says that the server has no atomic push', async () => {
      const bare = repos.bare();
      repos.git(bare, 'config', 'receive.advertiseAtomic', 'false');
      const ledger = await open(repos.clone('ada', bare));
      await expect(ledger.append('prod', intent('a'))).rejects.toMatchObject({
        message: expect.stringContaining('atomic push'),
        remedy: expect.stringContaining('receive.advertiseAtomic'),
      });
    });

    it('passes on what the server has against a push, and does not try for ever', async () => {
      const bare = repos.bare();
      repos.hook(bare, 'pre-receive', 'echo "no releases on Fridays" >&2; exit 1');
      const ledger = await open(repos.clone('ada', bare));
      await expect(ledger.append('prod', intent('a'))).rejects.toThrow(/no releases on Fridays/);
    });

    it('finds its event again when the reply was lost', async () => {
      const bare = repos.bare();
      const ledger = await open(repos.clone('ada', bare), { timeout: 1_500 });
      repos.hook(bare, 'post-receive', 'sleep 4');
      const event = await ledger.append('prod', intent('a'));
      expect(await ledger.read('prod')).toEqual([event]);
      expect(repos.git(bare, 'rev-list', '--count', 'refs/slipway/ledger/prod')).toBe('1');
    });

    it('says that it is unknown when the remote does not answer at all', async () => {
      const bare = repos.bare();
      const ledger = await open(repos.clone('ada', bare), { timeout: 1_000 });
      repos.hook(bare, 'pre-receive', 'sleep 3; exit 1');
      await expect(ledger.append('prod', intent('a'))).rejects.toThrow(/unknown whether the ledger was written/);
    });

    it('holds the event of a client that was killed in the middle of its push, once the server took it', async () => {
      const bare = repos.bare();
      const root = repos.clone('ada', bare);
      repos.hook(bare, 'post-receive', 'sleep 2');
      const child = spawnSource(CHILD, [root, 'append', 'prod', 'killed']);
      while (repos.git(bare, 'for-each-ref', 'refs/slipway/ledger') === '')
        await new Promise((resolve) => setTimeout(resolve, 20));
      child.process.kill('SIGKILL');
      await child.ended();
      expect((await (await open(root)).read('prod')).map((event) => event.body)).toEqual([intent('killed-0')]);
    });

    it('publishes nothing by itself that was written before there was a remote, and relies on none of it', async () => {
      const root = repos.clone('ada');
      await (await open(root)).append('prod', intent('a'));
      const bare = repos.bare();
      repos.git(root, 'remote', 'add', 'origin', bare);
      const error: unknown = await open(root).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        name: 'LedgerError',
        message: expect.stringContaining("the remote 'origin' does not have"),
      });
      const command = /'(git push [^']*)'/.exec(error instanceof LedgerError ? error.remedy : '')?.[1] ?? '';
      repos.git(root, ...command.split(' ').slice(1));
      expect(await (await open(root)).read('prod')).toHaveLength(1);
    });

    it('stops when the remote was emptied or its history rewritten', async () => {
      const bare = repos.bare();
      const root = repos.clone('ada', bare);
      const ledger = await open(root);
      await ledger.append('prod', intent('a'));
      await ledger.append('prod', intent('b'));
      const tree = repos.git(bare, 'hash-object', '-t', 'tree', '-w', '/dev/null');
      const other = repos.git(root, 'commit-tree', tree, '-m', 'hello');
      repos.git(root, 'push', '--quiet', '--force', 'origin', `${other}:refs/slipway/ledger/prod`);
      await expect(ledger.refresh()).rejects.toThrow(/rewritten/);
      repos.git(bare, 'update-ref', '-d', 'refs/slipway/ledger/prod');
      await expect(open(root)).rejects.toThrow(/does not have/);
      expect(repos.git(root, 'rev-list', '--count', 'refs/slipway/ledger/prod')).toBe('2');
    });

    it('leaves no ref behind when it is opened for reading, and reads what the remote has', async () => {
      const bare = repos.bare();
      const event = await (await open(repos.clone('ada', bare))).append('prod', intent('a'));
      const root = repos.clone('bob', bare);
      const ledger = await open(root, { readOnly: true });
      expect(await ledger.read('prod')).toEqual([event]);
      expect(repos.git(root, 'for-each-ref')).toBe('');
    });
  });
});
