import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnchorStore } from '../deploy/anchor/anchor-store';
import type { Assets } from '../deploy/assets';
import { deploy, type DeployRequest } from '../deploy/deploy';
import { rollback, type RollbackRequest } from '../deploy/rollback';
import type { DeployedRelease } from '../ledger/events';
import type { Outcome } from '../ledger/outcome';
import { foldEnvironment, type EnvironmentState } from '../ledger/state';
import { createMemoryDatabase, type MemoryDatabase } from './memory-database';
import { createMemoryDriver, type MemoryDriver } from './memory-driver';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger';
import { createTestWorld, type TestWorld } from './test-world';

export const commands = { deploy: 'run deploy', verify: 'run verify', rollback: 'run rollback', status: 'run status' };

export function releaseOf(version: string): DeployedRelease {
  const digit = version.replaceAll('.', '');
  return { version, commit: digit.padEnd(40, '0'), services: { web: `sha256:${digit.padEnd(64, '0')}` } };
}

/** An environment whose engine, ledger and database are in memory, and whose anchors and files lie in a folder of its own. */
export interface MemoryEnvironment {
  readonly root: string;
  readonly world: TestWorld;
  readonly ledger: MemoryLedger;
  readonly driver: MemoryDriver;
  readonly database: MemoryDatabase;
  readonly assets: Assets;
  readonly services: { stopped: string[] };
  state(): Promise<EnvironmentState>;
  ship(version: string, change?: Partial<DeployRequest>): Promise<Outcome>;
  /** Deploys a version and has it recorded that it is healthy. */
  verified(version: string): Promise<void>;
  back(change?: Partial<RollbackRequest>): Promise<Outcome>;
  configure(text: string): Promise<void>;
  cleanUp(): Promise<void>;
}

export async function createMemoryEnvironment(): Promise<MemoryEnvironment> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-environment-'));
  const world = createTestWorld({ root });
  const ledger = createMemoryLedger();
  const driver = createMemoryDriver();
  const database = createMemoryDatabase();
  const services = { stopped: [] as string[] };
  driver.stop = async (names, { guard }) => {
    await guard();
    await database.beforeEffect(`stop ${names.join(' ')}`);
    services.stopped.push(...names);
    driver.running = driver.running.map((one) => (names.includes(one.service) ? { ...one, running: false } : one));
  };
  const assets: Assets = {
    anchors: createAnchorStore(root, 'prod'),
    database,
    envFiles: [{ path: 'prod.env', required: true }],
    migrationService: 'web',
    databaseUsers: () => ['web'],
  };
  const step = { world, ledger, environment: 'prod', commands, driver, assets };
  const state = async () => foldEnvironment(await ledger.read('prod'));
  const ship: MemoryEnvironment['ship'] = (version, change = {}) =>
    deploy({ ...step, release: releaseOf(version), ...change });
  await writeFile(join(root, 'prod.env'), 'TOKEN=first\n');
  return {
    ...{ root, world, ledger, driver, database, assets, services, state, ship },
    verified: async (version) => {
      const outcome = await ship(version);
      if (outcome.kind !== 'done') throw new Error(`${version} could not be deployed: ${JSON.stringify(outcome)}`);
      const { current } = await state();
      await ledger.given('prod', {
        kind: 'verify.outcome',
        version,
        deployment: current?.deployment ?? '',
        health: 'healthy',
        services: releaseOf(version).services,
        measurements: [],
        reason: 'all passed',
      });
    },
    back: (change = {}) => rollback({ ...step, automatic: false, reason: 'asked for', ...change }),
    configure: (text) => writeFile(join(root, 'prod.env'), text),
    cleanUp: () => rm(root, { recursive: true, force: true }),
  };
}
