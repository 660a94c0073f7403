import type { EnvironmentConfig } from '../config/schema';
import type { Driver } from '../deploy/drivers/driver';
import type { World } from '../io/world';
import type { DeployedRelease, StoredEvent } from '../ledger/events';
import { foldEnvironment, type CurrentRelease } from '../ledger/state';
import { lastHealthyValue } from './baseline';
import { deploymentTimesOf } from './deployment-times';
import type { Subject } from './meter';

/** What is needed to measure the release that an environment serves, with what its ledger knows of it. */
export function deployedSubject(
  request: {
    readonly world: World;
    readonly environment: string;
    readonly config: EnvironmentConfig;
    readonly driver?: Pick<Driver, 'current' | 'logs'>;
  },
  events: readonly StoredEvent[],
  release: DeployedRelease & Pick<CurrentRelease, 'deployment'>,
): Subject {
  const { world, environment, config, driver } = request;
  const times = deploymentTimesOf(foldEnvironment(events));
  return {
    world,
    environment,
    config,
    release,
    ...(driver === undefined ? {} : { driver }),
    ...(times === null ? {} : { deployed: times }),
    before: (probe) => lastHealthyValue(events, release, probe),
  };
}
