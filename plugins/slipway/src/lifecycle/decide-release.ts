import { resolveLines, type ReleaseLine } from '../config/groups';
import type { ReleaseProject } from '../config/project';
import type { SlipwayConfig } from '../config/schema';
import { repositoryCache, type HistoryCache } from '../history/cache';
import { HistoryError } from '../history/history-error';
import { readReleaseHistory } from '../history/release-history';
import { tagOfVersion } from '../history/releases';
import type { World } from '../io/world';
import type { EventOf } from '../ledger/events';
import { isHotfix } from '../ledger/state';
import { makePlan } from '../plan/make-plan';
import { PlanError } from '../plan/plan-error';
import type { Asked, ForwardPort, PlanProject, Production, RecordedPlan } from '../plan/plan-input';
import type { ReleasePlan } from '../plan/release-plan';
import { isAncestor, isPresent } from '../tag/inspect';
import { result, type StepContext, type StepResult } from './context';
import { readForwardPorts } from './forward-ports';
import { checkVersionFiles, manifestDependencies, readManifests, withVersions } from './manifests';
import { checkTagOf } from './moved-tag';
import { productionRelease } from './production';
import type { Situation } from './situation';
import { checkUnfetchedTags } from './unfetched-tags';

/** The workspace whose release is decided, as its work tree stands. */
export interface ReleasePlace {
  readonly world: Pick<World, 'root' | 'git'>;
  readonly config: SlipwayConfig;
  readonly members: readonly ReleaseProject[];
  /** Nx name of the project that carries the lifecycle. */
  readonly owner: string;
}

/** What the ledger says that matters to a plan. */
export interface LedgerFacts {
  /** Names of the tags that other open releases will make. */
  readonly taken: ReadonlySet<string>;
  readonly production: Production | null;
  readonly forwardPorts: readonly ForwardPort[];
}

export interface ReleaseRequest {
  /** An id, or a name such as HEAD, which is the default. Manifests are read from the work tree, whatever it is. */
  readonly head?: string;
  /** Branch that is checked out; null on a detached head. */
  readonly branch: string | null;
  readonly asked?: Asked;
  /** Null without a ledger, where no hotfix can be planned. */
  readonly ledger: LedgerFacts | null;
  /** A plan to make again. */
  readonly recorded?: RecordedPlan;
  readonly cache?: HistoryCache | null;
  /** Remote to ask for tags of lines that have none here. Default: none is asked. */
  readonly remote?: string;
}

/**
 * Decides the release of a commit from history, manifests and ledger. Reads only, and nothing but the local repository
 * unless a remote is given; no more than a cache, where one is given, is written.
 * @throws {PlanError} when there is none to make; {HistoryError}, {MembershipError} and {ManifestError} as they come.
 */
export async function decideRelease(place: ReleasePlace, request: ReleaseRequest): Promise<ReleasePlan> {
  const { world, config, members, owner } = place;
  const { lines, ownerLine } = resolveLines(config, members, owner);
  const head = request.head ?? 'HEAD';
  const [history, manifests] = await Promise.all([
    readReleaseHistory(world.git, {
      head,
      lines,
      base: baseOf(request, lines, ownerLine),
      cache: request.cache ?? null,
    }),
    readManifests(place),
  ]);
  checkVersionFiles(place, manifests);
  const planLines = lines.map((line) => ({ ...line, history: history.line(line.name) }));
  if (request.remote !== undefined) {
    const untagged = planLines.filter((line) => line.history.taken.size === 0);
    await checkUnfetchedTags(world.git, request.remote, untagged);
  }
  const released = planLines.map(({ projects, history: { latest } }) => ({
    projects,
    released: latest?.version ?? null,
  }));
  // Where all members share one version, none can be bumped by another.
  const written = lines.length > 1 ? manifestDependencies(members, manifests) : null;
  const dependencies = new Map(
    members.map(({ name, dependencies: known }) => [name, [...new Set([...known, ...(written?.get(name) ?? [])])]]),
  );
  return makePlan({
    head: history.head,
    branch: request.branch,
    lines: planLines,
    ownerLine,
    projects: withVersions(members, manifests, released).map((member): PlanProject => ({
      ...member,
      dependencies: dependencies.get(member.name) ?? [],
    })),
    broughtBy: (merge) => history.broughtBy(merge),
    policy: {
      branchPattern: config.release.branchPattern,
      main: config.release.main,
      commits: config.commits,
      freeze: config.release.freeze.types,
    },
    ...(request.asked === undefined ? {} : { asked: request.asked }),
    ...(request.recorded === undefined ? {} : { recorded: request.recorded }),
    ...(request.ledger ?? {}),
  });
}

/** Where the history of a hotfix begins; null for every other release. */
function baseOf({ asked, recorded, ledger }: ReleaseRequest, lines: readonly ReleaseLine[], ownerLine: string) {
  const production = ledger?.production ?? null;
  // Without production's commit there is no hotfix here: the plan says so.
  if ((recorded?.type ?? asked?.type) !== 'hotfix' || production === null || !production.held) return null;
  const { version, commit, tag } = production;
  const pattern = lines.find(({ name }) => name === ownerLine)?.tagPattern ?? '';
  return { version, commit, tag: tag ?? tagOfVersion(pattern, version) };
}

/** The plan of what is checked out, or the refusal to make one. */
export async function planAtHead(
  context: StepContext,
  situation: Situation,
  asked: Asked,
): Promise<ReleasePlan | StepResult> {
  const hotfix = asked.type === 'hotfix';
  return orRefusal(async () => {
    const ledger = await readLedgerFacts(context, situation, hotfix);
    const { branch } = situation.tree;
    const plan = await decideRelease(context, {
      branch,
      asked,
      ledger,
      cache: cacheFor(context),
      remote: context.config.release.remote,
    });
    checkTagOf(situation.release, plan.previous, context.config.release.remote);
    return plan;
  });
}

/**
 * A recorded plan made again from what is checked out, for the step that carries it out: with the versions that were
 * recorded, whatever was tagged or planned since. On the commit that was planned it is the very same plan; refused where
 * commits came since that demand more than the recorded version gives.
 */
export async function replanAtHead(
  context: StepContext,
  situation: Situation,
  release: EventOf<'planned'>,
): Promise<ReleasePlan | StepResult> {
  const { version, type, tag, projects } = release;
  // What Slipway 0.1 wrote has one tag, and always started from main.
  const recorded: RecordedPlan = {
    version,
    type,
    base: release.base ?? context.config.release.main,
    override: release.override ?? null,
    tags: release.tags ?? [{ name: tag, version, projects }],
  };
  return orRefusal(async () => {
    const ledger = await readLedgerFacts(context, situation, isHotfix(release));
    const { branch } = situation.tree;
    return decideRelease(context, { branch, recorded, ledger, cache: cacheFor(context) });
  });
}

async function orRefusal(decide: () => Promise<ReleasePlan>): Promise<ReleasePlan | StepResult> {
  try {
    return await decide();
  } catch (error) {
    // That a clone holds too little is nothing that failed, and what to fetch is known.
    if (!(error instanceof PlanError || (error instanceof HistoryError && error.failure !== 'unreadable'))) throw error;
    const details = error instanceof PlanError ? error.details : [];
    return result(
      { kind: 'refused', refusals: [{ id: error.failure, reason: error.message, remedy: error.remedy }] },
      { details },
      details,
    );
  }
}

/** A dry run reads what is cached and leaves it as it is. */
function cacheFor({ dryRun }: Pick<StepContext, 'dryRun'>): HistoryCache {
  return repositoryCache({ write: !dryRun });
}

async function readLedgerFacts(context: StepContext, situation: Situation, hotfix: boolean): Promise<LedgerFacts> {
  const { git } = context.world;
  const { head } = situation.tree;
  const others = situation.release.opens.filter((release) => isHotfix(release) !== hotfix);
  const taken = new Set(others.flatMap(({ tag, tags }) => tags?.map(({ name }) => name) ?? [tag]));
  if (!hotfix) return { taken, production: null, forwardPorts: await readForwardPorts(git, situation.release, head) };
  const running = productionRelease(context.config, situation);
  if (running === null) return { taken, production: null, forwardPorts: [] };
  const { version, tag, commit } = running;
  const held = head !== '' && (await isPresent(git, commit)) && (await isAncestor(git, commit, head));
  return { taken, production: { version, tag, commit, held }, forwardPorts: [] };
}
