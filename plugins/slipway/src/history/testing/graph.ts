import fc from 'fast-check';
import type { Git } from '../../io/git';

/** A history as a drawing: commits by number, parents before children. */
export interface Graph {
  readonly commits: readonly GraphCommit[];
  /** Name of a tag to the commit it marks. */
  readonly tags: Readonly<Record<string, number>>;
}

export interface GraphCommit {
  readonly parents: readonly number[];
  /** Seconds; clocks may be wrong. */
  readonly time: number;
  readonly files: readonly string[];
}

/** Histories with merges, several roots and wrong clocks, and tags of two lines. */
export const graphs: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.array(
      fc.record({
        // How far back the parents are.
        back: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 0, maxLength: 3 }),
        root: fc.integer({ min: 0, max: 19 }).map((value) => value === 0),
        skew: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -5_000, max: 5_000 })),
        files: fc.array(fc.constantFrom('a/1', 'a/2', 'b/1', 'c'), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 40 },
    ),
    fc.array(
      fc.record({
        line: fc.constantFrom('a', 'b'),
        version: fc.constantFrom('1.0.0', '1.1.0', '1.2.0-rc.1', '1.2.0-rc.2', '1.2.0', '2.0.0-alpha.1', '2.0.0'),
        at: fc.nat({ max: 1_000 }),
      }),
      { maxLength: 8 },
    ),
  )
  .map(([drawn, tags]) => ({
    commits: drawn.map(({ back, root, skew, files }, index) => {
      const parents = [...new Set(back.map((steps) => Math.max(0, index - steps)))].filter((parent) => parent < index);
      const first = parents.length === 0 && index > 0 && !root ? [index - 1] : parents;
      return { parents: index === 0 ? [] : first, time: 1_700_000_000 + index * 600 + skew, files };
    }),
    tags: Object.fromEntries(tags.map(({ line, version, at }) => [`${line}@${version}`, at % drawn.length])),
  }));

/** Makes the history in an empty repository. @returns ids by number. */
export async function importGraph(git: Git, graph: Graph): Promise<readonly string[]> {
  const lines = graph.commits.flatMap(({ parents, time, files }, index) => {
    const message = `feat: change ${index} ü\n\nBody.\n`;
    return [
      // A branch for each, so that all of them stay.
      `commit refs/heads/c${index}`,
      `mark :${index + 1}`,
      `author Ada Ålund <ada@example.test> ${time} +0100`,
      `committer Ada Ålund <ada@example.test> ${time} +0100`,
      `data ${Buffer.byteLength(message)}`,
      message,
      ...parents.map((parent, at) => `${at === 0 ? 'from' : 'merge'} :${parent + 1}`),
      ...files.flatMap((file) => [`M 100644 inline ${file}`, `data ${String(index).length}`, String(index)]),
      '',
    ];
  });
  const tags = Object.entries(graph.tags).map(([name, at]) => `reset refs/tags/${name}\nfrom :${at + 1}\n`);
  await git.text(['fast-import', '--quiet', '--force', '--export-marks=.git/marks'], {
    input: [...lines, ...tags, ''].join('\n'),
  });
  const names = graph.commits.map((_, index) => `refs/heads/c${index}`);
  return (await git.text(['rev-parse', ...names])).split('\n');
}

/** A commit and all its ancestors, by number. */
export function heldBy(graph: Graph, commit: number): ReadonlySet<number> {
  const held = new Set<number>();
  const stack = [commit];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (held.has(at)) continue;
    held.add(at);
    stack.push(...(graph.commits[at]?.parents ?? []));
  }
  return held;
}
