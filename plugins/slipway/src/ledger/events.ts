import type { Verdict } from '../gates/verdict';
import type { OutcomeKind } from './outcome';

export type { Verdict };

/** `release`, or the name of an environment. One append-only chain of commits each, under `refs/slipway/ledger/`. */
export type Stream = string;
export const RELEASE_STREAM: Stream = 'release';

/** Service name to image id (`sha256:…`), the digest by which the engine knows the image. */
export type ServiceDigests = Readonly<Record<string, string>>;

export interface CheckSummary {
  readonly check: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly measured: number | null;
  readonly limit: number | null;
}

export interface MemberVerdict {
  readonly project: string;
  readonly verdict: Verdict;
  /** Version-blanked digest of the project's files that the verdict is about. */
  readonly subject: string;
  readonly checks: readonly CheckSummary[];
  /** Absent in what Slipway before 0.2 wrote, as is `made`. */
  readonly reports?: readonly ReliedReport[];
  /**
   * `here`: this clone ran the gate and what makes its reports, without any cache; else it may have come out of one that others
   * can write.
   */
  readonly made?: 'here' | 'cache';
  /** What the next release is compared with. Absent in what Slipway before 0.2 wrote. */
  readonly counts?: {
    readonly lines: { readonly covered: number; readonly total: number } | null;
    readonly tests: number | null;
  };
}

/** What an engine says of an image. */
export interface ImageFacts {
  /** As the image names it, e.g. `65532:65532`; empty where it names none. */
  readonly user: string;
  /** Its own health check; null where it has none, or switches it off. */
  readonly healthcheck: readonly string[] | null;
  /** Commit whose context it was built from. */
  readonly commit: string | null;
}

/** A report that a verdict rests on. */
export interface ReliedReport {
  readonly path: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** ISO 8601, UTC: until when it may be relied on; null where nothing says so. */
  readonly validUntil: string | null;
}

/** A waiver that a release relies on. */
export interface ReliedWaiver {
  readonly fingerprint: string;
  readonly owner: string;
  readonly approver: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day it holds. */
  readonly expiry: string;
}

/** What was found out about a release as a signed or unsigned statement. */
export interface StoredDossier {
  /** SHA-256 of the envelope's text, hexadecimal. */
  readonly sha256: string;
  /** Of the key that signed it; null where none did. */
  readonly keyId: string | null;
  /** The DSSE envelope itself; null where it is too large for the ledger. */
  readonly envelope: string | null;
}

/** What is recorded. Every event carries the release's version, so that one release can be read out of a stream. */
export type LedgerEventBody =
  | {
      readonly kind: 'planned';
      readonly version: string;
      readonly type: string;
      readonly tag: string;
      readonly branch: string;
      readonly commit: string;
      readonly previous: string | null;
      readonly projects: readonly string[];
      /** Absent in what Slipway 0.1 wrote, as are the next three. */
      readonly tags?: readonly {
        readonly name: string;
        readonly version: string;
        readonly projects: readonly string[];
      }[];
      /** Branch that the release started from. */
      readonly base?: string;
      readonly distTag?: string;
      /** Reason a person gave for going against the rules; null where nobody did. */
      readonly override?: string | null;
    }
  /** Commits that a hotfix brought to production and main lacks; full ids. */
  | { readonly kind: 'forwardport.opened'; readonly version: string; readonly commits: readonly string[] }
  /** `commit` of main was seen to hold them all. */
  | { readonly kind: 'forwardport.closed'; readonly version: string; readonly commit: string }
  | { readonly kind: 'abandoned'; readonly version: string; readonly reason: string }
  | { readonly kind: 'bump.intent'; readonly version: string; readonly from: string }
  | {
      readonly kind: 'bump.outcome';
      readonly version: string;
      readonly outcome: OutcomeKind;
      readonly from: string;
      readonly commit: string | null;
      readonly reason: string;
    }
  /** The dossier: what tag and deployment rely on. `gated` is the commit whose gates passed, `commit` the one after the bump. */
  | {
      readonly kind: 'check';
      readonly version: string;
      readonly passed: boolean;
      readonly gated: string;
      readonly commit: string;
      readonly members: readonly MemberVerdict[];
      readonly reasons: readonly string[];
      /** Checks of the release itself. Absent in what Slipway before 0.2 wrote, as are the next four. */
      readonly checks?: readonly CheckSummary[];
      /** The digests that were checked; what is deployed must have these. */
      readonly images?: ServiceDigests;
      readonly waivers?: readonly ReliedWaiver[];
      /** Set where nothing but people is missing. */
      readonly waiting?: { readonly on: string; readonly run: string } | null;
      readonly dossier?: StoredDossier;
    }
  | {
      readonly kind: 'images';
      readonly version: string;
      readonly commit: string;
      readonly services: ServiceDigests;
      readonly contexts: Readonly<Record<string, string>>;
      readonly built: readonly string[];
      /** What the engine says of each image. Absent in what Slipway before 0.2 wrote. */
      readonly facts?: Readonly<Record<string, ImageFacts>>;
      /** Where each image was pushed to, `host/name@sha256:…`; absent without a registry. */
      readonly references?: ServiceDigests;
    }
  | {
      readonly kind: 'approval';
      readonly version: string;
      readonly role: string;
      readonly commit: string;
      readonly note: string;
    }
  | { readonly kind: 'tag.intent'; readonly version: string; readonly tag: string; readonly commit: string }
  | {
      readonly kind: 'tag.outcome';
      readonly version: string;
      readonly outcome: OutcomeKind;
      readonly tag: string;
      readonly commit: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'deploy.intent';
      readonly version: string;
      readonly deployment: string;
      readonly commit: string;
      readonly services: ServiceDigests;
      readonly references?: ServiceDigests;
      readonly configHash: string;
      readonly anchor: DeployedRelease | null;
      /** Absent in what Slipway before 0.2 wrote: what this deployment puts in place, and what it replaces. */
      readonly snapshot?: Snapshot;
      /** Set where the deployment came by the emergency lane: id of the bypass. */
      readonly bypass?: string;
    }
  /** A step within a deployment or rollback that touches more than containers, written before and after it. */
  | {
      readonly kind: 'step.intent';
      readonly version: string;
      readonly deployment: string;
      readonly step: DeploymentStep;
      /** What it is about to do, in words. */
      readonly detail: string;
      readonly migration?: MigrationMove;
    }
  | {
      readonly kind: 'step.outcome';
      readonly version: string;
      readonly deployment: string;
      readonly step: DeploymentStep;
      readonly outcome: OutcomeKind;
      readonly detail: string;
      readonly migration?: MigrationMove;
      readonly backup?: BackupRecord;
    }
  | {
      readonly kind: 'deploy.outcome';
      readonly version: string;
      readonly deployment: string;
      readonly outcome: OutcomeKind;
      readonly services: ServiceDigests;
      readonly reason: string;
    }
  | {
      readonly kind: 'verify.outcome';
      readonly version: string;
      readonly deployment: string;
      readonly health: Health;
      readonly services: ServiceDigests;
      readonly measurements: readonly Measurement[];
      readonly reason: string;
    }
  | {
      readonly kind: 'rollback.intent';
      readonly version: string;
      readonly deployment: string;
      readonly to: DeployedRelease;
      readonly services: ServiceDigests;
      readonly automatic: boolean;
      readonly reason: string;
      /** What is rolled back; absent: the application, as Slipway before 0.2 wrote. */
      readonly parts?: readonly RollbackPart[];
      /** Deployment whose snapshot is brought back; null where none is known. */
      readonly snapshotOf?: string | null;
      readonly emergency?: boolean;
    }
  | {
      readonly kind: 'rollback.outcome';
      readonly version: string;
      readonly deployment: string;
      readonly outcome: OutcomeKind;
      readonly to: string;
      readonly services: ServiceDigests;
      readonly reason: string;
    }
  | {
      readonly kind: 'lock.taken';
      readonly version: string;
      readonly from: string;
      readonly reason: string;
      /** Set where a person broke a lock that was still valid: why. Absent in what Slipway before 0.2 wrote. */
      readonly stolen?: string;
    }
  /** Asks for, or joins in asking for, a way around preconditions; in the environment's stream. */
  | {
      readonly kind: 'bypass.requested';
      readonly version: string;
      /** Readable and unique; the requests of all people for one bypass share it. */
      readonly bypass: string;
      readonly commit: string;
      readonly reason: string;
      /** Preconditions that did not hold and are passed over. */
      readonly preconditions: readonly string[];
      /** ISO 8601, UTC. */
      readonly validUntil: string;
    }
  /** What has to be made up for after a bypass: blocks the next normal release; in the environment's stream. */
  | {
      readonly kind: 'debt.opened';
      readonly version: string;
      readonly bypass: string;
      readonly debts: readonly { readonly id: string; readonly what: string }[];
      /** ISO 8601, UTC: after this status warns. */
      readonly due: string;
    }
  | {
      readonly kind: 'debt.settled';
      readonly version: string;
      readonly bypass: string;
      readonly id: string;
      /** What was done about it. */
      readonly note: string;
    }
  /** Written by a newer Slipway: kept and passed over. */
  | { readonly kind: 'other'; readonly version: string; readonly name: string };

/** In verification: `unknown` is never healthy, and holds rather than rolls back. */
export type Health = 'healthy' | 'unhealthy' | 'unknown';

export interface Measurement {
  readonly probe: string;
  readonly health: Health;
  /** What was seen, e.g. `200 in 12 ms, version 1.1.0`. */
  readonly seen: string;
  readonly attempts: number;
  /** What was asked: URL without credentials, command, PromQL. Absent in what Slipway before 0.2 wrote, as are the rest. */
  readonly query?: string;
  /** The number that was judged; null where it has none. */
  readonly value?: number | null;
  /** The bound that it was judged by. */
  readonly limit?: number | null;
  /** ISO 8601, UTC. */
  readonly from?: string;
  readonly to?: string;
  /** Requests or points that the value rests on. */
  readonly samples?: number | null;
  readonly failures?: number;
  /** Kind of the probe. */
  readonly kind?: ProbeKind;
}

export type ProbeKind = 'http' | 'tcp' | 'command' | 'log' | 'restarts' | 'prometheus' | 'engine';

export type DeploymentStep = 'backup' | 'migrate' | 'reverse' | 'restore' | 'configuration';
export type RollbackPart = 'application' | 'database' | 'configuration';

/** What a deployment put in place, as hashes; the content stays on the deploy host. */
export interface Snapshot {
  /** SHA-256 of the description as rendered (e.g. `docker compose config`), hexadecimal. */
  readonly description: string;
  /** SHA-256 of the environment's files, by workspace path. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Migrations that were applied before it; null where there is no database or nobody could tell. */
  readonly migrations: readonly string[] | null;
}

/** A move of the schema. */
export interface MigrationMove {
  /** Applied migrations before and after, oldest first, e.g. `tickets.0003_backfill`. */
  readonly before: readonly string[];
  /** Null in an intent whose end is not known yet. */
  readonly after: readonly string[] | null;
  /** Image id that it was run from. */
  readonly image: string;
}

export interface BackupRecord {
  /** Names the file on the deploy host. */
  readonly id: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
  /** Whether that very file was restored somewhere as a proof; null: nobody tried. */
  readonly proven: boolean | null;
}

/** What serves in an environment. */
export interface DeployedRelease {
  readonly version: string;
  readonly commit: string;
  readonly services: ServiceDigests;
  /** Where to pull each image from, `host/name@sha256:…`; absent where the engine that built them deploys them. */
  readonly references?: ServiceDigests;
}

export type EventOf<K extends LedgerEventBody['kind']> = Extract<LedgerEventBody, { kind: K }>;

export interface StoredEvent {
  readonly v: 1;
  /** Random, unique: how a writer finds its own event again after a lost reply. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `Name <email>` as git knows the person. */
  readonly by: string;
  /** Commit id of the event in its stream. */
  readonly commit: string;
  readonly body: LedgerEventBody;
}
