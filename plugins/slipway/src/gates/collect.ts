import { open } from 'node:fs/promises';
import { posix, join } from 'node:path';
import { glob } from 'tinyglobby';
import type { ProjectGateConfig } from '../config/schema';
import { PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import { MAX_REPORT_BYTES } from '../reports/report';
import type { ReportFile } from './judge';
import { DEFAULT_REPORTS } from './paths';

/** Nothing below these is a report of the project's own. */
const NEVER = ['**/node_modules/**', '**/.git/**', '**/.nx/**', '**/.slipway/**', '**/.venv/**'];
/** All reports of a project together are held in memory once. */
const MAX_TOTAL_BYTES = 4 * MAX_REPORT_BYTES;

export interface CollectedReports {
  readonly files: readonly ReportFile[];
  /** What was looked for, relative to the project. */
  readonly globs: Readonly<Record<ProjectCheckId, readonly string[]>>;
}

/**
 * Finds and reads a project's report files. A file that can't be read is an entry with its error, never left out.
 * @param root absolute path of the workspace
 * @param project its root relative to the workspace
 * @param also further globs, by check, where the configuration names none
 */
export async function collectReports(
  root: string,
  project: string,
  reports: Partial<ProjectGateConfig['reports']> = {},
  also: Readonly<Partial<Record<ProjectCheckId, readonly string[]>>> = {},
): Promise<CollectedReports> {
  const directory = join(root, project);
  const found = new Map<string, { wanted: ProjectCheckId[]; named: boolean }>();
  const own: Readonly<Partial<Record<ProjectCheckId, readonly string[] | undefined>>> = reports;
  const globs = Object.fromEntries(
    PROJECT_CHECKS.map((id) => [id, own[id] ?? [...DEFAULT_REPORTS[id], ...(also[id] ?? [])]]),
  ) as Record<ProjectCheckId, readonly string[]>;
  for (const kind of PROJECT_CHECKS) {
    const named = own[kind] !== undefined;
    // Writers often leave one measurement in several formats; guessing takes one of them.
    const matches =
      kind === 'coverage' && !named ? await firstMatch(globs[kind], directory) : await match(globs[kind], directory);
    for (const path of matches) {
      const known = found.get(path);
      if (known) {
        known.wanted.push(kind);
        known.named ||= named;
      } else found.set(path, { wanted: [kind], named });
    }
  }
  const files: ReportFile[] = [];
  let left = MAX_TOTAL_BYTES;
  for (const [path, { wanted, named }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const read = await readCapped(join(directory, path), Math.min(left, MAX_REPORT_BYTES));
    if ('content' in read) left -= read.content.length;
    files.push({ path: posix.join(project, path), wanted, named, ...read });
  }
  return { files, globs };
}

async function match(patterns: readonly string[], directory: string): Promise<string[]> {
  const paths = await glob([...patterns], {
    cwd: directory,
    ignore: NEVER,
    onlyFiles: true,
    dot: true,
    expandDirectories: false,
    followSymbolicLinks: false,
  });
  return paths.sort();
}

async function firstMatch(patterns: readonly string[], directory: string): Promise<string[]> {
  for (const pattern of patterns) {
    const paths = await match([pattern], directory);
    if (paths.length > 0) return paths;
  }
  return [];
}

async function readCapped(path: string, limit: number): Promise<{ content: Buffer } | { error: string }> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > limit) return { error: `it is larger than a report may be (${Math.ceil(size / 1024 / 1024)} MB)` };
      return { content: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { error: `it can't be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
