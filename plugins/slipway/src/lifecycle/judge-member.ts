import { milliseconds } from '../deploy/duration';
import type { GatesConfig } from '../config/schema';
import { tool } from '../config/tool';
import { subjectsOfTree } from '../evidence/subjects';
import { scopeOf, subjectOfTree } from '../evidence/subject';
import { dayOf, mergePolicy, readWaivers, type WaiverSet } from '../gates';
import { judgeFromDisk, type Judgement, type JudgeRequest } from '../gates/judge-from-disk';
import type { StepContext } from './context';
import { readManifests, type WorkspaceManifests } from './manifests';

export type JudgingContext = Pick<StepContext, 'config' | 'projects' | 'members'> & {
  readonly world: Pick<StepContext['world'], 'root' | 'git' | 'clock'>;
};

export interface JudgingOptions {
  /** The day to judge for, YYYY-MM-DD in UTC. Default: today. */
  readonly asOf?: string;
  /** Asked of every project instead of what `slipway.json` sets; a project's own settings still go on top. */
  readonly gates?: GatesConfig;
  /** Read already. */
  readonly manifests?: Pick<WorkspaceManifests, 'blank'>;
}

/** What judging several projects shares; made once, so that each costs only its own files. */
export interface Judging {
  readonly context: JudgingContext;
  readonly asOf: string;
  readonly gates: GatesConfig;
  readonly waivers: WaiverSet;
  readonly subjectOf: (root: string) => Promise<string>;
}

const AUDIT_VALID_FOR = '24h';

/**
 * Prepares to judge one project, or several.
 * @param options.together names of the projects to judge, where they are several: what they are about is found out in one pass
 * @throws {ManifestError} for a manifest that can't be parsed.
 */
export async function prepareJudging(
  context: JudgingContext,
  { together = [], ...options }: JudgingOptions & { readonly together?: readonly string[] } = {},
): Promise<Judging> {
  const { world, config, projects } = context;
  const { blank } = options.manifests ?? (await readManifests(context));
  const waivers = await readWaivers(world.root, config.waivers);
  const roots = projects.map(({ root }) => root);
  const wanted = projects.filter(({ name }) => together.includes(name)).map(({ root }) => root);
  const subjects = wanted.length > 1 ? await subjectsOfTree(world, roots, blank, wanted) : null;
  return {
    context,
    asOf: options.asOf ?? dayOf(world.clock.now()),
    gates: options.gates ?? config.gates,
    waivers,
    subjectOf: async (root) => subjects?.get(root) ?? subjectOfTree(world, scopeOf({ root }, projects), blank),
  };
}

/** Judges a project by what lies on disk now. The same files, settings and day give the same verdict. @param name Nx name */
export async function judgeIn(judging: Judging, name: string): Promise<Judgement> {
  return judgeFromDisk(await requestFor(judging, name));
}

/** What judging a project takes, as plain data. */
export async function requestFor(judging: Judging, name: string): Promise<JudgeRequest> {
  const { context, asOf, gates, waivers } = judging;
  const { config, projects, world } = context;
  const own = projects.find((project) => project.name === name);
  if (own === undefined) throw new Error(`${name} is not a project of this workspace`);
  const settings = config.projects[name];
  const audit = settings?.audit;
  return {
    root: world.root,
    project: {
      name,
      root: own.root,
      kind: own.kind,
      targets: own.targets,
      variables: Object.values(config.images).map(({ variable }) => variable),
    },
    nested: scopeOf(own, projects).nested,
    reports: settings?.reports ?? {},
    policy: mergePolicy(gates, settings),
    producers: settings?.producers ?? ['test'],
    subject: await judging.subjectOf(own.root),
    tool: { name: 'nx-slipway', version: tool().version },
    asOf,
    waivers,
    auditValidFor: milliseconds(audit === undefined || audit === false ? AUDIT_VALID_FOR : audit.validFor),
  };
}
