import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { compareBuild } from 'semver';
import type { Git } from '../io/git';
import type { HistoryCache } from './cache';
import type { HistoryError } from './history-error';
import { readReleaseHistory, type HistoryRequest, type ReleaseHistory } from './release-history';
import { failure } from './testing/failure';
import { graphs, heldBy, importGraph, type Graph } from './testing/graph';
import { commit, HistoryRepositories } from './testing/repositories';

const ONE = [{ name: 'release', tagPattern: 'v{version}' }];
const TWO = ['a', 'b', 'never'].map((name) => ({ name, tagPattern: `${name}@{version}` }));

let repositories: HistoryRepositories;
let git: Git;
beforeEach(async () => {
  repositories = new HistoryRepositories();
  git = await repositories.create();
});
afterEach(() => repositories.remove());

const read = (request: Partial<HistoryRequest> = {}, from: Git = git) =>
  readReleaseHistory(from, { head: 'HEAD', lines: ONE, ...request });
const ids = (history: ReleaseHistory, line = 'release') => history.line(line).commits.map(({ id }) => id);

function memoryCache(): HistoryCache {
  const files = new Map<string, Buffer>();
  return {
    read: async ({ key }) => files.get(key) ?? null,
    write: async ({ key }, parts) => void files.set(key, Buffer.concat(parts)),
  };
}

describe('readReleaseHistory', () => {
  it('finds last releases, what is new, what pre-releases hold and what merges brought, in any history, cached or not', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        graphs,
        fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(37, 400, 65_536),
        async (graph, heads, piece) => {
          const own = await repositories.create(`random-${(run += 1)}`);
          const names = await importGraph(own, graph);
          const cache = memoryCache();
          for (const head of heads.map((at) => at % graph.commits.length)) {
            for (const lines of [TWO.slice(0, 1), TWO]) {
              const history = await readReleaseHistory(repositories.counted(own, piece), {
                head: names[head] ?? '',
                lines,
                cache,
              });
              for (const { name } of lines) expectLine(history, name, graph, head, names);
              expectBrought(history, graph, head, names, lines.length > 1);
            }
          }
        },
      ),
      { numRuns: 25, seed: 7 },
    );
  });

  it('takes two processes for a line, and as many for a hundred', async () => {
    await commit(git, 'feat: a', { a: '1' });
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `p${index}`, tagPattern: `p${index}@{version}` }));
    for (const { name } of many) await git.text(['tag', `${name}@1.0.0`]);
    await git.text(['tag', 'v1.0.0']);
    const second = await commit(git, 'feat: b', { a: '2' });
    const counted = repositories.counted(git);
    expect(ids(await read({}, counted))).toEqual([second]);
    expect(repositories.commands.splice(0).sort()).toEqual(['log', 'rev-parse', 'show-ref']);
    const history = await read({ lines: many }, counted);
    expect(many.map(({ name }) => ids(history, name))).toEqual(many.map(() => [second]));
    expect(repositories.commands.sort()).toEqual(['log', 'rev-parse', 'show-ref']);
  });

  it('reads no further than to the last release', async () => {
    const graph: Graph = {
      commits: Array.from({ length: 5_000 }, (_, index) => ({
        parents: index === 0 ? [] : [index - 1],
        time: 1_700_000_000 + index,
        files: [`f${index % 50}`],
      })),
      tags: { 'v1.0.0': 10, 'v1.1.0': 4_900 },
    };
    const names = await importGraph(git, graph);
    let bytes = 0;
    const watched: Git = {
      ...git,
      run: (args, options) =>
        git.run(args, {
          ...options,
          ...(options?.onData && { onData: (chunk) => ((bytes += chunk.length), options.onData?.(chunk)) }),
        }),
    };
    const history = await read({ head: names[4_999] ?? '' }, watched);
    expect(history.line('release').commits).toHaveLength(99);
    expect(history.line('release').stable?.version).toBe('1.1.0');
    // All of it is 900 kB.
    expect(bytes).toBeLessThan(300_000);
  });

  it('takes the highest version that is merged, however far back, and knows all that are tagged', async () => {
    const far = await commit(git, 'feat: a');
    await git.text(['tag', '--annotate', '-m', 'x', 'v3.0.0']);
    const near = await commit(git, 'feat: b');
    await git.text(['tag', 'v1.0.0']);
    await git.text(['tag', 'v4.0.0-rc.1']);
    const last = await commit(git, 'feat: c');
    await git.text(['switch', '--quiet', '--create', 'side']);
    await commit(git, 'feat: d');
    await git.text(['tag', 'v9.0.0']);
    await git.text(['tag', 'v9.0']);
    await git.text(['switch', '--quiet', 'main']);
    const history = await read();
    expect(history.line('release')).toMatchObject({
      stable: { version: '3.0.0', tag: 'v3.0.0', commit: far },
      latest: { version: '4.0.0-rc.1', tag: 'v4.0.0-rc.1', commit: near },
      taken: new Set(['1.0.0', '3.0.0', '4.0.0-rc.1', '9.0.0']),
      prereleases: new Map([[near, '4.0.0-rc.1']]),
    });
    expect(ids(history)).toEqual([last, near]);
  });

  it('finds the commit behind a tag of a tag, and passes over tags of files', async () => {
    const id = await commit(git, 'feat: a', { a: 'x' });
    await git.text(['tag', '--annotate', '-m', 'inner', 'inner']);
    await git.text(['tag', '--annotate', '-m', 'outer', 'v1.0.0', 'inner']);
    await git.text(['tag', 'v5.0.0', 'HEAD:a']);
    await commit(git, 'feat: b', { a: 'y' });
    expect((await read()).line('release')).toMatchObject({
      stable: { version: '1.0.0', tag: 'v1.0.0', commit: id },
      taken: new Set(['5.0.0', '1.0.0']),
    });
  });

  it('gives all of history to a line without a release, in a repository without tags as well', async () => {
    const first = await commit(git, 'feat: a');
    const second = await commit(git, 'feat: b');
    const history = await read();
    expect(history.head).toBe(second);
    expect(ids(history)).toEqual([second, first]);
    expect(history.line('release')).toMatchObject({ stable: null, latest: null, taken: new Set() });
    expect(() => history.line('other')).toThrow(TypeError);
  });

  it('reads from the base of a hotfix, which must be part of the history', async () => {
    await commit(git, 'feat: a');
    await git.text(['tag', 'v1.0.0']);
    await git.text(['tag', 'lib@1.5.0']);
    const base = { version: '1.0.0', tag: 'v1.0.0', commit: await git.text(['rev-parse', 'HEAD']) };
    const second = await commit(git, 'feat: b');
    await git.text(['tag', 'v1.1.0']);
    const third = await commit(git, 'fix: c');
    const lines = [...ONE, { name: 'lib', tagPattern: 'lib@{version}' }];
    const history = await read({ base, lines });
    expect([ids(history), ids(history, 'lib')]).toEqual([
      [third, second],
      [third, second],
    ]);
    expect(history.line('release')).toMatchObject({ stable: base, latest: { version: '1.1.0' } });
    expect(history.line('lib')).toMatchObject({ stable: { version: '1.5.0' }, latest: { version: '1.5.0' } });
    await git.text(['switch', '--quiet', '--orphan', 'other']);
    await commit(git, 'fix: elsewhere');
    expect(await failure(read({ base }))).toMatchObject({ failure: 'notAncestor' });
  });

  it('refuses a repository without a commit, and names of none', async () => {
    expect(await failure(read())).toMatchObject({
      failure: 'unknownCommit',
      remedy: expect.stringContaining('first commit'),
    });
    await commit(git, 'feat: a');
    for (const head of ['nothing', '--all', '', '0'.repeat(40), 'HEAD:missing'])
      expect(await failure(read({ head }))).toMatchObject({ failure: 'unknownCommit' });
  });

  it('does not take replacements and grafts, which only this clone knows, for history', async () => {
    const first = await commit(git, 'feat: a', { a: '1' });
    const second = await commit(git, 'feat: b', { a: '2' });
    const third = await commit(git, 'feat: c', { a: '3' });
    await git.text(['replace', '--graft', third, first]);
    writeFileSync(join(git.root, '.git/info/grafts'), `${second}\n`);
    expect(ids(await read())).toEqual([third, second, first]);
  });

  it('tells files the same whatever the settings of the user', async () => {
    const id = await commit(git, 'feat: a', { 'a/1': '1' });
    for (const [name = '', value = ''] of [
      ['log.showRoot', 'false'],
      ['diff.ignoreSubmodules', 'all'],
      ['diff.orderFile', 'no-such-file'],
      ['diff.renames', 'copies'],
    ])
      await git.text(['config', name, value]);
    expect((await read()).line('release').commits).toEqual([
      expect.objectContaining({ id, files: ['a/1'], author: 'Ada Ålund' }),
    ]);
  });
});

describe('a shallow clone', () => {
  /** v1.0.0, then three commits. */
  async function released(): Promise<void> {
    await commit(git, 'feat: a', { a: '1' });
    await commit(git, 'feat: b', { a: '2' });
    await git.text(['tag', '--annotate', '-m', 'Release', 'v1.0.0']);
    for (const name of ['c', 'd', 'e']) await commit(git, `fix: ${name}`, { a: name });
  }
  /** Runs the command that a refusal names. */
  async function mend(clone: Git, { remedy }: HistoryError): Promise<void> {
    const [, ...args] = remedy.slice(remedy.indexOf('git ')).split(' ');
    await clone.text(args);
  }

  it('goes on where all since the last release is here', async () => {
    await released();
    const clone = await repositories.clone(git, 'clone', '--depth=4');
    const history = await read({}, clone);
    expect(history.line('release').stable?.version).toBe('1.0.0');
    expect(ids(history)).toEqual(ids(await read()));
    expect(history.line('release').commits.map(({ files }) => files)).toEqual([['a'], ['a'], ['a']]);
  });

  it.each([
    ['ends before the last release', ['--depth=2']],
    ['has no tags', ['--depth=4', '--no-tags']],
    ['has no tags and one commit', ['--depth=1']],
  ])('that %s is refused with the command that mends it', async (_, options) => {
    await released();
    const clone = await repositories.clone(git, 'clone', ...options);
    const cache = memoryCache();
    const refused = await failure(read({ cache }, clone));
    expect(refused).toMatchObject({ failure: 'shallow', remedy: expect.stringContaining('git fetch --unshallow') });
    await mend(clone, refused);
    const history = await read({ cache }, clone);
    expect(history.line('release').stable?.version).toBe('1.0.0');
    expect(ids(history)).toEqual(ids(await read()));
    expect(history.line('release').commits).toEqual((await read()).line('release').commits);
  });

  it('is refused where a branch that was merged since begins before its end', async () => {
    await commit(git, 'feat: a', { a: '1' });
    await git.text(['switch', '--quiet', '--create', 'side']);
    for (const name of ['s', 't']) await commit(git, `fix: ${name}`, { [name]: '1' });
    await git.text(['switch', '--quiet', 'main']);
    await commit(git, 'feat: b', { b: '1' });
    await git.text(['tag', 'v1.0.0']);
    await git.text(['merge', '--quiet', '--no-ff', '-m', 'Merge', 'side']);
    const clone = await repositories.clone(git, 'clone', '--depth=2');
    expect(await clone.text(['tag'])).toBe('v1.0.0');
    const refused = await failure(read({}, clone));
    expect(refused).toMatchObject({ failure: 'shallow' });
    await mend(clone, refused);
    expect(ids(await read({}, clone)).sort()).toEqual(ids(await read()).sort());
  });

  it('puts nothing false into the cache: where it ends, git shows all files as new', async () => {
    await released();
    const clone = await repositories.clone(git, 'clone', '--depth=4');
    const cache = memoryCache();
    await read({ cache }, clone);
    await clone.text(['tag', '--delete', 'v1.0.0']);
    await clone.text(['fetch', '--quiet', '--unshallow', '--no-tags']);
    const history = await read({ cache }, clone);
    expect(history.line('release').commits).toHaveLength(5);
    expect(history.line('release').commits.map(({ files, parents }) => [files.length, parents.length])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 0],
    ]);
  });
});

describe('a partial clone', () => {
  beforeEach(async () => {
    await git.text(['config', 'uploadpack.allowFilter', 'true']);
    await commit(git, 'feat: a', { 'a/1': '1' });
    await git.text(['tag', 'v1.0.0']);
    await commit(git, 'fix: b', { 'a/1': '2', 'b/1': '2' });
    await commit(git, 'fix: c', { 'a/1': '3' });
  });

  it('without file contents is read, and nothing is fetched', async () => {
    const clone = await repositories.clone(git, 'clone', '--filter=blob:none', '--no-checkout');
    await clone.text(['remote', 'set-url', 'origin', join(repositories.folder, 'gone')]);
    const history = await read({ lines: TWO.slice(2) }, clone);
    expect(history.line('never').commits.map(({ files }) => files)).toEqual([['a/1'], ['a/1', 'b/1'], ['a/1']]);
    expect((await read({}, clone)).line('release').stable?.version).toBe('1.0.0');
  });

  it('without trees is refused with the command that mends it', async () => {
    const clone = await repositories.clone(git, 'clone', '--filter=tree:0', '--no-checkout', '--origin=up');
    const refused = await failure(read({}, clone));
    expect(refused).toMatchObject({
      failure: 'partial',
      remedy: 'Fetch them all at once with: git fetch --refetch --filter=blob:none up',
    });
    await clone.text(['fetch', '--quiet', '--refetch', '--filter=blob:none', 'up']);
    expect((await read({}, clone)).line('release').commits.map(({ files }) => files)).toEqual([
      ['a/1'],
      ['a/1', 'b/1'],
    ]);
  });

  it('takes a cache that knows commits it does not hold', async () => {
    const cache = memoryCache();
    await commit(git, 'fix: lost', { 'a/1': '9' });
    await read({ cache });
    await git.text(['reset', '--quiet', '--hard', 'HEAD~1']);
    await commit(git, 'fix: instead', { 'a/1': '4' });
    const clone = await repositories.clone(git, 'clone', '--filter=blob:none', '--no-checkout');
    expect(ids(await read({ cache }, clone))).toEqual(ids(await read()));
  });
});

/** Compares a line with what the drawing says. */
function expectLine(history: ReleaseHistory, line: string, graph: Graph, head: number, names: readonly string[]): void {
  const held = heldBy(graph, head);
  const tags = Object.entries(graph.tags)
    .filter(([tag]) => tag.startsWith(`${line}@`))
    .map(([tag, at]) => ({ tag, version: tag.slice(line.length + 1), at }))
    .sort((a, b) => compareBuild(b.version, a.version));
  const merged = tags.filter(({ at }) => held.has(at));
  const stable = merged.find(({ version }) => !version.includes('-'));
  const old = stable ? heldBy(graph, stable.at) : new Set<number>();
  const fresh = [...held].filter((at) => !old.has(at));
  const asRelease = (tag: (typeof tags)[number] | undefined) =>
    tag ? { version: tag.version, tag: tag.tag, commit: names[tag.at] } : null;
  const actual = history.line(line);
  expect(actual.stable).toEqual(asRelease(stable));
  expect(actual.latest).toEqual(asRelease(merged[0]));
  expect(actual.taken).toEqual(new Set(tags.map(({ version }) => version)));

  const numbers = actual.commits.map(({ id }) => names.indexOf(id));
  expect([...numbers].sort((a, b) => a - b)).toEqual(fresh.sort((a, b) => a - b));
  for (const [index, number] of numbers.entries()) {
    const drawn = graph.commits[number]!;
    for (const parent of drawn.parents) {
      if (numbers.includes(parent)) expect(numbers.indexOf(parent)).toBeGreaterThan(index);
    }
    const { message, parents, files } = actual.commits[index]!;
    expect(message.trim()).toBe(`feat: change ${number} ü\n\nBody.`);
    expect(parents).toEqual(drawn.parents.map((parent) => names[parent]));
    // A merge has none; others may have written what was there.
    for (const file of files) expect(drawn.files).toContain(file);
    if (drawn.parents.length > 1) expect(files).toEqual([]);
  }

  const upwards = [...merged].reverse();
  const since = upwards.filter(
    ({ version }) => version.includes('-') && (!stable || compareBuild(version, stable.version) > 0),
  );
  const expected = fresh.flatMap((at) => {
    const first = since.find((tag) => heldBy(graph, tag.at).has(at));
    return first ? [[names[at], first.version] as const] : [];
  });
  expect(new Map([...actual.prereleases].sort())).toEqual(new Map(expected.sort()));
}

function expectBrought(
  history: ReleaseHistory,
  graph: Graph,
  head: number,
  names: readonly string[],
  all: boolean,
): void {
  const fresh = new Set(history.commits.map(({ id }) => names.indexOf(id)));
  // The line that never was released takes in everything.
  if (all) expect(fresh).toEqual(heldBy(graph, head));
  for (const number of fresh) {
    const [first, ...later] = graph.commits[number]!.parents;
    if (first === undefined) continue;
    const own = heldBy(graph, first);
    const brought = new Set(
      later.flatMap((parent) => [...heldBy(graph, parent)]).filter((at) => !own.has(at) && fresh.has(at)),
    );
    const order = history.commits.map(({ id }) => id).filter((id) => brought.has(names.indexOf(id)));
    expect(history.broughtBy(names[number] ?? '')).toEqual(order);
  }
}
