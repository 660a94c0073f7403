import { RELEASE_STREAM, type EventOf, type StoredEvent } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import { foldRelease, type ReleaseRecord } from '../../ledger/state';
import { explainPlan } from '../../plan/explain';
import type { ReleasePlan } from '../../plan/release-plan';
import { renderPlan } from '../../plan/render';
import { isVersion, stageOf } from '../../version/next-version';
import type { ReleaseKind } from '../../version/release-types';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { planAtHead, replanAtHead } from '../decide-release';
import { debtNotes } from '../emergency/debts';
import { missingTargets } from '../prerequisites';
import { openRelease, type OpenRelease } from '../open-release';
import { closeForwardPorts } from '../record-forward-ports';
import { readSituation, type Situation } from '../situation';

/** What may be asked of a release; forwarded along the whole chain. */
export interface ChainOptions {
  readonly type?: ReleaseKind;
  readonly releaseVersion?: string;
  /** Stage of a pre-release. */
  readonly preid?: string;
  /** Finish the pre-release. */
  readonly graduate?: boolean;
  /** Reason for going against the rules. */
  readonly override?: string;
}

export interface PlanOptions extends ChainOptions {
  /** Member to explain; empty or true for all. */
  readonly explain?: string | boolean;
}

/** Decides the next release, or returns the one that is open; records it, so that the whole chain speaks of the same. */
export const plan: Step<PlanOptions> = async (context, options) => {
  const refusals = missingTargets(context);
  if (refusals.length > 0) return result({ kind: 'refused', refusals });
  const unknown = unknownMember(context, options.explain);
  if (unknown !== null) return unknown;
  const situation = await readSituation(context);
  const open = await openRelease(context, situation, options.type);
  if (open.kind === 'elsewhere') return result({ kind: 'refused', refusals: [open.refusal] });
  if (open.kind === 'here' && !comesNext(open, options)) return alreadyPlanned(context, situation, open, options);
  const made = await planHere(context, options, situation);
  if ('outcome' in made) return made;
  const lines = [
    ...renderPlan(made),
    ...debtNotes(context, situation, made.version),
    ...explained(made, options.explain),
  ];
  const bumped = made.projects.filter(({ current, next }) => next !== current).map(({ name }) => name);
  const who = bumped.length > 5 ? `${bumped.slice(0, 3).join(', ')} and ${bumped.length - 3} more` : bumped.join(', ');
  const summary = `release ${made.version} (${made.type}) of ${who}`;
  if (context.dryRun) return result({ kind: 'wouldDo', summary: `plan ${summary}` }, { plan: made }, lines);
  context.world.stop.check();
  await closeForwardPorts(context, situation);
  await context.ledger.append(RELEASE_STREAM, plannedEvent(made), { unless: (events) => samePlan(events, made) });
  return result({ kind: 'done', summary: `planned ${summary}` }, { plan: made }, lines);
};

/** The same plan, made by someone else meanwhile. */
function samePlan(events: readonly StoredEvent[], { version, commit }: ReleasePlan): StoredEvent | null {
  const planned = foldRelease(events).opens.find((open) => open.version === version && open.commit === commit);
  return events.find(({ id }) => id === planned?.id) ?? null;
}

/** Whether the next stage of a tagged pre-release is asked for, or its end: both may come without a commit in between. */
function comesNext({ release, record }: Extract<OpenRelease, { kind: 'here' }>, options: ChainOptions): boolean {
  const stage = stageIn(release.version);
  if (record.tag === null || stage === null) return false;
  return options.graduate === true || (options.preid !== undefined && options.preid !== stage);
}

function stageIn(version: string): string | null {
  return isVersion(version) ? stageOf(version) : null;
}

async function alreadyPlanned(
  context: StepContext,
  situation: Situation,
  { release, record }: Extract<OpenRelease, { kind: 'here' }>,
  options: PlanOptions,
): Promise<StepResult> {
  const asked = otherThan(release, options);
  if (asked !== null) return result({ kind: 'refused', refusals: [otherOpen(context, release, record, asked)] });
  const summary =
    record.tag === null
      ? `release ${release.version} is planned and open on ${release.branch}`
      : `release ${release.version} is tagged ${record.tag.tag} on this commit`;
  const outcome = { kind: 'alreadyDone', summary } as const;
  // Once it is bumped, manifests tell of the new version: the reasons stand in its notes.
  if (options.explain === undefined || options.explain === false || record.bump !== null)
    return result(outcome, { release });
  const again = await replanAtHead(context, situation, release);
  return 'outcome' in again ? again : result(outcome, { release }, explained(again, options.explain));
}

/** A tagged one can no longer be given up, and what is asked for would hold nothing else. */
function otherOpen(
  context: StepContext,
  { version, type }: EventOf<'planned'>,
  { tag }: ReleaseRecord,
  asked: string,
): Refusal {
  if (tag !== null) {
    const reason = `this commit is release ${version}, tagged ${tag.tag}, but ${asked} was asked for`;
    return { id: 'otherOpen', reason, remedy: `commit what comes next first, on ${context.config.release.main}` };
  }
  return {
    id: 'otherOpen',
    reason: `${version} (${type}) is open, but ${asked} was asked for`,
    remedy: `finish it, or give it up: ${command(context, 'release-abandon', '--reason="…"')}`,
  };
}

/** What is asked for and the open release is not; null where it is all of it. */
function otherThan({ version, type }: EventOf<'planned'>, options: ChainOptions): string | null {
  const stage = stageIn(version);
  if (options.releaseVersion !== undefined && options.releaseVersion !== version) return options.releaseVersion;
  if (options.type !== undefined && options.type !== type) return options.type;
  if (options.preid !== undefined && options.preid !== stage) return `a pre-release (${options.preid})`;
  if (options.graduate === true && stage !== null) return 'the end of the pre-release';
  return null;
}

function explained(made: ReleasePlan, explain: string | boolean | undefined): readonly string[] {
  if (explain === undefined || explain === false) return [];
  return ['', ...explainPlan(made, typeof explain === 'string' && explain !== '' ? explain : null)];
}

function unknownMember({ members }: StepContext, explain: string | boolean | undefined): StepResult | null {
  if (typeof explain !== 'string' || explain === '' || members.some(({ name }) => name === explain)) return null;
  const names = members.map(({ name }) => name).join(', ');
  return result({
    kind: 'refused',
    refusals: [
      { id: 'unknownMember', reason: `"${explain}" is no member of the release`, remedy: `name one of ${names}` },
    ],
  });
}

/** The plan of the commit that is checked out. Reads only. */
export async function planHere(
  context: StepContext,
  options: ChainOptions,
  situation?: Situation,
): Promise<ReleasePlan | StepResult> {
  const { type, releaseVersion: version, preid, graduate, override } = options;
  return planAtHead(context, situation ?? (await readSituation(context)), { type, version, preid, graduate, override });
}

function plannedEvent(release: ReleasePlan): EventOf<'planned'> {
  const { version, type, tag, tags, base, distTag, override, branch, commit, previous, projects } = release;
  return {
    kind: 'planned',
    version,
    type,
    tag,
    branch,
    commit,
    previous: previous?.version ?? null,
    projects: projects.map(({ name }) => name),
    tags,
    base,
    distTag,
    override,
  };
}
