import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import { errorCode } from '../io/error-code';
import { projectChecks } from './checks';
import { producedFolder } from './paths';

/** A report that an inferred producer left, and the checks that it is for. */
export interface ProducedReport {
  /** Relative to the workspace. */
  readonly path: string;
  readonly wanted: readonly ProjectCheckId[];
}

/**
 * What inferred producers left of a project, in the order of paths.
 * @param root absolute path of the workspace
 * @param project its Nx name
 * @param named checks whose reports a person named: for those nothing else counts
 */
export async function producedReports(
  root: string,
  project: string,
  named: ReadonlySet<ProjectCheckId>,
): Promise<readonly ProducedReport[]> {
  const wanted = new Map<string, ProjectCheckId[]>();
  for (const id of PROJECT_CHECKS) {
    if (named.has(id)) continue;
    for (const target of projectChecks[id].producers) {
      const folder = producedFolder(project, target.replace(/^release-/, ''));
      wanted.set(folder, [...(wanted.get(folder) ?? []), id]);
    }
  }
  const found = await Promise.all(
    [...wanted].map(async ([folder, checks]) =>
      (await filesOf(join(root, folder))).map((name) => ({ path: posix.join(folder, name), wanted: checks })),
    ),
  );
  return found.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // A draft is a report that is being written.
    return entries.flatMap((entry) => (entry.isFile() && !entry.name.endsWith('.tmp') ? [entry.name] : []));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
