import type { SlipwayConfig } from '../config/schema';
import { milliseconds, showDuration } from '../deploy/duration';
import { RunError } from '../io/exec';
import type { World } from '../io/world';
import { resolveVariables } from '../verify/variables';
import { ProducerError } from './producer-error';

export type IntegrationConfig = NonNullable<SlipwayConfig['projects'][string]['integration']>;

/**
 * Runs a project's tests against the stack, in the workspace, with the stack's variables and SLIPWAY_URL in their environment. What they print is
 * shown as it comes; the report is their own.
 * @throws {ProducerError} where they do not end with 0.
 */
export async function runIntegration(
  world: World,
  { command, url, timeout }: IntegrationConfig,
  variables: ReadonlyMap<string, string>,
): Promise<string> {
  const [file = '', ...args] = command.map((part) => resolveVariables(part, variables));
  const started = world.clock.now().getTime();
  const env = {
    ...Object.fromEntries(variables),
    ...(url === undefined ? {} : { SLIPWAY_URL: resolveVariables(url, variables) }),
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
