import { slipwaySchema, type EnvironmentConfig } from '../config/schema';
import type { DeployedRelease, LedgerEventBody } from '../ledger/events';
import { createMemoryDriver } from '../testing/memory-driver';
import { createMemoryLedger } from '../testing/memory-ledger';
import { createTestWorld } from '../testing/test-world';
import { watchDeployment, type WatchRequest } from './watch';

const commands = { deploy: 'run deploy', verify: 'run verify', rollback: 'run rollback', status: 'run status' };
const MINUTE = 60_000;

function release(version: string): DeployedRelease {
  const digit = version.replaceAll('.', '');
  return { version, commit: digit.padEnd(40, '0'), services: { web: `sha256:${digit.padEnd(64, '0')}` } };
}

function deployed(version: string): LedgerEventBody[] {
  const { services } = release(version);
  const common = { version, deployment: `d-${version}`, services };
  return [
    { kind: 'deploy.intent', ...common, ...release(version), configHash: 'c', anchor: null },
    { kind: 'deploy.outcome', ...common, outcome: 'done', reason: '' },
  ];
}

function verified(version: string): LedgerEventBody {
  const { services } = release(version);
  return {
    kind: 'verify.outcome',
    version,
    deployment: `d-${version}`,
    health: 'healthy',
    services,
    measurements: [],
    reason: '',
  };
}

/** An environment that serves 1.1.0; `exit` says how the smoke command ends at a time of the watch. */
async function setUp(exit: (milliseconds: number) => number | Promise<number> = () => 0) {
  const start = { at: 0 };
  const world = createTestWorld({
    run: async () => ({
      exitCode: await exit(world.clock.now().getTime() - start.at),
      stdout: '',
      stderr: 'no tickets',
    }),
  });
  const probes = [{ name: 'smoke', command: ['smoke'], attempts: 2 }];
  const parsed = slipwaySchema.parse({
    environments: { prod: { compose: 'c.yml', project: 'p', verify: { probes, interval: '5s' } } },
  });
  const config = parsed.environments['prod'] as EnvironmentConfig;
  const driver = createMemoryDriver();
  const ledger = createMemoryLedger();
  const write = async (...bodies: LedgerEventBody[]) => {
    for (const body of bodies) await ledger.append('prod', body);
  };
  await write(...deployed('1.0.0'), verified('1.0.0'), ...deployed('1.1.0'));
  await driver.apply(release('1.1.0'), { guard: async () => undefined });
  const before = ledger.bodies('prod').length;
  start.at = world.clock.now().getTime();
  const watch = (change: Partial<WatchRequest> = {}) =>
    watchDeployment({ world, ledger, environment: 'prod', commands, driver, config, watch: 10 * MINUTE, ...change });
  const recorded = () => ledger.bodies('prod').slice(before);
  const verdicts = () => recorded().flatMap((body) => (body.kind === 'verify.outcome' ? [body.health] : []));
  return { world, ledger, driver, config, watch, write, recorded, verdicts };
}

describe('watchDeployment', () => {
  it('measures until the time is over, and records the verdict at the beginning and at the end', async () => {
    const { world, watch, recorded, verdicts } = await setUp();
    expect(await watch()).toMatchObject({
      kind: 'done',
      summary: expect.stringMatching(
        /1\.1\.0 is healthy in prod after a watch of 10 min: \d+ measurements seen, none failed/,
      ),
    });
    expect(verdicts()).toEqual(['healthy', 'healthy']);
    const last = recorded().at(-1);
    expect(last).toMatchObject({ measurements: [{ probe: 'smoke', failures: 0, from: expect.any(String) }] });
    expect(last?.kind === 'verify.outcome' && (last.measurements[0]?.attempts ?? 0)).toBeGreaterThan(20);
    expect(world.lines.join('\n')).toMatch(/Watching: \d+ min.* left, healthy, \d+ measurements seen/);
  });

  it('rolls back once it turns unhealthy, and measures what came back', async () => {
    const bad = { since: 3 * MINUTE };
    const { driver, watch, recorded } = await setUp((at) => (at > bad.since && driverServes() === '1.1.0' ? 1 : 0));
    const driverServes = () => driver.running[0]?.release?.version;
    expect(await watch()).toMatchObject({
      kind: 'rolledBack',
      to: '1.0.0',
      reason: expect.stringContaining('no tickets'),
    });
    expect(driver.applied.at(-1)).toBe('1.0.0');
    expect(recorded().map(({ kind }) => kind)).toEqual([
      'verify.outcome',
      'verify.outcome',
      'rollback.intent',
      'rollback.outcome',
      'verify.outcome',
    ]);
  });

  it('holds what is unhealthy where it is told to', async () => {
    const { driver, watch, verdicts } = await setUp((at) => (at > MINUTE ? 1 : 0));
    expect(await watch({ onUnhealthy: 'hold' })).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('held'),
    });
    expect(driver.applied.at(-1)).toBe('1.1.0');
    expect(verdicts()).toEqual(['healthy', 'unhealthy']);
  });

  it('tells what is unknown, watches on, and says so when it is healthy again', async () => {
    const { driver, watch, verdicts } = await setUp((at) => (at > MINUTE && at < 3 * MINUTE ? 127 : 0));
    // A command that can't be run says nothing about the service.
    expect(await watch()).toMatchObject({ kind: 'done' });
    expect(verdicts()).toEqual(['healthy', 'unknown', 'healthy', 'healthy']);
    expect(driver.applied.at(-1)).toBe('1.1.0');
  });

  it('ends in unknown where it is so at the end', async () => {
    const { watch, verdicts } = await setUp((at) => (at > MINUTE ? 127 : 0));
    expect(await watch()).toMatchObject({ kind: 'unknown', findOut: commands.verify });
    expect(verdicts().at(-1)).toBe('unknown');
  });

  it('ends honestly when something else is deployed meanwhile, and records nothing more', async () => {
    const setting = await setUp(async (at) => {
      if (at > 2 * MINUTE && setting.ledger.kinds('prod').filter((kind) => kind === 'deploy.intent').length === 2)
        await setting.write(...deployed('1.2.0'));
      return at > 2 * MINUTE ? 1 : 0;
    });
    expect(await setting.watch()).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(
        /ended after 2 min .*of 10 min, because 1\.2\.0 was put in its place.*until then it was healthy/,
      ),
    });
    expect(setting.verdicts()).toEqual(['healthy']);
    expect(setting.driver.applied.at(-1)).toBe('1.1.0');
  });

  it('ends honestly when it is stopped', async () => {
    const { world, watch, verdicts } = await setUp((at) => {
      if (at > 2 * MINUTE) world.requestStop('SIGINT');
      return 0;
    });
    expect(await watch()).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(/stopped \(SIGINT\); until then it was healthy/),
    });
    expect(verdicts()).toEqual(['healthy']);
  });

  it('holds the lock for recording alone', async () => {
    const { ledger, watch } = await setUp(async () => {
      expect(await ledger.lock('prod')).toBeNull();
      return 0;
    });
    expect((await watch()).kind).toBe('done');
    expect(await ledger.lock('prod')).toBeNull();
  });

  it('refuses where nothing is deployed, and does nothing in a dry run', async () => {
    const { watch, recorded } = await setUp();
    expect(await watch({ version: '9.9.9' })).toMatchObject({ kind: 'refused' });
    expect(await watch({ dryRun: true })).toMatchObject({ kind: 'wouldDo', summary: 'watch 1.1.0 in prod for 10 min' });
    expect(recorded()).toEqual([]);
  });
});
