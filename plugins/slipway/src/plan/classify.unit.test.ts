import fc from 'fast-check';
import { historyCommit as commit } from '../testing/plan-input';
import type { HistoryCommit } from '../history/read';
import { classifyCommits, classifyHistory, type ClassifyInput } from './classify';

const PROJECTS = ['ui', 'api', 'lib'].map((name) => ({ name, root: `packages/${name}` }));
const POLICY = { types: {}, breakingBelowOne: 'major', ignore: [] } as const;
const at = (...names: string[]) => ({ files: names.map((name) => `packages/${name}/file`) });

function classify(
  commits: readonly HistoryCommit[],
  {
    ignore = [],
    brought = {},
  }: { readonly ignore?: string[]; readonly brought?: Record<string, readonly string[]> } = {},
) {
  return classifyCommits(commits, PROJECTS, { ...POLICY, ignore }, (merge) => brought[merge] ?? []);
}

/** An independent line for each project, with its own range. */
function independent(ranges: Record<string, readonly HistoryCommit[]>, change: Partial<ClassifyInput> = {}) {
  return classifyHistory({
    lines: PROJECTS.map(({ name }) => ({
      name,
      projects: [name],
      version: '1.0.0',
      commits: ranges[name] ?? [],
      prereleases: new Map(),
    })),
    ownerLine: 'ui',
    projects: PROJECTS,
    broughtBy: () => [],
    policy: POLICY,
    ...change,
  });
}

describe('ignored files', () => {
  it('make no project touched, and a commit of nothing else does not count', () => {
    const docs = commit('fix: wording', { files: ['packages/ui/guide.md', 'README.md'] });
    const mixed = commit('fix: both', { files: ['packages/ui/guide.md', 'packages/api/main.py'] });
    const hidden = commit('fix: hidden', { files: ['packages/ui/.notes/a.md'] });
    expect(classify([docs, mixed, hidden], { ignore: ['**/*.md'] })).toMatchObject([
      { skippedAs: 'ignored', demands: null, projects: [] },
      { skipped: null, demands: 'patch', projects: ['api'] },
      { skippedAs: 'ignored' },
    ]);
  });

  it('are no reason where a commit touches none at all', () => {
    expect(classify([commit('fix: x', { files: [] })], { ignore: ['**'] })).toMatchObject([{ skippedAs: 'outside' }]);
  });
});

describe('merges', () => {
  const inner = commit('fix: typo', at('ui'));
  const merge = (message: string) => commit(message, { parents: ['b'.repeat(40), inner.id], files: [] });

  it('with a conventional message count for what they brought', () => {
    const one = merge('feat: sign in (#12)');
    expect(classify([one, inner], { brought: { [one.id]: [inner.id] } })).toMatchObject([
      { demands: 'minor', projects: ['ui'], skipped: null },
      { demands: 'patch', projects: ['ui'] },
    ]);
  });

  it('do not count twice what one of their commits says itself', () => {
    const one = merge('fix(ui): typo');
    expect(classify([one, inner], { brought: { [one.id]: [inner.id] } })).toMatchObject([
      { demands: null, skippedAs: 'merge' },
      { demands: 'patch' },
    ]);
  });

  it('count where they say that the change breaks something, and its commit does not', () => {
    const one = merge('fix(ui)!: typo');
    expect(classify([one, inner], { brought: { [one.id]: [inner.id] } })).toMatchObject([
      { demands: 'major', projects: ['ui'], skipped: null },
      { demands: 'patch' },
    ]);
  });

  it('of any other message, or of nothing that is released, do not count', () => {
    const plain = merge("Merge branch 'main'");
    const empty = merge('feat: x');
    expect(classify([plain, empty, inner], { brought: { [plain.id]: [inner.id] } })).toMatchObject([
      { skippedAs: 'merge' },
      { skippedAs: 'merge' },
      { demands: 'patch' },
    ]);
  });

  it('that are taken back take all along that they brought', () => {
    const one = merge('Merge pull request #1');
    const revert = commit(
      `Revert "Merge"\n\nThis reverts commit ${one.id}, reversing\nchanges made to ${'b'.repeat(40)}.`,
      at('ui'),
    );
    const again = commit(`Reapply "Merge"\n\nThis reverts commit ${revert.id}.`, at('ui'));
    const brought = { [one.id]: [inner.id] };
    expect(classify([revert, one, inner], { brought }).map(({ skippedAs }) => skippedAs)).toEqual([
      'reverted',
      'merge',
      'reverted',
    ]);
    expect(classify([again, revert, one, inner], { brought }).map(({ demands }) => demands)).toEqual([
      null,
      null,
      null,
      'patch',
    ]);
  });
});

describe('reverts', () => {
  it('are found by abbreviated ids, and count where one of several was released', () => {
    const feat = commit('feat: x');
    const released = commit('feat: y');
    const half = commit(`revert: both\n\nRefs: ${feat.id.slice(0, 8)}, ${released.id.slice(0, 8)}`);
    const whole = commit(`revert: x\n\nRefs: ${feat.id.slice(0, 7)}`);
    expect(classify([half, feat])).toMatchObject([{ demands: 'patch' }, { skippedAs: 'reverted' }]);
    expect(classify([whole, feat])).toMatchObject([{ skippedAs: 'reverted' }, { skippedAs: 'reverted' }]);
  });

  it('also of a commit whose message says nothing', () => {
    const plain = commit('Oops');
    const revert = commit(`Revert "Oops"\n\nThis reverts commit ${plain.id}.`);
    expect(classify([revert, plain]).map(({ skippedAs }) => skippedAs)).toEqual(['reverted', 'reverted']);
  });

  it('cancel only in lines that never released what they take back', () => {
    const feat = commit('feat: x', at('ui', 'api'));
    const revert = commit(`Revert "feat: x"\n\nThis reverts commit ${feat.id}.`, at('ui', 'api'));
    const { commits, counted } = independent({ ui: [revert], api: [revert, feat] });
    expect(counted.get('ui')).toMatchObject([{ demands: 'patch', projects: ['ui'] }]);
    expect(counted.get('api')).toEqual([]);
    expect(commits).toMatchObject([
      { demands: 'patch', projects: ['ui', 'api'] },
      { skippedAs: 'reverted', projects: ['api'] },
    ]);
  });

  // Features, each with a chain of reverts: of the last revert, or of the feature itself where it is in.
  it('leave in what was brought back, over any chain of them', () => {
    const moves = fc.array(fc.record({ feature: fc.nat(2), last: fc.boolean() }), { maxLength: 15 });
    fc.assert(
      fc.property(moves, (all) => {
        const features = [0, 1, 2].map((index) => {
          const made = commit(`feat: ${index}`);
          return { made, last: made, isIn: true };
        });
        const story = features.map(({ made }) => made);
        for (const { feature, last } of all) {
          const one = features[feature];
          if (one === undefined) continue;
          const target = last || !one.isIn ? one.last : one.made;
          one.last = commit(`Revert "it"\n\nThis reverts commit ${target.id}.`);
          one.isIn = !one.isIn;
          story.push(one.last);
        }
        const planned = new Map(classify([...story].reverse()).map(({ id, demands }) => [id, demands]));
        for (const { made, isIn } of features) expect(planned.get(made.id)).toBe(isIn ? 'minor' : null);
        for (const [id, demands] of planned)
          if (!features.some(({ made }) => made.id === id)) expect(demands).toBeNull();
      }),
    );
  });
});

describe('squash-merges', () => {
  it('count for each change that they list', () => {
    const squash = commit(
      'feat(ui): tickets (#3)\n\n* feat(ui): list tickets\n* fix(ui): count them\n* docs: guide',
      at('ui'),
    );
    const planned = classify([squash]);
    expect(planned.map(({ subject, demands, skippedAs }) => [subject, demands, skippedAs])).toEqual([
      ['tickets (#3)', 'minor', undefined],
      ['list tickets', 'minor', undefined],
      ['count them', 'patch', undefined],
      ['guide', null, 'type'],
    ]);
    expect(new Set(planned.map(({ id }) => id))).toEqual(new Set([squash.id]));
    expect(planned[0]?.references).toEqual(['#3']);
  });

  it('are taken back as a whole', () => {
    const squash = commit('Tickets\n\n* feat: list tickets\n* fix: count them', at('ui'));
    const revert = commit(`Revert "Tickets"\n\nThis reverts commit ${squash.id}.`, at('ui'));
    expect(classify([revert, squash]).map(({ skippedAs }) => skippedAs)).toEqual(['reverted', 'reverted', 'reverted']);
  });
});

describe('lines', () => {
  it('get what is new to them, and a commit that is news to none is left out', () => {
    const old = commit('feat: old', at('ui'));
    const both = commit('fix: both', at('ui', 'api'));
    const { commits, counted } = independent({ ui: [both], api: [both, old], lib: [both, old] });
    expect(commits.map(({ id, projects }) => [id, projects])).toEqual([[both.id, ['ui', 'api']]]);
    expect(counted.get('ui')).toHaveLength(1);
    expect(counted.get('lib')).toEqual([]);
  });

  it('tell what touches no project by the range of the release itself', () => {
    const outside = commit('ci: x', { files: ['.github/ci.yml'] });
    const other = commit('ci: y', { files: ['.github/ci.yml'] });
    const { commits } = independent({ ui: [outside], api: [outside, other] });
    expect(commits).toMatchObject([{ id: outside.id, skippedAs: 'outside' }]);
  });

  it('have their own idea of a breaking change below 1.0.0', () => {
    const breaking = commit('feat!: x', at('ui', 'api'));
    const { lines } = { lines: ['0.4.0', '1.4.0', '1.0.0'] };
    const { commits, counted } = classifyHistory({
      lines: PROJECTS.map(({ name }, index) => ({
        name,
        projects: [name],
        version: lines[index] ?? null,
        commits: [breaking],
        prereleases: new Map(),
      })),
      ownerLine: 'ui',
      projects: PROJECTS,
      broughtBy: () => [],
      policy: { ...POLICY, breakingBelowOne: 'minor' },
    });
    expect([counted.get('ui')?.[0]?.demands, counted.get('api')?.[0]?.demands]).toEqual(['minor', 'major']);
    expect(commits[0]?.demands).toBe('major');
  });

  it('are put in one order, a child before its parents, whatever the clocks said', () => {
    const first = commit('fix: 1', { ...at('ui'), parents: [], date: '2026-11-22T12:00:00Z' });
    const left = commit('fix: 2', { ...at('ui'), parents: [first.id], date: '2026-11-22T10:00:00Z' });
    const right = commit('fix: 3', { ...at('api'), parents: [first.id], date: '2026-11-22T11:00:00Z' });
    const { commits } = independent({ ui: [left, first], api: [right] });
    expect(commits.map(({ id }) => id)).toEqual([right.id, left.id, first.id]);
  });
});

it('is done with 50,000 commits of 300 independent projects without quadratic work', () => {
  const projects = Array.from({ length: 300 }, (_, index) => ({ name: `p${index}`, root: `libs/p${index}` }));
  const commits = Array.from({ length: 50_000 }, (_, index) =>
    commit(`fix(p${index % 300}): mend ${index}`, {
      files: [`libs/p${index % 300}/a.ts`, `libs/p${(index * 7) % 300}/b.ts`],
    }),
  );
  const lines = projects.map(({ name }, index) => ({
    name,
    projects: [name],
    version: '1.0.0',
    commits: index % 2 === 0 ? commits : commits.slice(0, 150 * index),
    prereleases: new Map<string, string>(),
  }));
  const before = performance.now();
  classifyHistory({ lines, ownerLine: 'p0', projects, broughtBy: () => [], policy: POLICY });
  // Generous, for a machine that does other things too; quadratic work would take minutes.
  expect(performance.now() - before).toBeLessThan(15_000);
});
