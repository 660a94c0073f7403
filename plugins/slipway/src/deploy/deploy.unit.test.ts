import type { DeployedRelease } from '../ledger/events';
import { foldEnvironment } from '../ledger/state';
import { createMemoryDriver } from '../testing/memory-driver';
import { createMemoryLedger } from '../testing/memory-ledger';
import { createTestWorld } from '../testing/test-world';
import { deploy } from './deploy';
import { rollback } from './rollback';

const commands = { deploy: 'run deploy', verify: 'run verify', rollback: 'run rollback', status: 'run status' };

function release(version: string): DeployedRelease {
  const digit = version.replaceAll('.', '');
  return { version, commit: digit.padEnd(40, '0'), services: { web: `sha256:${digit.padEnd(64, '0')}` } };
}

function setUp() {
  const world = createTestWorld();
  const ledger = createMemoryLedger();
  const driver = createMemoryDriver();
  const step = { world, ledger, environment: 'prod', commands };
  const state = async () => foldEnvironment(await ledger.read('prod'));
  const ship = (version: string) => deploy({ ...step, driver, release: release(version) });
  /** Deploys a version and records that it was verified. */
  const verified = async (version: string) => {
    expect((await ship(version)).kind).toBe('done');
    const { current } = await state();
    await ledger.given('prod', {
      kind: 'verify.outcome',
      version,
      deployment: current?.deployment ?? '',
      health: 'healthy',
      services: release(version).services,
      measurements: [],
      reason: 'all passed',
    });
  };
  const back = (change: Partial<Parameters<typeof rollback>[0]> = {}) =>
    rollback({ ...step, driver, automatic: false, reason: 'asked for', ...change });
  return { world, ledger, driver, step, state, ship, verified, back };
}

describe('deploy', () => {
  it('writes its intent before and its outcome after, and frees the lock', async () => {
    const { ledger, driver, ship, state } = setUp();
    driver.beforeApply = () => expect(ledger.kinds('prod')).toEqual(['deploy.intent']);
    expect(await ship('1.0.0')).toMatchObject({ kind: 'done', summary: expect.stringContaining('prod serves 1.0.0') });
    expect(ledger.kinds('prod')).toEqual(['deploy.intent', 'deploy.outcome']);
    expect((await state()).current).toMatchObject(release('1.0.0'));
    expect(await ledger.lock('prod')).toBeNull();
  });

  it('is done already only where that is what runs', async () => {
    const { driver, ship } = setUp();
    await ship('1.0.0');
    expect((await ship('1.0.0')).kind).toBe('alreadyDone');
    expect(driver.applied).toEqual(['1.0.0']);
    driver.running = [];
    expect((await ship('1.0.0')).kind).toBe('done');
    driver.configHash = 'c2';
    expect((await ship('1.0.0')).kind).toBe('done');
    expect(driver.applied).toHaveLength(3);
  });

  it('touches nothing in a dry run', async () => {
    const { ledger, driver, step } = setUp();
    const outcome = await deploy({ ...step, driver, release: release('1.0.0'), dryRun: true });
    expect(outcome.kind).toBe('wouldDo');
    expect(driver.applied).toEqual([]);
    expect(ledger.kinds('prod')).toEqual([]);
  });

  it('refuses, naming the holder, while someone else holds the lock', async () => {
    const { ledger, driver, ship } = setUp();
    await ledger.acquire('prod', { reason: 'deploy 0.9.0' });
    const outcome = await ship('1.0.0');
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'lockFree', reason: expect.stringMatching(/Test .*deploy 0\.9\.0/) }],
    });
    expect(driver.applied).toEqual([]);
  });

  it('refuses what the driver refuses, before any intent', async () => {
    const { ledger, driver, ship } = setUp();
    const refusal = { id: 'images', reason: 'the image of web is gone', remedy: 'load it' };
    driver.refusals.set('1.0.0', [refusal]);
    expect(await ship('1.0.0')).toEqual({ kind: 'refused', refusals: [refusal] });
    expect(ledger.kinds('prod')).toEqual([]);
  });

  it('rolls a release that is never healthy back to the last verified one', async () => {
    const { ledger, driver, ship, verified, state } = setUp();
    await verified('1.0.0');
    driver.broken.add('1.1.0');
    const outcome = await ship('1.1.0');
    expect(outcome).toMatchObject({
      kind: 'rolledBack',
      to: '1.0.0',
      reason: expect.stringContaining('web is unhealthy'),
    });
    expect(driver.running[0]?.image).toBe(release('1.0.0').services.web);
    expect(ledger.kinds('prod').slice(3)).toEqual([
      'deploy.intent',
      'rollback.intent',
      'rollback.outcome',
      'deploy.outcome',
    ]);
    const after = await state();
    expect(after).toMatchObject({ current: release('1.0.0'), unfinished: null, doubt: null });
    expect([...after.bad.keys()]).toEqual(['1.1.0']);
  });

  it('never goes back to a release that was deployed but not verified', async () => {
    const { driver, ship, verified } = setUp();
    await verified('1.0.0');
    await ship('1.1.0');
    driver.broken.add('1.2.0');
    expect(await ship('1.2.0')).toMatchObject({ kind: 'rolledBack', to: '1.0.0' });
  });

  it('says mixed state where there is nothing to go back to, or going back fails', async () => {
    const { driver, ship, verified, state } = setUp();
    driver.broken.add('1.0.0');
    expect(await ship('1.0.0')).toMatchObject({ kind: 'mixed', remedy: commands.deploy });
    expect((await state()).doubt).not.toBeNull();
    driver.broken.clear();
    await verified('1.0.0');
    driver.broken.add('1.0.0').add('1.1.0');
    expect(await ship('1.1.0')).toMatchObject({
      kind: 'mixed',
      reason: expect.stringMatching(/rollback to 1\.0\.0 failed/),
    });
    expect((await state()).doubt).not.toBeNull();
  });

  it('goes on with a deployment that was cut off, under the same id', async () => {
    const { ledger, driver, ship } = setUp();
    driver.beforeApply = () => Promise.reject(new Error('killed'));
    await expect(ship('1.0.0')).rejects.toThrow('killed');
    driver.beforeApply = () => undefined;
    expect((await ship('1.0.0')).kind).toBe('done');
    expect(ledger.kinds('prod')).toEqual(['deploy.intent', 'deploy.outcome']);
    const [intent, outcome] = ledger.bodies('prod');
    expect(intent).toMatchObject({ deployment: (outcome as { deployment: string }).deployment });
  });

  it('goes on with the rollback that was cut off instead of deploying the bad release again', async () => {
    const { driver, ledger, ship, verified, state } = setUp();
    await verified('1.0.0');
    driver.broken.add('1.1.0');
    driver.beforeApply = ({ version }) => {
      if (version === '1.0.0') throw new Error('killed');
    };
    await expect(ship('1.1.0')).rejects.toThrow('killed');
    expect((await state()).unfinished?.kind).toBe('rollback.intent');
    driver.beforeApply = () => undefined;
    expect(await ship('1.1.0')).toMatchObject({ kind: 'rolledBack', to: '1.0.0' });
    expect(driver.applied).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(await state()).toMatchObject({ unfinished: null, current: release('1.0.0') });
    // The deployment has its outcome, too.
    const deployment = (await state()).history.find(
      ({ kind, release: { version } }) => kind === 'deploy' && version === '1.1.0',
    );
    expect(deployment?.outcome).toBe('rolledBack');
    expect(await ledger.lock('prod')).toBeNull();
  });

  it('touches nothing once the lock is lost', async () => {
    const { ledger, driver, step } = setUp();
    const probes = async () => {
      ledger.steal('prod');
      return { refusals: [], warnings: [] };
    };
    const outcome = await deploy({ ...step, driver, release: release('1.0.0'), probes });
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('held by someone else') });
    expect(driver.applied).toEqual([]);
  });

  it('writes that it does not know when it is stopped in the middle, and frees the lock', async () => {
    const { world, ledger, driver, ship } = setUp();
    driver.beforeApply = () => {
      world.requestStop('SIGTERM');
      world.stop.check();
    };
    expect(await ship('1.0.0')).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('SIGTERM') });
    expect(ledger.bodies('prod').at(-1)).toMatchObject({ kind: 'deploy.outcome', outcome: 'unknown' });
    expect(await ledger.lock('prod')).toBeNull();
  });

  it('changed nothing when it is stopped before it began', async () => {
    const { world, ledger, driver, ship } = setUp();
    world.requestStop('SIGINT');
    expect((await ship('1.0.0')).kind).toBe('failed');
    expect(driver.applied).toEqual([]);
    expect(ledger.kinds('prod')).toEqual([]);
  });
});

describe('rollback', () => {
  it('goes back to the release verified before the one that serves', async () => {
    const { driver, verified, back, state } = setUp();
    await verified('1.0.0');
    await verified('1.1.0');
    expect(await back()).toMatchObject({ kind: 'done', summary: expect.stringContaining('serves 1.0.0 again') });
    expect(driver.applied.at(-1)).toBe('1.0.0');
    expect((await state()).current).toMatchObject(release('1.0.0'));
  });

  it('goes to a named release only where it was verified here', async () => {
    const { driver, ship, verified, back } = setUp();
    await verified('1.0.0');
    await ship('1.1.0');
    await verified('1.2.0');
    expect(await back({ to: '1.1.0' })).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'rollbackTarget', remedy: expect.stringContaining('1.0.0') }],
    });
    expect(driver.applied.at(-1)).toBe('1.2.0');
    expect((await back({ to: '1.0.0' })).kind).toBe('done');
    expect((await back({ to: '1.0.0' })).kind).toBe('alreadyDone');
  });

  it('refuses before anything is touched when an image is gone', async () => {
    const { ledger, driver, verified, back } = setUp();
    await verified('1.0.0');
    await verified('1.1.0');
    const before = ledger.kinds('prod').length;
    driver.refusals.set('1.0.0', [{ id: 'images', reason: 'the image of web is gone', remedy: 'load it' }]);
    expect((await back()).kind).toBe('refused');
    expect(ledger.kinds('prod')).toHaveLength(before);
    expect(driver.applied).toEqual(['1.0.0', '1.1.0']);
  });

  it('refuses where nothing was verified', async () => {
    const { ship, back } = setUp();
    await ship('1.0.0');
    expect((await back()).kind).toBe('refused');
  });

  it('says so when what it brought back is unhealthy or unknown', async () => {
    const { verified, back } = setUp();
    await verified('1.0.0');
    await verified('1.1.0');
    const verify = async () => ({ health: 'unknown' as const, reason: 'nothing was measured' });
    expect(await back({ verify })).toMatchObject({ kind: 'unknown', findOut: commands.verify });
  });

  it('touches nothing in a dry run', async () => {
    const { driver, verified, back } = setUp();
    await verified('1.0.0');
    await verified('1.1.0');
    expect(await back({ dryRun: true })).toMatchObject({ kind: 'wouldDo', summary: expect.stringContaining('1.0.0') });
    expect(driver.applied).toEqual(['1.0.0', '1.1.0']);
  });
});
