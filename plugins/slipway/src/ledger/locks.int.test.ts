import { join } from 'node:path';
import type { LedgerEventBody } from './events';
import { FenceLostError, LockHeldError, type Ledger } from './ledger';
import { openLedger } from './open-ledger';
import { Repositories } from './testing/repositories';
import { spawnSource } from './testing/spawn';
import { testWorld, type TestWorld } from './testing/world';

const CHILD = join(__dirname, 'testing/ledger-child.ts');
const HOUR = 3_600_000;
const event: LedgerEventBody = {
  kind: 'deploy.outcome',
  version: '1.1.0',
  deployment: 'd',
  outcome: 'done',
  services: {},
  reason: '',
};

describe.each(['in one repository', 'on a remote', 'in a branch of a remote'])('a lock %s', (where) => {
  let repos: Repositories;
  let bare: string | undefined;
  const worlds: TestWorld[] = [];
  const store = where === 'in a branch of a remote' ? 'branch' : 'refs';
  beforeEach(() => {
    repos = new Repositories();
    bare = where === 'in one repository' ? undefined : repos.bare();
    if (bare === undefined) repos.clone('shared');
  });
  afterEach(() => {
    // Locks that are still held are not renewed any more.
    for (const world of worlds.splice(0)) world.requestStop();
    repos.remove();
  });

  /** A ledger of its own: another clone where there is a remote, the same repository where there is none. */
  async function party(
    name: string,
  ): Promise<{ readonly ledger: Ledger; readonly world: TestWorld; readonly root: string }> {
    const root = bare === undefined ? repos.path('shared') : repos.clone(name, bare);
    const world = testWorld(root);
    worlds.push(world);
    return { ledger: await openLedger(world, { remote: 'origin', store, uptime: world.uptime }), world, root };
  }
  /** Where the truth is. */
  const truth = (ref: string) => repos.ledgerHead(bare ?? repos.path('shared'), ref);

  it('is held by one, who is named to others, until it is released', async () => {
    const [ada, bob] = [await party('ada'), await party('bob')];
    const lock = await ada.ledger.acquire('prod', { reason: 'deploy 1.1.0' });
    const refused: unknown = await bob.ledger.acquire('prod', { reason: 'rollback' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LockHeldError);
    expect(refused).toMatchObject({
      info: { ...lock.info },
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(lock.info).toMatchObject({ environment: 'prod', reason: 'deploy 1.1.0', pid: process.pid });
    await bob.ledger.refresh();
    expect(await bob.ledger.lock('prod')).toEqual(lock.info);
    await lock.release();
    await lock.release();
    await bob.ledger.refresh();
    expect(await bob.ledger.lock('prod')).toBeNull();
    await (await bob.ledger.acquire('prod', { reason: 'rollback' })).release();
    expect(await bob.ledger.read('prod')).toEqual([]);
  });

  it('advances with every event that is written under it, in one step', async () => {
    const { ledger } = await party('ada');
    const lock = await ledger.acquire('prod', { reason: 'deploy' });
    const before = truth('refs/slipway/lock/prod');
    await ledger.append('prod', event, { lock });
    expect(truth('refs/slipway/lock/prod')).not.toBe(before);
    await lock.check();
    await ledger.append('prod', event, { lock });
    await lock.release();
    await expect(lock.check()).rejects.toBeInstanceOf(FenceLostError);
    await expect(ledger.append('prod', event, { lock })).rejects.toBeInstanceOf(FenceLostError);
    expect(await ledger.read('prod')).toHaveLength(2);
  });

  it('renews its expiry as time goes by', async () => {
    const { ledger, world } = await party('ada');
    const lock = await ledger.acquire('prod', { reason: 'deploy', ttl: HOUR });
    const { expires } = lock.info;
    const at = truth('refs/slipway/lock/prod');
    await lock.check();
    expect(truth('refs/slipway/lock/prod')).toBe(at);
    world.ahead = 10_000;
    await lock.check();
    expect(truth('refs/slipway/lock/prod')).not.toBe(at);
    expect(Date.parse(lock.info.expires)).toBeGreaterThanOrEqual(Date.parse(expires) + 9_000);
  });

  it('that expired is taken over, which is recorded; its holder writes nothing more', async () => {
    const [ada, bob] = [await party('ada'), await party('bob')];
    const lost = await ada.ledger.acquire('prod', { reason: 'deploy 1.1.0', ttl: HOUR, version: '1.1.0' });
    await ada.ledger.append('prod', event, { lock: lost });
    bob.world.ahead = 2 * HOUR;
    const mine = await bob.ledger.acquire('prod', { reason: 'rollback' });
    expect((await bob.ledger.read('prod')).at(-1)?.body).toEqual({
      kind: 'lock.taken',
      version: '1.1.0',
      from: expect.stringContaining(`process ${process.pid}`),
      reason: expect.stringMatching(/^it was not renewed for 7\d\d\d s and had to be every 3600 s$/),
    });

    const heads = [truth('refs/slipway/ledger/prod'), truth('refs/slipway/lock/prod')];
    await expect(ada.ledger.append('prod', event, { lock: lost })).rejects.toMatchObject({
      name: 'FenceLostError',
      message: expect.stringMatching(/by .* for rollback \(.*: it was not renewed/),
    });
    ada.world.ahead = 10_000;
    await expect(lost.check()).rejects.toBeInstanceOf(FenceLostError);
    await lost.release();
    expect([truth('refs/slipway/ledger/prod'), truth('refs/slipway/lock/prod')]).toEqual(heads);
    await mine.check();
  });

  it('is lost to its holder also when the new one has come and gone', async () => {
    const [ada, bob] = [await party('ada'), await party('bob')];
    const lost = await ada.ledger.acquire('prod', { reason: 'deploy' });
    bob.world.ahead = HOUR;
    await (await bob.ledger.acquire('prod', { reason: 'rollback' })).release();
    await expect(ada.ledger.append('prod', event, { lock: lost })).rejects.toMatchObject({
      message: expect.stringContaining('is free now'),
    });
    expect((await bob.ledger.read('prod')).map(({ body }) => body.kind)).toEqual(['lock.taken']);
  });

  it('can be broken with a reason, which is recorded and told to whoever held it', async () => {
    const [ada, bob, eve] = [await party('ada'), await party('bob'), await party('eve')];
    const lost = await ada.ledger.acquire('prod', { reason: 'deploy 1.1.0', version: '1.1.0' });
    const command = 'npx nx release-rollback platform --env=prod';
    await expect(bob.ledger.acquire('prod', { reason: 'rollback', command })).rejects.toMatchObject({
      message: expect.stringMatching(/since \S+ \(\d+ s ago\) for deploy 1\.1\.0$/),
      remedy: expect.stringMatching(/held until \S+, .* or break it: npx nx .* --env=prod --steal="<reason>"$/),
    });
    await expect(bob.ledger.acquire('prod', { reason: 'rollback', steal: '  ' })).rejects.toThrow(/without a reason/);
    const mine = await bob.ledger.acquire('prod', { reason: 'rollback', steal: 'ada went home' });
    expect((await bob.ledger.read('prod')).map(({ body }) => body)).toEqual([
      {
        kind: 'lock.taken',
        version: '1.1.0',
        from: expect.stringMatching(/ <.*> \(process \d+ on .*, for deploy 1\.1\.0\)/),
        reason: `it was broken while it was valid until ${lost.info.expires}`,
        stolen: 'ada went home',
      },
    ]);
    const told = /taken from us by .* for rollback \(.*@example\.org>: ada went home\); nothing more was written$/;
    await expect(ada.ledger.append('prod', event, { lock: lost })).rejects.toThrow(told);
    await expect(lost.check()).rejects.toThrow(told);
    await mine.release();
    // Where there is nothing to break, nothing is recorded.
    await eve.ledger.acquire('prod', { reason: 'verify', steal: 'in case' });
    expect(await eve.ledger.read('prod')).toHaveLength(1);
  });

  it('is freed in one step with the last event', async () => {
    const [ada, bob] = [await party('ada'), await party('bob')];
    const lock = await ada.ledger.acquire('prod', { reason: 'deploy' });
    await ada.ledger.append('prod', event, { lock, release: true });
    await bob.ledger.refresh();
    expect([await bob.ledger.lock('prod'), await bob.ledger.read('prod')]).toEqual([null, [expect.anything()]]);
    await lock.release();
    await expect(lock.check()).rejects.toBeInstanceOf(FenceLostError);
  });

  it('of a dead process is taken over at once', async () => {
    const dying = await party('dying');
    const child = spawnSource(CHILD, [dying.root, 'hold', 'prod'], { env: { LEDGER_STORE: store } });
    await child.line((line) => line === 'held');
    const bob = await party('bob');
    await expect(bob.ledger.acquire('prod', { reason: 'rollback' })).rejects.toMatchObject({
      info: { pid: child.process.pid },
    });
    child.process.kill('SIGKILL');
    await child.ended();
    await bob.ledger.acquire('prod', { reason: 'rollback' });
    expect((await bob.ledger.read('prod')).at(-1)?.body).toMatchObject({
      kind: 'lock.taken',
      reason: expect.stringContaining('is gone'),
    });
  });

  it('of a process elsewhere is not taken over: its life is not known here', async () => {
    const { root } = await party('ada');
    const gone = { host: 'elsewhere.example', pid: 999_999_999, started: '1', boot: 'b', namespace: 'n' };
    const far = await openLedger(testWorld(root), { remote: 'origin', store, process: gone });
    await far.acquire('prod', { reason: 'deploy' });
    await expect((await party('bob')).ledger.acquire('prod', { reason: 'rollback' })).rejects.toMatchObject({
      info: { host: 'elsewhere.example' },
    });
  });

  it('is waited for, saying who holds it', async () => {
    const [ada, bob] = [await party('ada'), await party('bob')];
    const lock = await ada.ledger.acquire('prod', { reason: 'deploy 1.1.0' });
    const waiting = bob.ledger.acquire('prod', { reason: 'rollback', wait: 60_000 });
    while (bob.world.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bob.world.lines).toEqual([expect.stringMatching(/^Waiting: prod is locked by .* for deploy 1\.1\.0/)]);
    await lock.release();
    expect((await waiting).info.reason).toBe('rollback');
  });

  it('gives up waiting in the end', async () => {
    const [ada, bob] = [await party('ada'), await party('bob')];
    await ada.ledger.acquire('prod', { reason: 'deploy' });
    await expect(bob.ledger.acquire('prod', { reason: 'rollback', wait: 1_200 })).rejects.toBeInstanceOf(LockHeldError);
  });

  it('that can not be read is neither free nor taken over', async () => {
    const { ledger, root } = await party('ada');
    const tree = repos.git(root, 'hash-object', '-t', 'tree', '-w', '/dev/null');
    const commit = repos.git(root, 'commit-tree', tree, '-m', 'hello');
    if (bare === undefined) repos.git(root, 'update-ref', 'refs/slipway/lock/prod', commit);
    else if (store === 'branch') {
      const refs = { 'refs/slipway/lock/prod': commit };
      const tip = repos.git(root, 'commit-tree', tree, '-p', commit, '-m', `tip\n\n${JSON.stringify({ v: 1, refs })}`);
      repos.git(root, 'push', '--quiet', 'origin', `${tip}:refs/heads/slipway/ledger`);
    } else repos.git(root, 'push', '--quiet', 'origin', `${commit}:refs/slipway/lock/prod`);
    await expect(ledger.acquire('prod', { reason: 'deploy' })).rejects.toThrow(commit);
  });
});

it('a lock stolen while the server takes the push takes the event down with it', async () => {
  const repos = new Repositories();
  const worlds: TestWorld[] = [];
  try {
    const bare = repos.bare();
    const [ada, bob] = await Promise.all(
      ['ada', 'bob'].map((name) => {
        const world = testWorld(repos.clone(name, bare));
        worlds.push(world);
        return openLedger(world, { remote: 'origin' });
      }),
    );
    const lost = await ada?.acquire('prod', { reason: 'deploy' });
    await bob?.acquire('staging', { reason: 'rollback' });
    // The client has checked its leases by now. Hooks may not move refs from inside a push, unless they forget that they are in one.
    repos.hook(
      bare,
      'pre-receive',
      'unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\ngit update-ref refs/slipway/lock/prod refs/slipway/lock/staging',
    );
    await expect(ada?.append('prod', event, { lock: lost })).rejects.toMatchObject({
      name: 'FenceLostError',
      message: expect.stringContaining('by bob'),
    });
    expect(repos.git(bare, 'for-each-ref', 'refs/slipway/ledger')).toBe('');
  } finally {
    for (const world of worlds) world.requestStop();
    repos.remove();
  }
});

describe('a lock that was seen to be free', () => {
  let repos: Repositories;
  let bare: string;
  const worlds: TestWorld[] = [];
  beforeEach(() => {
    repos = new Repositories();
    bare = repos.bare();
  });
  afterEach(() => {
    for (const world of worlds.splice(0)) world.requestStop();
    repos.remove();
  });
  const worldOf = (name: string): TestWorld => {
    const world = testWorld(repos.clone(name, bare));
    worlds.push(world);
    return world;
  };

  it('is undisturbed where nobody had it since the ledger was read', async () => {
    const ada = await openLedger(worldOf('ada'), { remote: 'origin' });
    const first = await ada.acquire('prod', { reason: 'deploy' });
    expect(first.undisturbed).toBe(true);
    await ada.append('prod', event, { lock: first, release: true });
    const again = await ada.acquire('prod', { reason: 'verify' });
    expect(again.undisturbed).toBe(true);
    await again.release();
  });

  it('is not undisturbed where somebody came and went meanwhile', async () => {
    const ada = await openLedger(worldOf('ada'), { remote: 'origin' });
    const bob = await openLedger(worldOf('bob'), { remote: 'origin' });
    const his = await bob.acquire('prod', { reason: 'deploy' });
    await bob.append('prod', event, { lock: his, release: true });
    const hers = await ada.acquire('prod', { reason: 'rollback' });
    expect(hers.undisturbed).toBe(false);
    expect(await ada.read('prod')).toHaveLength(1);
    await hers.release();
  });

  it('brings its stream along, also where the server told the stream as it was before', async () => {
    const ada = await openLedger(worldOf('ada'), { remote: 'origin' });
    const first = await ada.acquire('prod', { reason: 'deploy' });
    await ada.append('prod', event, { lock: first });
    const world = worldOf('bob');
    await openLedger(world, { remote: 'origin' });
    const before = repos.git(bare, 'rev-parse', 'refs/slipway/ledger/prod');
    await ada.append('prod', event, { lock: first, release: true });
    // Of two refs that one push moves, a reader may get the first as it was and the second as it is.
    const { finishing } = world;
    if (finishing === undefined) throw new Error('the world of a test has it');
    let torn = false;
    const run: typeof finishing.git.run = async (args, options) => {
      const result = await finishing.git.run(args, options);
      if (torn || !args.includes('for-each-ref')) return result;
      torn = true;
      const stdout = result.stdout.replace(
        /^[0-9a-f]+(?= refs\/slipway\/remotes\/origin\/slipway\/ledger\/prod$)/m,
        before,
      );
      expect(stdout).not.toBe(result.stdout);
      return { ...result, stdout };
    };
    const bob = await openLedger(
      { ...world, finishing: { ...finishing, git: { ...finishing.git, run } } },
      { remote: 'origin' },
    );
    expect(torn).toBe(true);
    expect(await bob.read('prod')).toHaveLength(1);
    const lock = await bob.acquire('prod', { reason: 'rollback' });
    expect(await bob.read('prod')).toHaveLength(2);
    await lock.release();
  });
});

// Races are decided by the same code; the branch only has to lose them as it should.
it.each([
  [100, 'refs'],
  [20, 'branch'],
] as const)('goes to exactly one of %i racers (%s)', async (racers, store) => {
  const repos = new Repositories();
  const worlds: TestWorld[] = [];
  try {
    const bare = repos.bare();
    const clones = Array.from({ length: 10 }, (_, n) => repos.clone(`p${n}`, bare));
    const ledgers = await Promise.all(
      Array.from({ length: racers }, (_, n) => {
        const world = testWorld(clones[n % clones.length] ?? '');
        worlds.push(world);
        return openLedger(world, { remote: 'origin', store });
      }),
    );
    const results = await Promise.allSettled(
      ledgers.map((ledger, n) => ledger.acquire('prod', { reason: `racer ${n}` })),
    );
    const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.info.reason] : []));
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ name: 'LockHeldError', info: { reason: winners[0] } });
    }
  } finally {
    for (const world of worlds) world.requestStop();
    repos.remove();
  }
});
