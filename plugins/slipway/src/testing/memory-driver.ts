import { compareRunning } from '../deploy/read-back';
import type { Driver, RunningService, ServiceCommand } from '../deploy/drivers/driver';
import type { RunResult } from '../io/exec';
import type { DeployedRelease } from '../ledger/events';
import type { Refusal } from '../ledger/outcome';

export interface MemoryDriver extends Driver {
  /** What runs now; tests change it to make drift. */
  running: RunningService[];
  /** Versions that were applied, in order. */
  readonly applied: string[];
  /** Versions that never turn healthy. */
  readonly broken: Set<string>;
  /** Refusals of {@link Driver.inspect}, by version. */
  readonly refusals: Map<string, Refusal[]>;
  configHash: string;
  /** Runs before a release is put in place; may throw, or take a lock away. */
  beforeApply: (release: DeployedRelease) => void | Promise<void>;
  /** Descriptions that were brought back, in order; undefined where the release's own was applied. */
  readonly descriptions: (string | undefined)[];
  /** Answers programs that are run for the environment. */
  onCommand: (command: ServiceCommand, release: DeployedRelease | null) => Promise<RunResult>;
  lines: readonly string[];
}

/** Refusals that only matter where a description has to be made. */
const MADE_ANEW = new Set(['composeFile', 'composeValid', 'composeStable', 'envFiles']);

/** An orchestrator in memory, for unit tests of what calls drivers. */
export function createMemoryDriver(): MemoryDriver {
  let instances = 0;
  const driver: MemoryDriver = {
    name: 'memory',
    patience: 1_000,
    running: [],
    applied: [],
    broken: new Set(),
    refusals: new Map(),
    configHash: 'c1',
    beforeApply: () => undefined,
    digestsFor: ({ services }) => services,
    descriptions: [],
    lines: [],
    onCommand: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
    inspect: async ({ version }, { description } = {}) => {
      const all = driver.refusals.get(version) ?? [];
      const refusals = all.filter(({ id }) => description === undefined || !MADE_ANEW.has(id));
      return { refusals, configHash: driver.configHash, description: refusals.length > 0 ? null : `# ${version}\n` };
    },
    current: async () => driver.running,
    runOnce: (release, command) => driver.onCommand(command, release),
    execute: (command) => driver.onCommand(command, null),
    logs: async () => driver.lines,
    apply: async (release, { guard, description }) => {
      await guard();
      await driver.beforeApply(release);
      driver.descriptions.push(description);
      driver.applied.push(release.version);
      const { version, commit } = release;
      driver.running = Object.entries(release.services).map(([service, image]) => ({
        service,
        instance: `i${(instances += 1)}`,
        image,
        running: true,
        exitCode: 0,
        health: driver.broken.has(version) ? 'unhealthy' : 'healthy',
        release: { version, commit },
        restarts: 0,
        startedAt: '2026-01-02T03:04:05.000Z',
      }));
      const [first, ...rest] = compareRunning(release.services, driver.running).map((item) => ({
        ...item,
        log: ['boom'],
      }));
      return first === undefined
        ? { kind: 'applied', running: driver.running, waited: 10 }
        : { kind: 'unhealthy', problems: [first, ...rest], running: driver.running, waited: 10 };
    },
  };
  return driver;
}
