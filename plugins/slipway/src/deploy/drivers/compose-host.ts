import type { EnvironmentConfig, ImageConfig, SlipwayConfig } from '../../config/schema';
import type { World } from '../../io/world';
import type { DeployedRelease, ServiceDigests } from '../../ledger/events';
import { milliseconds } from '../duration';

/** One environment as Docker Compose runs it. */
export interface ComposeHost {
  /** Its docker programs talk to the environment's engine. */
  readonly world: World;
  /** Name of the environment. */
  readonly environment: string;
  readonly config: EnvironmentConfig;
  /** Images of the release, by service. */
  readonly images: Readonly<Record<string, ImageConfig>>;
  readonly registry: SlipwayConfig['registry'];
  /** Services of the release that run here. */
  readonly services: readonly string[];
  /** Milliseconds. */
  readonly healthTimeout: number;
  /** Milliseconds that bringing up all services at once takes at most. */
  readonly upTimeout: number;
}

/** Milliseconds beyond the health time-out for creating networks, volumes and containers. */
const SET_UP_TIME = 30_000;

export function composeHost(
  parts: Pick<ComposeHost, 'world' | 'environment' | 'config' | 'images' | 'registry'>,
): ComposeHost {
  const healthTimeout = milliseconds(parts.config.healthTimeout);
  return {
    ...parts,
    services: parts.config.services ?? Object.keys(parts.images),
    healthTimeout,
    upTimeout: healthTimeout + SET_UP_TIME,
  };
}

export function digestsFor({ services }: ComposeHost, release: DeployedRelease): ServiceDigests {
  return Object.fromEntries(
    services.flatMap((service) => {
      const image = release.services[service];
      return image === undefined ? [] : [[service, image]];
    }),
  );
}
