import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SlipwayConfig } from '../config/schema';
import { milliseconds, showDuration } from '../deploy/duration';
import { RunError } from '../io/exec';
import type { World } from '../io/world';
import { resolveVariables } from '../verify/variables';
import { ProducerError } from './producer-error';

export type IntegrationConfig = NonNullable<SlipwayConfig['projects'][string]['integration']>;

/**
 * Runs a project's tests against the stack, in the workspace, with the stack's variables and SLIPWAY_URL in their environment. What they print is
 * shown as it comes.
 * @param reports folder for their report, relative to the workspace; given to them as SLIPWAY_REPORTS, absolute, and empty
 * @throws {ProducerError} where they do not end with 0.
 */
export async function runIntegration(
  world: World,
  { command, url, timeout }: IntegrationConfig,
  variables: ReadonlyMap<string, string>,
  reports: string,
): Promise<string> {
  const folder = join(world.root, reports);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const known = new Map([...variables, ['SLIPWAY_REPORTS', folder]]);
  const [file = '', ...args] = command.map((part) => resolveVariables(part, known));
  const started = world.clock.now().getTime();
  const env = {
    ...Object.fromEntries(known),
    ...(url === undefined ? {} : { SLIPWAY_URL: resolveVariables(url, known) }),
  };
  const again = command.join(' ');
  let exitCode: number;
  try {
    ({ exitCode } = await world.run([file, ...args], {
      env,
      timeout: milliseconds(timeout),
      onLine: (line) => world.log.info(line),
    }));
  } catch (error) {
    if (!(error instanceof RunError) || error.failure === 'stopped') throw error;
    throw new ProducerError(`the integration tests could not be run to their end: ${error.message}`, `mend: ${again}`);
  }
  if (exitCode !== 0)
    throw new ProducerError(
      `integration tests failed (exit ${exitCode})`,
      `read what they printed; they are: ${again}`,
    );
  return `integration tests passed in ${showDuration(world.clock.now().getTime() - started)}`;
}
