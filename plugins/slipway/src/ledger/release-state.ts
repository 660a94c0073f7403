import type { EventOf, LedgerEventBody, StoredEvent } from './events';
import { succeeded } from './outcome-kinds';

/** An event's body with when and by whom it was written. */
export type Recorded<K extends LedgerEventBody['kind']> = EventOf<K> & {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `Name <email>`. */
  readonly by: string;
  readonly id: string;
};

/** All that the `release` stream says about one version. Nothing is judged here: who reads it compares commits. */
export interface ReleaseRecord {
  readonly version: string;
  /** The latest plan for this version; null when its events were written without one. */
  readonly plan: Recorded<'planned'> | null;
  /** Set when the plan was given up, until the version is planned again. */
  readonly abandoned: Recorded<'abandoned'> | null;
  /** The bump that was done under the latest plan: `commit` is the release commit, made on top of `from`. */
  readonly bump: (Recorded<'bump.outcome'> & { readonly commit: string }) | null;
  /** A bump that began and never said how it ended. */
  readonly bumpUnfinished: Recorded<'bump.intent'> | null;
  /** The latest dossier, passed or not. */
  readonly dossier: Recorded<'check'> | null;
  /** The latest dossier of each commit that was checked (`check.commit`). */
  readonly dossiers: ReadonlyMap<string, Recorded<'check'>>;
  readonly images: Recorded<'images'> | null;
  /** All sign-offs, oldest first. Each holds for its own commit only. */
  readonly approvals: readonly Recorded<'approval'>[];
  /** The tag that was made, by a tag.outcome done or already done. */
  readonly tag: Recorded<'tag.outcome'> | null;
  readonly tagUnfinished: Recorded<'tag.intent'> | null;
  /** What this hotfix brought to production and main lacks; null where nothing is, or not any more. */
  readonly forwardPort: Recorded<'forwardport.opened'> | null;
}

/**
 * The `release` stream, folded. The fields of {@link ReleaseRecord} are those of the open release, empty where there is none.
 */
export interface ReleaseState extends Omit<ReleaseRecord, 'version' | 'plan' | 'abandoned' | 'forwardPort'> {
  /** The latest of `opens`; null where there is none. */
  readonly open: Recorded<'planned'> | null;
  /**
   * What is open, in the order it was planned: at most one release that starts from main, and beside it at most one hotfix. Each is the
   * version planned last of its kind, unless it was abandoned. It stays open when it is tagged (production comes after that), until another
   * one of its kind is planned: `tag` tells.
   */
  readonly opens: readonly Recorded<'planned'>[];
  /** Forward-ports that are open, oldest first. */
  readonly forwardPorts: readonly Recorded<'forwardport.opened'>[];
  /** Every version that the stream speaks of, in the order of first mention. */
  readonly releases: ReadonlyMap<string, ReleaseRecord>;
  /** The version tagged last. */
  readonly lastTagged: ReleaseRecord | null;
}

type Draft = {
  -readonly [K in keyof ReleaseRecord]: ReleaseRecord[K] extends ReadonlyMap<infer A, infer B>
    ? Map<A, B>
    : ReleaseRecord[K] extends readonly (infer A)[]
      ? A[]
      : ReleaseRecord[K];
};

/** Folds the events of the `release` stream, oldest first. Linear; events that don't concern releases are passed over. */
export function foldRelease(events: readonly StoredEvent[]): ReleaseState {
  const releases = new Map<string, Draft>();
  const opens = new Map<boolean, Recorded<'planned'>>();
  let lastTagged: ReleaseRecord | null = null;

  for (const { body, at, by, id } of events) {
    if (body.kind === 'other' || body.kind === 'lock.taken') continue;
    let release = releases.get(body.version);
    if (release === undefined) releases.set(body.version, (release = empty(body.version)));
    const meta = { at, by, id };
    switch (body.kind) {
      case 'planned':
        // A bump belongs to the plan that it carried out; dossiers, images and approvals belong to commits, and stay.
        if (release.plan?.commit !== body.commit || release.abandoned !== null) {
          release.bump = null;
          release.bumpUnfinished = null;
        }
        release.plan = { ...body, ...meta };
        release.abandoned = null;
        // Set anew, so that the latest stands last.
        opens.delete(isHotfix(body));
        opens.set(isHotfix(body), release.plan);
        break;
      case 'abandoned':
        release.abandoned = { ...body, ...meta };
        for (const [kind, { version }] of opens) if (version === body.version) opens.delete(kind);
        break;
      case 'forwardport.opened':
        release.forwardPort = { ...body, ...meta };
        break;
      case 'forwardport.closed':
        release.forwardPort = null;
        break;
      case 'bump.intent':
        release.bumpUnfinished = { ...body, ...meta };
        break;
      case 'bump.outcome':
        release.bumpUnfinished = null;
        if (succeeded(body.outcome) && body.commit !== null) release.bump = { ...body, ...meta, commit: body.commit };
        break;
      case 'check':
        release.dossier = { ...body, ...meta };
        release.dossiers.set(body.commit, release.dossier);
        break;
      case 'images':
        release.images = { ...body, ...meta };
        break;
      case 'approval':
        release.approvals.push({ ...body, ...meta });
        break;
      case 'tag.intent':
        release.tagUnfinished = { ...body, ...meta };
        break;
      case 'tag.outcome':
        release.tagUnfinished = null;
        if (succeeded(body.outcome)) {
          release.tag = { ...body, ...meta };
          lastTagged = release;
        }
        break;
      default:
        break;
    }
  }

  const standing = [...opens.values()];
  const open = standing.at(-1) ?? null;
  const {
    version: _version,
    plan: _plan,
    abandoned: _abandoned,
    forwardPort: _forwardPort,
    ...rest
  } = (open && releases.get(open.version)) ?? empty('');
  const forwardPorts = [...releases.values()].flatMap(({ forwardPort }) => forwardPort ?? []);
  return { ...rest, open, opens: standing, forwardPorts, releases, lastTagged };
}

/** A hotfix goes its own way: it starts from what production runs, whatever is under way on main. */
export function isHotfix({ type }: { readonly type: string }): boolean {
  return type === 'hotfix';
}

function empty(version: string): Draft {
  return {
    version,
    plan: null,
    abandoned: null,
    bump: null,
    bumpUnfinished: null,
    dossier: null,
    dossiers: new Map(),
    images: null,
    approvals: [],
    tag: null,
    tagUnfinished: null,
    forwardPort: null,
  };
}
