import { open } from 'node:fs/promises';
import { posix, join } from 'node:path';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import type { ProjectGateConfig } from '../config/schema';
import { PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import { errorMessage } from '../io/error-message';
import { MAX_REPORT_BYTES } from '../reports/report';
import type { ReportFile } from './read-files';
import { DEFAULT_REPORTS } from './paths';
import type { ProducedReport } from './produced-reports';

/** Nothing below these is a report of the project's own. */
const NEVER = ['**/node_modules/**', '**/.git/**', '**/.nx/**', '**/.slipway/**', '**/.venv/**'];
/** All reports of a project together are held in memory once. */
const MAX_TOTAL_BYTES = 4 * MAX_REPORT_BYTES;

export interface CollectedReports {
  readonly files: readonly ReportFile[];
  /** What was looked for, relative to the project. */
  readonly globs: Readonly<Record<ProjectCheckId, readonly string[]>>;
}

/** The usual places, compiled once: a run may look for them in a thousand projects. */
const USUAL: ReadonlyMap<string, (path: string) => boolean> = new Map(
  Object.values(DEFAULT_REPORTS).flatMap((patterns) =>
    patterns.map((pattern) => [pattern, matcherOf(pattern)] as const),
  ),
);

type Globs = Readonly<Partial<Record<ProjectCheckId, readonly string[] | undefined>>>;

/**
 * Finds and reads a project's report files. A file that can't be read is an entry with its error, never left out.
 * @param root absolute path of the workspace
 * @param project its root relative to the workspace
 * @param reports globs that a person named, by check; for others the usual places are searched
 * @param also further globs that a person named, by check
 * @param produced what inferred producers left besides
 * @param maxBytes of all files together
 * @returns null where they are larger together than `maxBytes`
 */
export async function collectReports(
  root: string,
  project: string,
  reports?: Partial<ProjectGateConfig['reports']>,
  also?: Globs,
  produced?: readonly ProducedReport[],
): Promise<CollectedReports>;
export async function collectReports(
  root: string,
  project: string,
  reports: Partial<ProjectGateConfig['reports']>,
  also: Globs,
  produced: readonly ProducedReport[],
  maxBytes: number,
): Promise<CollectedReports | null>;
export async function collectReports(
  root: string,
  project: string,
  reports: Partial<ProjectGateConfig['reports']> = {},
  also: Globs = {},
  produced: readonly ProducedReport[] = [],
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<CollectedReports | null> {
  const directory = join(root, project);
  const own: Globs = reports;
  const globs = Object.fromEntries<readonly string[]>(
    PROJECT_CHECKS.map((id) => [id, [...(own[id] ?? DEFAULT_REPORTS[id]), ...(also[id] ?? [])]]),
  ) as CollectedReports['globs'];
  const paths = await match(new Set(Object.values(globs).flat()), directory);
  const files: ReportFile[] = [];
  let left = MAX_TOTAL_BYTES;
  const found = assign(paths, own, also).map(([path, rest]) => ({ path: posix.join(project, path), ...rest }));
  for (const { path, wanted, named } of [...found, ...produced.map((report) => ({ ...report, named: false }))]) {
    const limit = Math.min(left, MAX_REPORT_BYTES);
    const read = await readCapped(join(root, path), limit, maxBytes - (MAX_TOTAL_BYTES - left));
    if (read === null) return null;
    if ('content' in read) left -= read.content.length;
    files.push({ path, wanted, named, ...read });
  }
  return { files, globs };
}

interface Wanted {
  readonly wanted: ProjectCheckId[];
  named: boolean;
}

/** For which checks each file was looked for, in the order of paths. */
function assign(paths: readonly string[], own: Globs, also: Globs): readonly (readonly [string, Wanted])[] {
  const found = new Map(paths.map((path): [string, Wanted] => [path, { wanted: [], named: false }]));
  for (const id of PROJECT_CHECKS) {
    const usual = own[id] === undefined ? DEFAULT_REPORTS[id] : [];
    const named = new Set([...(own[id] ?? []), ...(also[id] ?? [])].flatMap((pattern) => matching(paths, pattern)));
    // Writers often leave one measurement of coverage in several formats; guessing takes one of them.
    const guessed = id === 'coverage' ? firstMatch(paths, usual) : usual.flatMap((pattern) => matching(paths, pattern));
    for (const path of new Set([...named, ...guessed])) {
      const entry = found.get(path);
      entry?.wanted.push(id);
      if (entry) entry.named ||= named.has(path);
    }
  }
  return [...found].filter(([, { wanted }]) => wanted.length > 0);
}

function matching(paths: readonly string[], pattern: string): readonly string[] {
  if (paths.length === 0) return [];
  const matches = USUAL.get(pattern) ?? matcherOf(pattern);
  return paths.filter((path) => matches(path));
}

function matcherOf(pattern: string): (path: string) => boolean {
  return picomatch(pattern.replace(/^\.\//, ''), { dot: true });
}

function firstMatch(paths: readonly string[], patterns: readonly string[]): readonly string[] {
  for (const pattern of patterns) {
    const matched = matching(paths, pattern);
    if (matched.length > 0) return matched;
  }
  return [];
}

async function match(patterns: ReadonlySet<string>, directory: string): Promise<string[]> {
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

/** Null where it is larger than `enough`, and no larger than it may be. */
async function readCapped(
  path: string,
  limit: number,
  enough: number,
): Promise<{ content: Buffer } | { error: string } | null> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > limit) return { error: `it is larger than a report may be (${Math.ceil(size / 1024 / 1024)} MB)` };
      if (size > enough) return null;
      return { content: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { error: `it can't be read: ${errorMessage(error)}` };
  }
}
