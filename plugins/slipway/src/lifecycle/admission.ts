import { deployedRelease } from '../ledger/deployed-release';
import type { DeployedRelease } from '../ledger/events';
import { includesAll, recordAtHead, referencesOf, releaseAtHead, servicesFor, uncheckedRelease } from './at-head';
import type { StepContext } from './context';
import { bypassFor, type Lane } from './emergency/bypass-for';
import { forDryRun, unmetOf, type PreconditionId, type Unmet } from './preconditions';
import type { Situation } from './situation';

/** Whether the checked-out commit may be deployed to an environment. */
export type Admission =
  /** `problems` are what keeps it out. */
  | { readonly kind: 'refused'; readonly problems: readonly Unmet[] }
  /** A dry run of the chain: what its earlier steps would make is not there yet. */
  | { readonly kind: 'later'; readonly after: readonly string[] }
  | {
      readonly kind: 'admitted';
      readonly release: DeployedRelease;
      /** Set where it comes by the emergency lane. */
      readonly lane: Lane | null;
      /** Why nothing may change: it may only be told that the release serves already, or an automatic rollback be finished. */
      readonly held: readonly Unmet[];
    };

interface Question {
  readonly context: Pick<StepContext, 'owner' | 'config' | 'target' | 'dryRun'>;
  readonly situation: Situation;
  readonly environment: string;
  readonly preconditions: readonly PreconditionId[];
}

/** What time alone makes untrue: it held when the release was deployed, and says nothing against it now. */
const PASSES_WITH_TIME: readonly PreconditionId[] = ['notFrozen', 'fresh', 'rehearsed', 'backedUp'];

/** Pure: looks at preconditions, and at the emergency lane for those that do not hold. */
export function admission({ context, situation, environment, preconditions }: Question): Admission {
  const problems = unmetOf(preconditions, { context, situation, environment });
  const { after, real } = context.dryRun
    ? forDryRun(problems, context.target, context.config)
    : { after: [], real: problems };
  // A dry run tells of the emergency lane what the deployment itself would do.
  const lane = bypassFor(context, situation, environment, problems);
  const release = deployable(context.config, situation, environment);
  const admitted = (held: readonly Unmet[]): Admission => {
    // One of the preconditions asks for images, and nothing passes over that.
    if (release === null) throw new Error(`${context.target} has no images to go by`);
    return { kind: 'admitted', release, lane: lane?.spent === true ? null : lane, held };
  };
  if (problems.length === 0 || lane?.spent === false) return admitted([]);
  // What is done stays done: the chain goes on to its next step also when a freeze began meanwhile, or evidence grew too old.
  const timely = lane?.spent === true || real.every(({ id }) => PASSES_WITH_TIME.includes(id));
  if (real.length > 0 && after.length === 0 && timely && release !== null && isSettled(situation, environment, release))
    return admitted(real);
  if (real.length > 0) return { kind: 'refused', problems: real };
  return { kind: 'later', after };
}

/** By the dossier; without one, what only the emergency lane lets in. */
function deployable(config: StepContext['config'], situation: Situation, environment: string): DeployedRelease | null {
  const dossier = releaseAtHead(situation);
  if (dossier === null) return uncheckedRelease(config, situation, environment);
  const services = servicesFor(config, situation, environment);
  if (services === null) return null;
  const references = referencesOf(recordAtHead(situation), services);
  return deployedRelease({
    version: dossier.version,
    commit: dossier.commit,
    services,
    ...(references && { references }),
  });
}

/** Whether the release serves, or is being taken back. */
function isSettled({ environments }: Situation, environment: string, release: DeployedRelease): boolean {
  const { current, unfinished, doubt } = environments.get(environment) ?? {};
  if (unfinished?.kind === 'rollback.intent') return unfinished.automatic && unfinished.version === release.version;
  if (unfinished != null || doubt != null || current == null) return false;
  return current.commit === release.commit && includesAll(current.services, release.services);
}
