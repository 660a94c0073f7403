import type { SlipwayConfig } from '../config/schema';
import type { DeployedRelease } from '../ledger/events';
import type { CurrentRelease } from '../ledger/state';
import type { Situation } from './situation';

/** What production runs, by the ledger. */
export interface ProductionRelease {
  readonly environment: string;
  readonly version: string;
  /** Full id of the commit that was deployed. */
  readonly commit: string;
  /** The release's own tag; null where that commit was never tagged. */
  readonly tag: string | null;
  readonly health: CurrentRelease['health'];
}

/** The last environment in the order of promotion; null where none is configured. */
export function productionEnvironment({ environments }: Pick<SlipwayConfig, 'environments'>): string | null {
  return Object.keys(environments).at(-1) ?? null;
}

/**
 * The release that a hotfix starts from: what serves in production, also where it is unhealthy, since that is what needs the fix. Where a
 * deployment left production in doubt, the release that was verified there last; null where nothing ever served.
 */
export function productionRelease(
  config: Pick<SlipwayConfig, 'environments'>,
  { environments, release }: Pick<Situation, 'environments' | 'release'>,
): ProductionRelease | null {
  const environment = productionEnvironment(config);
  const state = environment === null ? undefined : environments.get(environment);
  if (environment === null || state === undefined) return null;
  const serving: DeployedRelease | null = state.doubt === null ? state.current : state.lastVerified;
  if (serving === null) return null;
  const { version, commit } = serving;
  const tag = release.releases.get(version)?.tag ?? null;
  return {
    environment,
    version,
    commit,
    tag: tag?.commit === commit ? tag.tag : null,
    health: serving === state.current ? state.current.health : 'healthy',
  };
}
