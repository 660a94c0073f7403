import { createComposeDriver, type ComposeDriverOptions } from './compose';
import type { Driver } from './driver';
import { createSwarmDriver } from './swarm';

/** The driver that an environment's configuration names. */
export function createDriver(options: ComposeDriverOptions): Driver {
  return options.config.driver === 'swarm' ? createSwarmDriver(options) : createComposeDriver(options);
}
