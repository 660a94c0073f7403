import type { EnvironmentConfig, Probe } from '../config/schema';
import { milliseconds } from '../deploy/duration';
import { EnvFileError } from '../deploy/env-file';
import { readEnvironmentFiles } from '../deploy/environment-files';
import { secretsOf } from '../deploy/sanitise';
import type { Log, World } from '../io/world';
import type { Measurement } from '../ledger/events';
import { judgeAttempts, judgeMeasurements, type Attempt, type Verification } from './judge';
import { tryCommand } from './probes/command';
import { tryHttp, type ExpectedRelease } from './probes/http';
import { resolveVariables, VariableError } from './variables';

export interface VerifyRequest {
  readonly world: World;
  /** Name of the environment; commands get it as `SLIPWAY_ENVIRONMENT`. */
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly release: ExpectedRelease;
  readonly log?: Log;
}

/**
 * Runs the environment's probes side by side, each until it passes or its attempts are used up.
 * Writes nothing.
 *
 * @throws {StoppedError} or {RunError} when the step is being stopped: then nothing is known.
 */
export async function verify(request: VerifyRequest): Promise<Verification> {
  const { world, config } = request;
  const log = request.log ?? world.log;
  const { probes, attempts: limit } = config.verify;
  const context = await readContext(request);
  if (typeof context === 'string') {
    return judgeMeasurements(
      probes.map(({ name }) => ({ probe: name, health: 'unknown', seen: context, attempts: 1 })),
    );
  }
  const pause = milliseconds(config.verify.interval);
  const measurements = await Promise.all(
    probes.map(async (probe) => {
      const attempts: Attempt[] = [];
      for (;;) {
        world.stop.check();
        attempts.push(await tryOnce(request, probe, context));
        const measurement = judgeAttempts(probe.name, attempts, limit);
        if (measurement !== null) {
          report(log, measurement);
          return measurement;
        }
        log.info(`${probe.name}: ${attempts.at(-1)?.seen ?? ''} (attempt ${attempts.length} of ${limit})`);
        await world.clock.sleep(pause);
      }
    }),
  );
  return judgeMeasurements(measurements);
}

interface Context {
  readonly variables: ReadonlyMap<string, string>;
  readonly secrets: readonly string[];
}

/** The environment's variables, or why there are none. */
async function readContext({ world, config }: VerifyRequest): Promise<Context | string> {
  try {
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    if (files.missing.length > 0) return `${files.missing.join(', ')} does not exist here`;
    return { variables: files.variables, secrets: secretsOf(files.variables) };
  } catch (error) {
    if (error instanceof EnvFileError) return error.message;
    throw error;
  }
}

async function tryOnce(request: VerifyRequest, probe: Probe, { variables, secrets }: Context): Promise<Attempt> {
  const { world, release } = request;
  const timeout = milliseconds(probe.timeout);
  try {
    if ('http' in probe) {
      return await tryHttp(probe, resolveVariables(probe.http, variables), timeout, release, world.stop.signal);
    }
    const argv = probe.command.map((argument) => resolveVariables(argument, variables));
    const env = {
      SLIPWAY_ENVIRONMENT: request.environment,
      SLIPWAY_VERSION: release.version,
      SLIPWAY_COMMIT: release.commit,
    };
    return await tryCommand(world.run, argv, { cwd: world.root, timeout, env, secrets });
  } catch (error) {
    world.stop.check();
    if (error instanceof VariableError) return { result: 'impossible', seen: error.message, final: true };
    throw error;
  }
}

function report(log: Log, { probe, health, seen }: Measurement): void {
  const line = `${probe}: ${health}, ${seen}`;
  if (health === 'healthy') log.info(line);
  else log.warn(line);
}
