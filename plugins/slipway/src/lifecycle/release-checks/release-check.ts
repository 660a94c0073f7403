import type { ReleaseProject } from '../../config/project';
import type { CheckId, CheckResult } from '../../gates/check';
import type { ProjectVerdict, ReportFile } from '../../gates';
import type { WaiverSet } from '../../gates/waivers';
import type { EventOf, ServiceDigests } from '../../ledger/events';
import type { StepContext } from '../context';
import type { WorkspaceManifests } from '../manifests';
import type { Situation } from '../situation';

/** A release commit that is to be checked, and what is known of it. */
export interface ReleaseSubject {
  readonly context: StepContext;
  readonly situation: Situation;
  readonly release: EventOf<'planned'>;
  /** Commit whose gates passed. */
  readonly gated: string;
  /** The bump's commit. */
  readonly bumped: string;
  /** The commit to check: the bump's, or one on top of it. */
  readonly commit: string;
  /** The release before it in the owner's line; null for a first release. */
  readonly last: { readonly version: string; readonly commit: string } | null;
  readonly members: readonly MemberEvidence[];
  /** Digests of the images that were built from the commit; null where none are configured. */
  readonly images: ServiceDigests | null;
  readonly manifests: WorkspaceManifests;
  readonly waivers: WaiverSet;
  readonly now: Date;
}

/** What lies on disk of one member, judged again now: a verdict file alone proves nothing. */
export interface MemberEvidence {
  readonly project: ReleaseProject;
  readonly verdict: ProjectVerdict;
  readonly files: readonly ReportFile[];
}

/** What a check of the release comes to, and what a person does about it. */
export interface ReleaseCheckResult extends CheckResult {
  /** Mends what keeps it from passing. */
  readonly remedy?: string;
  /** Set where nothing but people is missing: whom it waits for, and what they run. */
  readonly waitingFor?: { readonly on: string; readonly run: string };
}

/** A check of what is true of a commit and a moment. Gathers its facts, then calls a pure function of `gates/`. Never cached. */
export interface ReleaseCheck {
  readonly id: CheckId;
  /** For people, e.g. `Code review`. */
  readonly title: string;
  readonly run: (subject: ReleaseSubject) => Promise<ReleaseCheckResult>;
}
