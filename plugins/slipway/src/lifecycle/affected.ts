import type { Git } from '../io/git';
import { readHistory, type HistoryCommit } from '../history/read';
import { HistoryError } from '../history/history-error';
import { createProjectLookup } from '../history/projects';
import type { DeployedRelease, ServiceDigests } from '../ledger/events';
import type { StepContext } from './context';

/** What of one service is new. */
export interface AffectedService {
  readonly service: string;
  /** Whether it gets another image; where its new one is not built yet, whether commits touched what it is built from. */
  readonly changed: boolean;
  /** Commits that touched what its image is built from; null where history does not tell. */
  readonly commits: number | null;
}

/** What is new in an environment, against what serves there. */
export interface Affected {
  /** Version that serves. */
  readonly since: string;
  readonly services: readonly AffectedService[];
  /** Members whose files commits touched, in their order; null where history does not tell. */
  readonly projects: readonly { readonly project: string; readonly commits: number }[] | null;
  /** Whether commits touched the environment's Compose file. */
  readonly description: boolean;
}

interface Question {
  readonly context: {
    readonly world: { readonly git: Git };
    readonly config: Pick<StepContext['config'], 'images' | 'environments'>;
    readonly members: StepContext['members'];
  };
  readonly environment: string;
  readonly serving: DeployedRelease;
  readonly commit: string;
  /** The new images; null where they are not built yet. */
  readonly services: ServiceDigests | null;
  /** Full ids of commits that only write a release. */
  readonly bumps: ReadonlySet<string>;
}

/** Compares by images, and counts commits by what each image is built from. One call of git; none where both are one commit. */
export async function affectedSince(question: Question): Promise<Affected> {
  const { context, environment, serving, commit, services, bumps } = question;
  const { images, environments } = context.config;
  const commits = await commitsBetween(context.world.git, serving.commit, commit, bumps);
  const names = environments[environment]?.services ?? Object.keys(images);
  return {
    since: serving.version,
    services: names.map((service) => {
      const image = images[service];
      const paths = image === undefined ? [] : [image.dockerfile, ...image.context];
      const count = commits?.filter(({ files }) => touches(files, paths)).length ?? null;
      const [before, after] = [serving.services[service], services?.[service]];
      return { service, changed: services === null ? count !== 0 : before !== after, commits: count };
    }),
    projects: commits === null ? null : projectsOf(commits, context.members),
    description: commits?.some(({ files }) => touches(files, [environments[environment]?.compose ?? ''])) ?? false,
  };
}

/** For a person: `since 1.0.0: backend (3 commits), frontend unchanged`. */
export function tellAffected({ since, services, description }: Affected): string {
  const also = description ? '; its Compose file changed' : '';
  if (services.every(({ changed }) => !changed)) return `nothing since ${since}: all images are the same${also}`;
  const told = services.map(({ service, changed, commits }) => {
    if (!changed) return `${service} unchanged`;
    if (commits === null) return `${service} changed`;
    return `${service} (${commits === 0 ? 'built anew' : commits === 1 ? '1 commit' : `${commits} commits`})`;
  });
  return `since ${since}: ${told.join(', ')}${also}`;
}

async function commitsBetween(
  git: Git,
  from: string,
  to: string,
  bumps: ReadonlySet<string>,
): Promise<readonly HistoryCommit[] | null> {
  if (from === to) return [];
  try {
    return (await readHistory(git, { from, to })).filter(({ id }) => !bumps.has(id));
  } catch (error) {
    // A shallow or foreign clone may lack what serves: images still tell.
    if (error instanceof HistoryError) return null;
    throw error;
  }
}

function touches(files: readonly string[], paths: readonly string[]): boolean {
  return files.some((file) => paths.some((path) => path === '.' || file === path || file.startsWith(`${path}/`)));
}

function projectsOf(
  commits: readonly HistoryCommit[],
  members: StepContext['members'],
): readonly { readonly project: string; readonly commits: number }[] {
  const lookup = createProjectLookup(members);
  const counts = new Map<string, number>();
  for (const { files } of commits)
    for (const project of new Set(files.map(lookup)))
      if (project !== null) counts.set(project, (counts.get(project) ?? 0) + 1);
  return members.flatMap(({ name }) => {
    const count = counts.get(name);
    return count === undefined ? [] : [{ project: name, commits: count }];
  });
}
