import { deployedRelease } from './deployed-release';
import type {
  BackupRecord,
  DeployedRelease,
  EventOf,
  Health,
  MigrationMove,
  RollbackPart,
  ServiceDigests,
  Snapshot,
  StoredEvent,
} from './events';
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
  /** Key in {@link EnvironmentState.snapshots} of the description that it was put in place with; null where none was recorded. */
  readonly snapshotOf: string | null;
}

/** A release that was verified healthy here, with the digests that were seen. */
export interface VerifiedRelease extends DeployedRelease {
  readonly deployment: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  /** As of {@link CurrentRelease}. */
  readonly snapshotOf: string | null;
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
  /** What was rolled back; empty for a deployment. */
  readonly parts: readonly RollbackPart[];
  readonly snapshotOf: string | null;
  /** Deployment whose files a rollback of the configuration brings back; null for anything else. */
  readonly configurationOf: string | null;
  /** Steps that touched more than containers, in order. */
  readonly steps: readonly StepRecord[];
}

/** A step within a deployment or rollback, by its latest events. */
export interface StepRecord {
  readonly step: EventOf<'step.intent'>['step'];
  /** Null while it has no outcome: its process died, or it is under way. */
  readonly outcome: OutcomeKind | null;
  readonly detail: string;
  readonly migration: MigrationMove | null;
  readonly backup: BackupRecord | null;
}

/** What a deployment put in place, as the ledger holds it. */
export interface RecordedSnapshot {
  readonly release: DeployedRelease;
  readonly snapshot: Snapshot;
}

/** Where the schema stands, by the ledger. */
export interface SchemaRecord {
  /** Applied migrations after the last move; null where a move never ended, so that only the database can tell. */
  readonly applied: readonly string[] | null;
  /** Release whose image holds every migration that may be applied. */
  readonly newest: DeployedRelease;
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
  /** What was put in place, by the deployment that did. */
  readonly snapshots: ReadonlyMap<string, RecordedSnapshot>;
  /** Null where no deployment ever told of a database. */
  readonly schema: SchemaRecord | null;
}

/** Folds the events of an environment's stream, oldest first. Linear in their number. */
export function foldEnvironment(events: readonly StoredEvent[]): EnvironmentState {
  const fold = new EnvironmentFold();
  for (const event of events) fold.add(event);
  return fold.state();
}

type Draft = { -readonly [K in keyof Omit<Movement, 'steps'>]: Movement[K] } & { readonly steps: StepRecord[] };

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
  private readonly snapshots = new Map<string, RecordedSnapshot>();
  private schema: SchemaRecord | null = null;

  add({ body, at, by, id }: StoredEvent): void {
    switch (body.kind) {
      case 'deploy.intent':
        this.unfinished.push({ ...body, at, by, id });
        if (body.snapshot !== undefined) this.remember(body.deployment, deployedRelease(body), body.snapshot);
        this.begin({
          kind: 'deploy',
          deployment: body.deployment,
          release: deployedRelease(body),
          before: body.anchor,
          automatic: false,
          reason: '',
          parts: [],
          snapshotOf: body.snapshot === undefined ? null : body.deployment,
          configurationOf: null,
          at,
          by,
        });
        break;
      case 'rollback.intent':
        this.unfinished.push({ ...body, at, by, id });
        this.begin({
          kind: 'rollback',
          deployment: body.deployment,
          release: body.to,
          before: this.leaving(body),
          automatic: body.automatic,
          reason: body.reason,
          parts: body.parts ?? ['application'],
          snapshotOf: this.ownSnapshot(body),
          configurationOf: body.parts?.includes('configuration') === true ? (body.snapshotOf ?? null) : null,
          at,
          by,
        });
        break;
      case 'step.intent':
      case 'step.outcome':
        this.step(body);
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
      snapshots: this.snapshots,
      schema: this.schema,
    };
  }

  private begin(begun: Omit<Movement, 'finished' | 'outcome' | 'health' | 'steps'>): void {
    const movement: Draft = { ...begun, finished: null, outcome: null, health: null, steps: [] };
    this.history.push(movement);
    this.movements.set(key(begun.kind, begun.deployment), movement);
  }

  private remember(deployment: string, release: DeployedRelease, snapshot: Snapshot): void {
    this.snapshots.set(deployment, { release, snapshot });
    if (snapshot.migrations === null) return;
    // Read from the database: what is applied. Which image holds them is known from the move that brought them.
    const newest = this.schema?.newest ?? this.current ?? release;
    this.schema = { applied: snapshot.migrations, newest: deployedRelease(newest) };
  }

  /** That of a rollback of the configuration may be of another release, of which only the files are brought back. */
  private ownSnapshot({ snapshotOf, to }: EventOf<'rollback.intent'>): string | null {
    if (snapshotOf == null) return null;
    const recorded = this.snapshots.get(snapshotOf);
    return recorded !== undefined && releaseKey(recorded.release) === releaseKey(to) ? snapshotOf : null;
  }

  /** A step belongs to what is under way under its id: a rollback goes by the id of the deployment that it undoes. */
  private step(body: EventOf<'step.intent' | 'step.outcome'>): void {
    const movement = this.history.findLast(({ deployment }) => deployment === body.deployment);
    if (movement === undefined) return;
    const { step, detail, migration = null } = body;
    const open = movement.steps.findLastIndex((known) => known.step === step && known.outcome === null);
    const before = open < 0 ? null : movement.steps.splice(open, 1)[0];
    const isOutcome = body.kind === 'step.outcome';
    movement.steps.push({
      step,
      outcome: isOutcome ? body.outcome : null,
      detail,
      migration: migration ?? before?.migration ?? null,
      backup: isOutcome ? (body.backup ?? null) : null,
    });
    if (step === 'migrate') {
      // From its intent on: a part of them may be applied.
      const done = isOutcome && succeeded(body.outcome);
      this.schema = { applied: done ? (migration?.after ?? null) : null, newest: deployedRelease(movement.release) };
    } else if ((step === 'reverse' || step === 'restore') && this.schema !== null) {
      const done = isOutcome && succeeded(body.outcome);
      this.schema = { ...this.schema, applied: done ? (migration?.after ?? null) : null };
    }
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
      const { release, snapshotOf } = movement;
      this.current = { ...release, since: at, by, deployment, health: 'unknown', snapshotOf };
      // Whatever was cut off before is settled: it is known what serves.
      this.unfinished.length = 0;
      this.doubt = null;
    } else if (outcome === 'rolledBack') {
      // Only its configuration was bad where the same release was brought back as it was before.
      const isBack = this.current !== null && releaseKey(this.current) === releaseKey(movement.release);
      if (!isBack) this.condemn(movement.release, reason);
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
      const entry = { ...release, deployment, at, by, snapshotOf: movement?.snapshotOf ?? null };
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
