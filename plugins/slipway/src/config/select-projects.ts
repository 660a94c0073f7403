import type { ReleaseProject } from './project';
import { closest } from './suggest';

export interface Candidate extends Pick<ReleaseProject, 'name' | 'root' | 'kind'> {
  /** Whether it holds a version at all. */
  readonly versioned: boolean;
}

export class MembershipError extends Error {
  override readonly name = 'MembershipError';
}

/** What may be chosen from: a candidate, or a member, which was chosen already. */
type Choosable = Pick<Candidate, 'name' | 'root'> & Partial<Pick<Candidate, 'versioned'>>;

/**
 * The projects that a list names, each once. As in `nx.json`: by name, by folder, by a glob of either (also
 * `directory:…`), and without what a `!` stands before; a list that begins with such a one means all others. A glob finds
 * projects with a version only.
 * @param key where the list stands, for errors.
 * @throws {MembershipError} for a name that no project has, a glob that finds nothing, and for tags, which are not known
 * where targets are inferred.
 */
export function selectProjects<T extends Choosable>(
  patterns: readonly string[],
  projects: readonly T[],
  key: string,
): readonly T[] {
  const chosen = new Set<T>(patterns[0]?.startsWith('!') ? projects.filter(isVersioned) : []);
  for (const pattern of patterns) {
    if (pattern.startsWith('!'))
      for (const project of matching(pattern.slice(1), projects, key)) chosen.delete(project);
    else for (const project of found(pattern, projects, key)) chosen.add(project);
  }
  return [...chosen];
}

function found<T extends Choosable>(pattern: string, projects: readonly T[], key: string): readonly T[] {
  const matched = matching(pattern, projects, key);
  if (matched.length > 0) return matched;
  if (isGlob(pattern))
    throw new MembershipError(`${key} has "${pattern}", which no project with a version matches; name the projects`);
  throw new MembershipError(unknownProject(key, pattern, projects));
}

function matching<T extends Choosable>(pattern: string, projects: readonly T[], key: string): readonly T[] {
  if (pattern.startsWith('tag:')) {
    throw new MembershipError(
      `${key} has "${pattern}", but tags of projects are not known where targets are inferred; name the projects in slipway.json`,
    );
  }
  const text = pattern.replace(/^(?:name|directory):/, '');
  if (!isGlob(text)) {
    const named = pattern.startsWith('directory:') ? undefined : projects.find(({ name }) => name === text);
    const project = named ?? projects.find(({ root }) => root === text.replace(/\/+$/, ''));
    return project ? [project] : [];
  }
  if (text === '*') return projects.filter(isVersioned);
  // Loaded on first use: inference is to stay light, and few lists hold a glob.
  const picomatch = require('picomatch') as typeof import('picomatch');
  const matches = picomatch(text);
  const byName = pattern.startsWith('directory:') ? [] : projects.filter(({ name }) => matches(name));
  const matched = byName.length > 0 ? byName : projects.filter(({ root }) => matches(root));
  return matched.filter(isVersioned);
}

function isVersioned({ versioned }: Choosable): boolean {
  return versioned !== false;
}

function isGlob(text: string): boolean {
  return /[*?[\]{}()]/.test(text);
}

/** Says that no project has the name, and which was probably meant. */
export function unknownProject(key: string, name: string, projects: readonly Pick<Candidate, 'name'>[]): string {
  const names = projects.map((project) => project.name);
  const meant = closest(name, names);
  return `${key} names "${name}", but the workspace has no such project; it has ${names.join(', ') || 'none'}.${meant === null ? '' : ` Did you mean "${meant}"?`}`;
}
