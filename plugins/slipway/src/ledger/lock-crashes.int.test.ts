import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEventBody } from './events';
import { LedgerError, LockHeldError, type Ledger } from './ledger';
import { openLedger } from './open-ledger';
import { Repositories } from './testing/repositories';
import { spawnSource, type Child } from './testing/spawn';
import { testWorld, type TestWorld } from './testing/world';

const CHILD = join(__dirname, 'testing/ledger-child.ts');
const HOUR = 3_600_000;
/** Milliseconds that locks last without a beat here. */
const TTL = 1_500;
const event: LedgerEventBody = { kind: 'bump.intent', version: '1.1.0', from: 'a' };
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let repos: Repositories;
let bare: string;
let world: TestWorld;
let ledger: Ledger;
let eve: TestWorld | null = null;
const children: Child[] = [];
beforeEach(async () => {
  repos = new Repositories();
  bare = repos.bare();
  world = testWorld(repos.clone('bob', bare));
  ledger = await openLedger(world, { remote: 'origin', uptime: world.uptime });
});
afterEach(() => {
  world.requestStop();
  eve?.requestStop();
  for (const child of children.splice(0)) child.process.kill('SIGKILL');
  repos.remove();
});

describe('a lock of another machine', () => {
  /** A process that holds it, as if it ran elsewhere. */
  const holder = async (): Promise<Child> => {
    const child = spawnSource(CHILD, [repos.clone('ada', bare), 'hold', 'prod', String(TTL)], {
      env: { LEDGER_HOST: 'elsewhere.example' },
    });
    children.push(child);
    await child.line((line) => line === 'held');
    return child;
  };
  const taken = async () => (await ledger.read('prod')).map(({ body }) => body);

  it('is held for as long as its process lives, whatever clocks say', async () => {
    await holder();
    await pause(2 * TTL);
    await expect(ledger.acquire('prod', { reason: 'rollback' })).rejects.toBeInstanceOf(LockHeldError);
    world.wrong = HOUR;
    await expect(ledger.acquire('prod', { reason: 'rollback' })).rejects.toMatchObject({
      info: { host: 'elsewhere.example' },
    });
    expect(await taken()).toEqual([]);
  });

  it('is taken over soon after that machine is lost, also by whoever does not wait', async () => {
    const child = await holder();
    child.process.kill('SIGKILL');
    await child.ended();
    await pause(TTL);
    const begun = performance.now();
    await ledger.acquire('prod', { reason: 'rollback' });
    // Not at once: that its time is over is known by a clock that may be wrong.
    expect(performance.now() - begun).toBeGreaterThan(TTL - 200);
    expect(world.lines).toEqual([
      expect.stringMatching(/^Waiting: the lock of prod has run out, but clocks may be wrong/),
    ]);
    expect(await taken()).toEqual([
      expect.objectContaining({ kind: 'lock.taken', reason: expect.stringMatching(/^it was not renewed for \d+ s/) }),
    ]);
  });

  it('is taken over at once by a command that is run again, having seen it long enough', async () => {
    const child = await holder();
    child.process.kill('SIGKILL');
    await child.ended();
    await expect(ledger.acquire('prod', { reason: 'rollback' })).rejects.toBeInstanceOf(LockHeldError);
    await pause(TTL + 100);
    const again = await openLedger(world, { remote: 'origin', uptime: world.uptime });
    const begun = performance.now();
    await again.acquire('prod', { reason: 'rollback' });
    expect(performance.now() - begun).toBeLessThan(TTL - 200);
  });

  it('is lost to a process that was frozen, before it does anything more', async () => {
    const child = await holder();
    child.process.kill('SIGSTOP');
    await ledger.acquire('prod', { reason: 'rollback', wait: 4 * TTL });
    child.process.kill('SIGCONT');
    child.process.kill('SIGUSR2');
    expect(await child.line((line) => line !== 'held')).toBe('FenceLostError');
  });
});

describe('a push whose reply is lost', () => {
  it('is made once: the event is there, and the lock is held, then free', async () => {
    repos.hook(bare, 'post-receive', 'kill -9 $PPID');
    const lock = await ledger.acquire('prod', { reason: 'deploy' });
    const stored = await ledger.append('prod', event, { lock });
    await lock.check();
    expect(await ledger.read('prod')).toEqual([stored]);
    await lock.release();
    rmSync(join(bare, 'hooks/post-receive'));
    await ledger.refresh();
    expect([await ledger.lock('prod'), await ledger.read('prod')]).toEqual([null, [stored]]);
  });

  it('keeps no lock from being freed, when reading back failed as well', async () => {
    const lock = await ledger.acquire('prod', { reason: 'deploy' });
    repos.hook(bare, 'post-receive', `mv ${bare} ${bare}.away; kill -9 $PPID`);
    await expect(ledger.append('prod', event, { lock })).rejects.toThrow(/unknown whether the ledger was written/);
    await expect(lock.release()).rejects.toBeInstanceOf(LedgerError);
    expect(existsSync(bare)).toBe(false);
    renameSync(`${bare}.away`, bare);
    rmSync(join(bare, 'hooks/post-receive'));
    await lock.release();
    await ledger.refresh();
    expect(await ledger.lock('prod')).toBeNull();
    expect((await ledger.read('prod')).map(({ body }) => body)).toEqual([event]);
  });
});

it('a lock that is not asked for any more, because the step is being stopped, is given back', async () => {
  repos.hook(bare, 'post-receive', 'sleep 1');
  const acquiring = ledger.acquire('prod', { reason: 'deploy' });
  while (repos.ledgerHead(bare, 'refs/slipway/lock/prod') === '') await pause(20);
  world.requestStop();
  await expect(acquiring).rejects.toMatchObject({ failure: 'stopped' });
  const other = await openLedger(testWorld(repos.clone('eve', bare)), { remote: 'origin' });
  expect(await other.lock('prod')).toBeNull();
});

it('a lock that can not be renewed says so once, and is told as lost once someone took it', async () => {
  const lock = await ledger.acquire('prod', { reason: 'deploy', ttl: 2_000 });
  const line = async (number: number) => {
    while (world.lines.length < number) await pause(50);
    return world.lines[number - 1];
  };
  renameSync(bare, `${bare}.away`);
  expect(await line(1)).toMatch(/^The lock of prod could not be renewed .*can't be reached/);
  await pause(1_200);
  expect(world.lines).toHaveLength(1);
  renameSync(`${bare}.away`, bare);
  await lock.check();
  eve = testWorld(repos.clone('eve', bare));
  await (await openLedger(eve, { remote: 'origin' })).acquire('prod', { reason: 'rollback', steal: 'it hangs' });
  expect(await line(2)).toMatch(/^The lock of prod was taken from us by eve .*; nothing more was written$/);
  // Found out by a beat: the remote needs not be asked any more.
  renameSync(bare, `${bare}.away`);
  await expect(lock.check()).rejects.toThrow(/taken from us by eve/);
});
