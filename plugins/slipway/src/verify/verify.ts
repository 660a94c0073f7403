import type { Probe } from '../config/schema';
import { milliseconds } from '../deploy/duration';
import type { Log } from '../io/world';
import type { Verification } from './judge';
import { createMeter, type Subject } from './meter';
import { runProbes } from './run-probes';
import { taskOf } from './task';

export interface VerifyRequest extends Subject {
  readonly log?: Log;
  /** Whether it bakes as configured once it is healthy. Default: no. */
  readonly bake?: boolean;
  /** Which probes to ask. Default: all. */
  readonly only?: (probe: Probe) => boolean;
}

/**
 * Runs the environment's probes side by side, each until there is a verdict on it, and through the bake time.
 * Writes nothing.
 *
 * @throws {StoppedError} or {RunError} when the step is being stopped: then nothing is known.
 */
export async function verify(request: VerifyRequest): Promise<Verification> {
  const { world, config, only = () => true } = request;
  const meter = await createMeter(request);
  const tasks = config.verify.probes.filter(only).map((probe) => taskOf(probe, config.verify, meter));
  return runProbes(tasks, {
    world,
    log: request.log ?? world.log,
    bake: request.bake === true ? milliseconds(config.verify.bake) : 0,
  });
}
