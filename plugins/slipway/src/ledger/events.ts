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
      readonly configHash: string;
      readonly anchor: DeployedRelease | null;
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
  | { readonly kind: 'lock.taken'; readonly version: string; readonly from: string; readonly reason: string }
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
}

/** What serves in an environment. */
export interface DeployedRelease {
  readonly version: string;
  readonly commit: string;
  readonly services: ServiceDigests;
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
