import { posix } from 'node:path';
import { errorMessage } from '../../io/error-message';
import type { World } from '../../io/world';
import { resolveVariables } from '../../verify/variables';
import { optionalPeer } from '../optional-peer';
import { ProducerError } from '../producer-error';
import { withOrigin, writeReport } from '../report-file';
import { runScenario, type Autocannon, type LoadConfig } from './run-scenario';

export interface LoadRun {
  /** Folder of the reports, relative to the workspace. */
  readonly reports: string;
  readonly config: LoadConfig;
  /** What `${NAME}` in the URL stands for. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface Loaded {
  /** Path relative to the workspace. */
  readonly path: string;
  readonly summary: string;
}

/** Milliseconds in which the server has to take a connection before it is measured. */
const KNOCK_TIMEOUT = 10_000;

/** Where release-load leaves its report, relative to the workspace. */
export function loadReport(reports: string): string {
  return posix.join(reports, 'autocannon.json');
}

/**
 * Sends each scenario's requests, one scenario after the other, and leaves one report of all.
 * @throws {ProducerError} where autocannon is not installed, or nothing answers at the address: that is no measurement.
 */
export async function runLoad(world: World, { reports, config, variables }: LoadRun): Promise<Loaded> {
  const send = loadAutocannon();
  const base = resolveVariables(config.url, variables).replace(/\/+$/, '');
  const results: Record<string, unknown>[] = [];
  const summaries: string[] = [];
  await knock(base);
  for (const scenario of config.scenarios) {
    world.log.info(
      `${scenario.name}: ${config.connections} connections, ${config.warmup} to warm up, ${config.duration} measured`,
    );
    const { result, requests, failed, timeouts, p95 } = await runScenario(
      world,
      send,
      `${base}${scenario.path}`,
      config,
      scenario,
    );
    results.push(result);
    const problems = failed + timeouts === 0 ? '' : `, ${failed} failed, ${timeouts} timed out`;
    const line = `${scenario.name}: p95 ${p95 === null ? 'none, too many failed' : `${p95.toFixed(1)} ms`} of ${requests} requests${problems}`;
    world.log.info(line);
    summaries.push(line);
  }
  const toolVersion = (require('autocannon/package.json') as { readonly version: string }).version;
  const report = withOrigin({ scenarios: results }, { tool: 'autocannon', toolVersion }, world.clock);
  return { path: await writeReport(world.root, loadReport(reports), report), summary: summaries.join('; ') };
}

function loadAutocannon(): Autocannon {
  return optionalPeer('release-load', ['autocannon'], () => require('autocannon') as Autocannon);
}

/** Nobody there is a fault of the set-up, and no slow answer. */
async function knock(base: string): Promise<void> {
  try {
    await fetch(base, { redirect: 'manual', signal: AbortSignal.timeout(KNOCK_TIMEOUT) });
  } catch (error) {
    // Slow is what is to be measured.
    if (isTimeout(error)) return;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new ProducerError(
      `nothing answers at ${base}: ${errorMessage(cause)}`,
      'correct load.url in slipway.json: a service of the test stack, by the variable of its port',
    );
  }
}

/** By shape: an error of another realm (a test runner's) is no instance of this one's Error. */
function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
}
