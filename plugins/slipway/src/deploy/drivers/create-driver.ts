import type { ComposeDriverOptions } from './compose';
import type { Driver } from './driver';

/** The driver that an environment's configuration names; what the others need is not loaded. */
export function createDriver(options: ComposeDriverOptions): Driver {
  if (options.config.driver === 'swarm') {
    const { createSwarmDriver } = require('./swarm') as typeof import('./swarm');
    return createSwarmDriver(options);
  }
  const { createComposeDriver } = require('./compose') as typeof import('./compose');
  return createComposeDriver(options);
}
