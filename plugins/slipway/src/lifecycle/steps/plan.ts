import { readHistory } from '../../history/read';
import { lastRelease } from '../../history/releases';
import { RELEASE_STREAM, type EventOf, type StoredEvent } from '../../ledger/events';
import { foldRelease } from '../../ledger/state';
import { makePlan } from '../../plan/make-plan';
import { PlanError } from '../../plan/plan-error';
import type { ReleasePlan, ReleaseType } from '../../plan/release-plan';
import { renderPlan } from '../../plan/render';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { readManifests, withVersions } from '../manifests';
import { missingTargets } from '../prerequisites';
import { openRelease, type OpenRelease } from '../open-release';
import { readSituation } from '../situation';

/** What may be asked of a release; forwarded along the whole chain. */
export interface ChainOptions {
  readonly type?: ReleaseType;
  readonly releaseVersion?: string;
}

/** Decides the next release, or returns the one that is open; records it, so that the whole chain speaks of the same. */
export const plan: Step<ChainOptions> = async (context, options) => {
  const refusals = missingTargets(context);
  if (refusals.length > 0) return result({ kind: 'refused', refusals });
  const situation = await readSituation(context);
  const open = await openRelease(context, situation, options.type);
  if (open.kind === 'elsewhere') return result({ kind: 'refused', refusals: [open.refusal] });
  if (open.kind === 'here') return alreadyPlanned(context, open, options);
  const made = await planHere(context, options);
  if ('outcome' in made) return made;
  const lines = renderPlan(made);
  const summary = `release ${made.version} (${made.type}) of ${made.projects.map(({ name }) => name).join(', ')}`;
  if (context.dryRun) return result({ kind: 'wouldDo', summary: `plan ${summary}` }, { plan: made }, lines);
  context.world.stop.check();
  await context.ledger.append(RELEASE_STREAM, plannedEvent(made), { unless: (events) => samePlan(events, made) });
  return result({ kind: 'done', summary: `planned ${summary}` }, { plan: made }, lines);
};

/** The same plan, made by someone else meanwhile. */
function samePlan(events: readonly StoredEvent[], { version, commit }: ReleasePlan): StoredEvent | null {
  const { open } = foldRelease(events);
  if (open === null || open.version !== version || open.commit !== commit) return null;
  return events.find(({ id }) => id === open.id) ?? null;
}

function alreadyPlanned(
  context: StepContext,
  { release }: Extract<OpenRelease, { kind: 'here' }>,
  options: ChainOptions,
): StepResult {
  const asked = options.releaseVersion ?? options.type;
  if (
    (options.releaseVersion !== undefined && options.releaseVersion !== release.version) ||
    (options.type !== undefined && options.type !== release.type)
  ) {
    const reason = `${release.version} (${release.type}) is open, but ${asked} was asked for`;
    return result({
      kind: 'refused',
      refusals: [
        {
          id: 'otherOpen',
          reason,
          remedy: `finish it, or give it up: ${command(context, 'release-abandon', '--reason="…"')}`,
        },
      ],
    });
  }
  return result(
    { kind: 'alreadyDone', summary: `release ${release.version} is planned and open on ${release.branch}` },
    { release },
  );
}

/** The plan of the commit that is checked out. Reads only. */
export async function planHere(context: StepContext, options: ChainOptions): Promise<ReleasePlan | StepResult> {
  const { world, config, members } = context;
  try {
    const head = await world.git.text(['rev-parse', '--verify', 'HEAD^{commit}']);
    const previous = await lastRelease(world.git, config.release.tagPattern, head);
    const [commits, manifests] = await Promise.all([
      readHistory(world.git, { from: previous?.commit ?? null, to: head }),
      readManifests(context),
    ]);
    return makePlan({
      commits,
      previous,
      head,
      projects: withVersions(members, manifests, previous?.version ?? null),
      policy: config.release,
      asked: {
        ...(options.type === undefined ? {} : { type: options.type }),
        ...(options.releaseVersion === undefined ? {} : { version: options.releaseVersion }),
      },
    });
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return result(
      { kind: 'refused', refusals: [{ id: error.failure, reason: error.message, remedy: error.remedy }] },
      { details: error.details },
      error.details,
    );
  }
}

export function plannedEvent(release: ReleasePlan): EventOf<'planned'> {
  const { version, type, tag, branch, commit, previous, projects } = release;
  return {
    kind: 'planned',
    version,
    type,
    tag,
    branch,
    commit,
    previous: previous?.version ?? null,
    projects: projects.map(({ name }) => name),
  };
}
