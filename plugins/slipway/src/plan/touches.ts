import { createProjectLookup } from '../history/projects';
import type { ClassifyInput } from './classify';
import type { Union } from './union';

/** Which members a commit touches, and for which lines it is new. */
export interface Touch {
  /** Positions among the projects, ascending. */
  projects: readonly number[];
  /** Positions of lines whose range holds it, among those of `projects`. */
  readonly lines: number[];
  inOwner: boolean;
  /** Whether it touches files, and all of them are ignored. */
  readonly ignored: boolean;
}

/** Whether it is new to a line; what touches no member, to the release's own. */
export function isNews({ projects, lines, inOwner }: Touch): boolean {
  return projects.length === 0 ? inOwner : lines.length > 0;
}

/** By position in the union; linear in commits and the files they touch. */
export function readTouches(union: Union, { lines, ownerLine, projects, broughtBy, policy }: ClassifyInput): Touch[] {
  const positions = new Map(projects.map(({ name }, index) => [name, index]));
  const lookup = createProjectLookup(projects);
  const isIgnored = createIgnored(policy.ignore);
  const touches = union.commits.map(({ files }): Touch => {
    const counting = isIgnored === null ? files : files.filter((file) => !isIgnored(file));
    const found = new Set<number>();
    for (const file of counting) {
      const position = positions.get(lookup(file) ?? '');
      if (position !== undefined) found.add(position);
    }
    return {
      projects: [...found].sort((a, b) => a - b),
      lines: [],
      inOwner: false,
      ignored: files.length > 0 && counting.length === 0,
    };
  });
  union.commits.forEach(({ id, parents }, position) => {
    const touch = touches[position];
    // git lists no files of a merge: it touches what it brought.
    if (parents.length < 2 || touch === undefined) return;
    const brought = broughtBy(id).flatMap((commit) => touches[union.at.get(commit) ?? -1]?.projects ?? []);
    touch.projects = [...new Set(brought)].sort((a, b) => a - b);
  });
  const lineOf = new Map(
    lines.flatMap((line, index) => line.projects.map((name) => [positions.get(name) ?? -1, index])),
  );
  const owner = lines.findIndex(({ name }) => name === ownerLine);
  union.each((position, ranges) => {
    const touch = touches[position];
    if (touch === undefined) return;
    if (ranges.has(owner)) touch.inOwner = true;
    for (const project of touch.projects) {
      const line = lineOf.get(project);
      if (line !== undefined && ranges.has(line) && !touch.lines.includes(line)) touch.lines.push(line);
    }
  });
  return touches;
}

/** Null where nothing is ignored. */
function createIgnored(globs: readonly string[]): ((file: string) => boolean) | null {
  if (globs.length === 0) return null;
  // Loaded on first use: most configurations ignore nothing.
  const picomatch = require('picomatch') as typeof import('picomatch');
  return picomatch([...globs], { dot: true });
}
