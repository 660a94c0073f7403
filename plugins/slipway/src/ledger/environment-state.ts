import { deployedRelease } from './deployed-release';
import type { DeployedRelease, EventOf, Health, ServiceDigests, StoredEvent } from './events';
import type { OutcomeKind } from './outcome';
import { isDoubtful, succeeded } from './outcome-kinds';
import type { Recorded } from './release-state';

/** What serves in an environment, by the ledger. */
export interface CurrentRelease extends DeployedRelease {
  /** When its deployment (or the rollback to it) was done; ISO 8601, UTC. */
  readonly since: string;
  readonly by: string;
  readonly deployment: string;
  /** The latest verification of it; `unknown` until there is one, and when a later deployment left the environment in doubt. */
  readonly health: Health;
}

/** A release that was verified healthy here, with the digests that were seen. */
export interface VerifiedRelease extends DeployedRelease {
  readonly deployment: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
}

/** One deployment or rollback, from its intent on. */
export interface Movement {
  readonly kind: 'deploy' | 'rollback';
  readonly deployment: string;
  /** What was put in place: for a rollback its target. */
  readonly release: DeployedRelease;
  /** What served before: a deployment's anchor, or what a rollback left; null where nothing did. */
  readonly before: DeployedRelease | null;
  readonly automatic: boolean;
  readonly at: string;
  readonly by: string;
  /** When its outcome was written; null while it is unfinished. */
  readonly finished: string | null;
  readonly outcome: OutcomeKind | null;
  readonly health: Health | null;
  readonly reason: string;
}

export interface EnvironmentState {
  /** Null when nothing was ever deployed here. */
  readonly current: CurrentRelease | null;
  /** The release verified healthy last that did not turn bad afterwards: where a rollback goes. May be the current one. */
  readonly lastVerified: VerifiedRelease | null;
  /** Every healthy verification, oldest first, also of releases that turned bad later. */
  readonly verified: readonly VerifiedRelease[];
  /** The latest intent that has no outcome: its process died, or it is under way (the lock tells). */
  readonly unfinished: Recorded<'deploy.intent'> | Recorded<'rollback.intent'> | null;
  /** The movement after which nobody knows what serves (outcome mixed or unknown), until a later one is done. */
  readonly doubt: Movement | null;
  /** Versions whose verification failed or that were rolled back, and that were not verified healthy since; with the reason. */
  readonly bad: ReadonlyMap<string, string>;
  /** Every deployment and rollback, oldest first. */
  readonly history: readonly Movement[];
}

/** Folds the events of an environment's stream, oldest first. Linear in their number. */
export function foldEnvironment(events: readonly StoredEvent[]): EnvironmentState {
  const fold = new EnvironmentFold();
  for (const event of events) fold.add(event);
  return fold.state();
}

type Draft = { -readonly [K in keyof Movement]: Movement[K] };

class EnvironmentFold {
  private current: CurrentRelease | null = null;
  private doubt: Movement | null = null;
  private readonly verified: VerifiedRelease[] = [];
  /** Releases that may be rolled back to, by version and digests; last in the map is verified last. */
  private readonly good = new Map<string, VerifiedRelease>();
  private readonly bad = new Map<string, string>();
  private readonly unfinished: (Recorded<'deploy.intent'> | Recorded<'rollback.intent'>)[] = [];
  private readonly history: Draft[] = [];
  private readonly movements = new Map<string, Draft>();

  add({ body, at, by, id }: StoredEvent): void {
    switch (body.kind) {
      case 'deploy.intent':
        this.unfinished.push({ ...body, at, by, id });
        this.begin(
          'deploy',
          { ...body, release: deployedRelease(body), before: body.anchor, automatic: false, reason: '' },
          at,
          by,
        );
        break;
      case 'rollback.intent':
        this.unfinished.push({ ...body, at, by, id });
        this.begin('rollback', { ...body, release: body.to, before: this.leaving(body) }, at, by);
        break;
      case 'deploy.outcome':
        this.finish('deploy', body, at, by);
        break;
      case 'rollback.outcome':
        this.finish('rollback', body, at, by);
        break;
      case 'verify.outcome':
        this.verify(body, at, by);
        break;
      default:
        break;
    }
  }

  state(): EnvironmentState {
    return {
      current: this.current,
      lastVerified: [...this.good.values()].at(-1) ?? null,
      verified: this.verified,
      unfinished: this.unfinished.at(-1) ?? null,
      doubt: this.doubt,
      bad: this.bad,
      history: this.history,
    };
  }

  private begin(
    kind: Movement['kind'],
    {
      deployment,
      release,
      before,
      automatic,
      reason,
    }: Pick<Movement, 'deployment' | 'release' | 'before' | 'automatic' | 'reason'>,
    at: string,
    by: string,
  ): void {
    const movement: Draft = {
      kind,
      deployment,
      release,
      before,
      automatic,
      at,
      by,
      finished: null,
      outcome: null,
      health: null,
      reason,
    };
    this.history.push(movement);
    this.movements.set(key(kind, deployment), movement);
  }

  private finish(
    kind: Movement['kind'],
    body: EventOf<'deploy.outcome' | 'rollback.outcome'>,
    at: string,
    by: string,
  ): void {
    const { deployment, outcome, reason, services } = body;
    const movement = this.movements.get(key(kind, deployment));
    // An outcome without its intent names no commit: nothing can be relied on it.
    if (movement === undefined) return;
    Object.assign(movement, { finished: at, outcome, reason: reason || movement.reason });
    const open = this.unfinished.findLastIndex(
      (intent) => intent.kind === `${kind}.intent` && intent.deployment === deployment,
    );
    if (open >= 0) this.unfinished.splice(open, 1);

    // A rollback that was part of a failed deployment may be recorded as `rolledBack`: its target serves.
    if (succeeded(outcome) || (kind === 'rollback' && outcome === 'rolledBack')) {
      if (Object.keys(services).length > 0) movement.release = { ...movement.release, services };
      if (kind === 'rollback' && movement.before !== null) this.condemn(movement.before, movement.reason);
      this.current = { ...movement.release, since: at, by, deployment, health: 'unknown' };
      // Whatever was cut off before is settled: it is known what serves.
      this.unfinished.length = 0;
      this.doubt = null;
    } else if (outcome === 'rolledBack') {
      this.condemn(movement.release, reason);
    } else if (isDoubtful(outcome)) {
      this.doubt = movement;
      if (this.current !== null) this.current = { ...this.current, health: 'unknown' };
    }
  }

  private verify(
    { deployment, version, services, health, reason }: EventOf<'verify.outcome'>,
    at: string,
    by: string,
  ): void {
    const { current } = this;
    // A rollback may go by the id of the deployment that it undoes: the version tells which of the two is meant.
    const movement = [
      this.movements.get(key('rollback', deployment)),
      this.movements.get(key('deploy', deployment)),
    ].find((candidate) => candidate?.release.version === version);
    if (movement !== undefined) movement.health = health;
    const isCurrent = current !== null && current.deployment === deployment && current.version === version;
    if (isCurrent) this.current = { ...current, health };
    // Verified without ever having been deployed: there is no commit that it could be about.
    const commit = movement?.release.commit;
    if (commit === undefined) return;
    const references = movement?.release.references;
    const release = deployedRelease({ version, commit, services, ...(references ? { references } : {}) });
    if (health === 'healthy') {
      const entry = { ...release, deployment, at, by };
      this.verified.push(entry);
      this.good.delete(releaseKey(release));
      this.good.set(releaseKey(release), entry);
      this.bad.delete(version);
    } else if (health === 'unhealthy') {
      this.condemn(release, reason);
    }
  }

  /** What a rollback leaves: the deployment that it names, else what serves, unless that is the target itself. */
  private leaving({ deployment, to }: EventOf<'rollback.intent'>): DeployedRelease | null {
    const named = this.movements.get(key('deploy', deployment))?.release;
    const left = [named, this.current].find((release) => release && releaseKey(release) !== releaseKey(to));
    return left ? deployedRelease(left) : null;
  }

  private condemn(release: DeployedRelease, reason: string): void {
    this.good.delete(releaseKey(release));
    this.bad.delete(release.version);
    this.bad.set(release.version, reason);
  }
}

function key(kind: Movement['kind'], deployment: string): string {
  return `${kind} ${deployment}`;
}

function releaseKey({ version, services }: DeployedRelease): string {
  return `${version} ${digestsKey(services)}`;
}

function digestsKey(services: ServiceDigests): string {
  return JSON.stringify(Object.entries(services).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
