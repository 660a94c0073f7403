import { slipwaySchema, type EnvironmentConfig } from '../config/schema';
import { deploy } from '../deploy/deploy';
import type { DeployedRelease } from '../ledger/events';
import { createMemoryDriver } from '../testing/memory-driver';
import { createMemoryLedger } from '../testing/memory-ledger';
import { createTestWorld } from '../testing/test-world';
import { verifyDeployment, type VerifyDeploymentRequest } from './verify-release';

const commands = { deploy: 'run deploy', verify: 'run verify', rollback: 'run rollback', status: 'run status' };

function release(version: string): DeployedRelease {
  const digit = version.replaceAll('.', '');
  return { version, commit: digit.padEnd(40, '0'), services: { web: `sha256:${digit.padEnd(64, '0')}` } };
}

/** An environment whose smoke command fails for the versions named. */
function setUp(bad: readonly string[] = []) {
  const measured: string[] = [];
  const world = createTestWorld({
    run: async (_argv, options) => {
      const version = options?.env?.['SLIPWAY_VERSION'] ?? '';
      measured.push(version);
      return { exitCode: bad.includes(version) ? 1 : 0, stdout: '', stderr: 'tickets are gone\n' };
    },
  });
  const parsed = slipwaySchema.parse({
    environments: {
      prod: {
        compose: 'c.yml',
        project: 'p',
        verify: { probes: [{ name: 'smoke', command: ['smoke'] }], attempts: 2 },
      },
    },
  });
  const config = parsed.environments['prod'] as EnvironmentConfig;
  const driver = createMemoryDriver();
  const ledger = createMemoryLedger();
  const step = { world, ledger, environment: 'prod', commands, driver };
  const ship = (version: string) => deploy({ ...step, release: release(version) });
  const check = (change: Partial<VerifyDeploymentRequest> = {}) => verifyDeployment({ ...step, config, ...change });
  return { world, ledger, driver, config, ship, check, measured };
}

describe('verifyDeployment', () => {
  it('records a healthy verdict, and measures again only when asked or when something else runs', async () => {
    const { ledger, driver, ship, check, measured } = setUp();
    await ship('1.0.0');
    expect((await check()).kind).toBe('done');
    expect(ledger.bodies('prod').at(-1)).toMatchObject({
      kind: 'verify.outcome',
      health: 'healthy',
      services: release('1.0.0').services,
    });
    expect((await check()).kind).toBe('alreadyDone');
    expect(measured).toHaveLength(1);
    expect((await check({ again: true })).kind).toBe('done');
    expect(measured).toHaveLength(2);
    driver.running = [];
    expect((await check()).kind).toBe('failed');
  });

  it('refuses what is not deployed, or not the release that was meant', async () => {
    const { ship, check } = setUp();
    expect(await check()).toMatchObject({ kind: 'refused', refusals: [{ remedy: commands.deploy }] });
    await ship('1.0.0');
    expect(await check({ version: '1.1.0' })).toMatchObject({
      kind: 'refused',
      refusals: [{ reason: 'prod serves 1.0.0, not 1.1.0' }],
    });
  });

  it('refuses after a deployment that ended in doubt or was cut off', async () => {
    const { driver, ship, check } = setUp();
    driver.broken.add('1.0.0');
    await ship('1.0.0');
    expect((await check()).kind).toBe('refused');
    driver.broken.clear();
    driver.beforeApply = () => Promise.reject(new Error('killed'));
    await expect(ship('1.1.0')).rejects.toThrow('killed');
    expect(await check()).toMatchObject({
      kind: 'refused',
      refusals: [{ reason: expect.stringContaining('unfinished') }],
    });
  });

  it('rolls back to the last verified release and probes that too', async () => {
    const { driver, ledger, ship, check } = setUp(['1.1.0']);
    await ship('1.0.0');
    await check();
    await ship('1.1.0');
    expect(await check()).toMatchObject({
      kind: 'rolledBack',
      to: '1.0.0',
      reason: expect.stringContaining('tickets are gone'),
    });
    expect(driver.applied).toEqual(['1.0.0', '1.1.0', '1.0.0']);
    expect(ledger.bodies('prod').at(-1)).toMatchObject({ kind: 'verify.outcome', version: '1.0.0', health: 'healthy' });
  });

  it('says mixed state when the release before is unhealthy by now, too', async () => {
    const bad: string[] = [];
    const { ship, check } = setUp(bad);
    await ship('1.0.0');
    await check();
    await ship('1.1.0');
    bad.push('1.0.0', '1.1.0');
    expect(await check()).toMatchObject({ kind: 'mixed', reason: expect.stringContaining('unhealthy too') });
  });

  it('holds what is unknown, and says how to find out', async () => {
    const { driver, ship, check, config } = setUp();
    await ship('1.0.0');
    await check();
    await ship('1.1.0');
    const nothing = { ...config, verify: { ...config.verify, probes: [] } };
    expect(await check({ config: nothing })).toMatchObject({ kind: 'unknown', findOut: commands.verify });
    driver.running = driver.running.map((item) => ({ ...item, image: release('9.9.9').services['web'] ?? '' }));
    expect((await check()).kind).toBe('unknown');
    expect(driver.applied).toEqual(['1.0.0', '1.1.0']);
  });

  it('holds what is unhealthy where configuration says so', async () => {
    const { driver, ship, check } = setUp(['1.1.0']);
    await ship('1.0.0');
    await check();
    await ship('1.1.0');
    expect(await check({ onUnhealthy: 'hold' })).toMatchObject({ kind: 'failed', remedy: commands.rollback });
    expect(driver.applied).toEqual(['1.0.0', '1.1.0']);
  });

  it('does not send anyone to a rollback that has nowhere to go', async () => {
    const { ship, check } = setUp(['1.0.0']);
    await ship('1.0.0');
    const outcome = await check();
    expect(outcome).toMatchObject({ kind: 'failed', remedy: expect.stringContaining(commands.verify) });
    expect(JSON.stringify(outcome)).not.toContain(commands.rollback);
  });

  it('does and records nothing in a dry run, or once it is stopped', async () => {
    const { world, ledger, ship, check, measured } = setUp();
    await ship('1.0.0');
    const before = ledger.kinds('prod').length;
    expect((await check({ dryRun: true })).kind).toBe('wouldDo');
    world.requestStop('SIGTERM');
    expect((await check()).kind).toBe('failed');
    expect(ledger.kinds('prod')).toHaveLength(before);
    expect(measured).toEqual([]);
  });
});
