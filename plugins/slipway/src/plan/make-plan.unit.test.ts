import fc from 'fast-check';
import { gt } from 'semver';
import {
  historyCommit as commit,
  planHistory,
  planInput as input,
  planLine,
  planProject,
  tagged,
} from '../testing/plan-input';
import { compareReleaseTypes, largestReleaseType, RELEASE_TYPES, type ReleaseType } from '../version/release-type';
import { refusedPlan as refusal } from '../testing/plan-refusal';
import { makePlan, type PlanInput } from './make-plan';
import { renderPlan } from './render';

const HEAD = 'f'.repeat(40);
const PREVIOUS = tagged('1.0.0');

/** Nothing was released yet; the manifests have 1.0.0. */
function first(commits: readonly ReturnType<typeof commit>[]): PlanInput {
  const history = planHistory({ stable: null, commits });
  return input(commits, { lines: [planLine({ projects: ['ui', 'api'], history })] });
}

const PROJECTS = [planProject({ name: 'ui' }), planProject({ name: 'api' })] as const;

describe('makePlan', () => {
  it('decides the version, its names and its reasons', () => {
    const fix = commit('fix(api): close twice');
    const feat = commit('feat: filter', { files: ['packages/ui/list.tsx', 'README.md'] });
    expect(makePlan(input([feat, fix]))).toEqual({
      version: '1.1.0',
      type: 'minor',
      stable: '1.0.0',
      tag: 'v1.1.0',
      tags: [{ name: 'v1.1.0', version: '1.1.0', projects: ['ui', 'api'] }],
      base: 'main',
      distTag: 'latest',
      override: null,
      branch: 'release/v1.1.0',
      commit: HEAD,
      previous: PREVIOUS,
      projects: [
        {
          name: 'ui',
          root: 'packages/ui',
          group: 'release',
          current: '1.0.0',
          next: '1.1.0',
          reasons: [`feat: filter (${feat.id.slice(0, 7)}) is of type feat`],
          causes: [{ kind: 'commit', commit: feat.id, demands: 'minor', why: 'is of type feat' }],
        },
        {
          name: 'api',
          root: 'packages/api',
          group: 'release',
          current: '1.0.0',
          next: '1.1.0',
          reasons: [`fix(api): close twice (${fix.id.slice(0, 7)}) is of type fix`, 'it shares its version with ui'],
          causes: [
            { kind: 'commit', commit: fix.id, demands: 'patch', why: 'is of type fix' },
            { kind: 'group', group: 'release', demands: 'minor' },
          ],
        },
      ],
      commits: [
        expect.objectContaining({ id: feat.id, demands: 'minor', skipped: null, projects: ['ui'] }),
        expect.objectContaining({ id: fix.id, demands: 'patch', skipped: null, scope: 'api', projects: ['api'] }),
      ],
    });
  });

  it.each([
    ['fix: x', '1.0.1'],
    ['perf: x', '1.0.1'],
    ['security: x', '1.0.1'],
    ['feat: x', '1.1.0'],
    ['docs!: x', '2.0.0'],
    ['chore: x\n\nBREAKING CHANGE: y', '2.0.0'],
  ])('makes %j version %s', (message, version) => {
    expect(makePlan(input([commit(message)])).version).toBe(version);
  });

  it('starts the first release from the manifests', () => {
    expect(makePlan(first([commit('feat: x')]))).toMatchObject({
      version: '1.1.0',
      previous: null,
    });
  });

  it.each([
    ['merge', commit('feat: x', { parents: ['a'.repeat(40), 'b'.repeat(40)], files: [] })],
    ['release', commit('chore(release): 1.0.0')],
    ['unconventional', commit('Update things')],
    ['outside', commit('feat: x', { files: ['docs/guide.md'] })],
    ['outside', commit('feat: x', { files: [] })],
    ['type', commit('docs: x')],
  ])('does not count a commit as %s, and says why', (kind, other) => {
    const plan = makePlan(input([other, commit('fix: y')]));
    expect(plan.version).toBe('1.0.1');
    expect(plan.commits[0]).toMatchObject({
      demands: null,
      skippedAs: kind,
      skipped: expect.stringMatching(/\w/) as string,
    });
  });

  describe('reverts', () => {
    const feat = commit('feat: x');
    const revert = commit(`Revert "feat: x"\n\nThis reverts commit ${feat.id}.`);
    const reapply = commit(`Reapply "feat: x"\n\nThis reverts commit ${revert.id}.`);

    it('cancel what is new in this release', () => {
      const plan = makePlan(input([revert, feat, commit('fix: y')]));
      expect(plan.version).toBe('1.0.1');
      expect(plan.commits.map(({ skippedAs }) => skippedAs)).toEqual(['reverted', 'reverted', undefined]);
    });

    it('of what was released are patches', () => {
      expect(makePlan(input([revert])).version).toBe('1.0.1');
    });

    it('can be reverted themselves', () => {
      expect(makePlan(input([reapply, revert, feat])).version).toBe('1.1.0');
    });

    it('do not reach commits that are newer', () => {
      expect(makePlan(input([feat, revert])).version).toBe('1.1.0');
    });

    it('that break something count', () => {
      expect(makePlan(input([commit(`revert!: x\n\nRefs: ${feat.id}`), feat])).version).toBe('2.0.0');
    });
  });

  describe('what was asked for', () => {
    it('may be more than demanded, and is a reason', () => {
      const plan = makePlan(input([commit('fix: x')], { asked: { type: 'major' } }));
      expect(plan).toMatchObject({ version: '2.0.0', type: 'major' });
      expect(plan.projects[0]?.reasons).toContain('a major release was asked for');
    });

    it('may be a version', () => {
      const plan = makePlan(input([commit('fix: x')], { asked: { version: '1.4.0' } }));
      expect(plan).toMatchObject({ version: '1.4.0', type: 'minor', tag: 'v1.4.0' });
      expect(plan.projects[0]?.reasons).toContain('version 1.4.0 was asked for');
    });

    it('releases what demands no release', () => {
      expect(makePlan(input([commit('docs: x')], { asked: { type: 'patch' } }))).toMatchObject({ version: '1.0.1' });
    });

    it('is not less than demanded', () => {
      const feat = commit('feat: filter');
      const error = refusal(input([commit('fix: x'), feat], { asked: { type: 'patch' } }), 'tooSmall');
      expect(error.message).toContain(`demand a minor one: ${feat.id.slice(0, 7)} is of type feat`);
      expect(error.remedy).toContain('1.1.0');
      refusal(input([feat], { asked: { version: '1.0.7' } }), 'tooSmall');
    });

    it.each(['1.0.0', '0.9.0'])('is not version %s after 1.0.0', (version) => {
      refusal(input([commit('fix: x')], { asked: { version } }), 'notGreater');
    });

    it.each(['v1.1.0', '1.1', 'next', '1.1.0-rc.1', ''])('is not %j', (version) => {
      refusal(input([commit('fix: x')], { asked: { version } }), 'invalidVersion');
    });

    it('does not contradict itself', () => {
      refusal(input([commit('fix: x')], { asked: { type: 'minor', version: '2.0.0' } }), 'contradiction');
    });

    it('cannot release nothing', () => {
      refusal(input([], { asked: { type: 'patch' } }), 'nothingToRelease');
      refusal(input([commit('chore(release): 1.0.0')], { asked: { type: 'patch' } }), 'nothingToRelease');
    });
  });

  it('says of each commit why there is nothing to release', () => {
    const error = refusal(
      input([commit('docs: guide'), commit('Tidy'), commit('feat: x', { files: ['x'] })]),
      'nothingToRelease',
    );
    expect(error.details).toEqual([
      expect.stringContaining('docs: guide: is of type docs, which demands no release'),
      expect.stringContaining('Tidy: has no conventional message'),
      expect.stringContaining('feat: x: touches no project of the release'),
    ]);
    expect(refusal(input([]), 'nothingToRelease').message).toContain('there are no commits since v1.0.0');
  });

  it.each([
    ['noProjects', []],
    ['versionsDisagree', [PROJECTS[0], { ...PROJECTS[1], current: '1.0.1' }]],
    ['behindTag', PROJECTS.map((project) => ({ ...project, current: '0.9.0' }))],
    ['aheadOfTag', PROJECTS.map((project) => ({ ...project, current: '1.1.0' }))],
    ['invalidVersion', PROJECTS.map((project) => ({ ...project, current: '1.0' }))],
  ] as const)('refuses manifests: %s', (failure, projects) => {
    refusal(input([commit('fix: x')], { projects }), failure);
  });

  it('names every project and its version where they disagree', () => {
    const error = refusal(
      input([commit('fix: x')], { projects: [PROJECTS[0], { ...PROJECTS[1], current: '0.9.0' }] }),
      'versionsDisagree',
    );
    expect(error.message).toContain('ui: 1.0.0, api: 0.9.0');
    expect(error.remedy).toContain('Set all of them to 1.0.0');
  });

  it('is greater than what was, by what the commits demand, in any order of them', () => {
    const message = fc.constantFrom(
      'fix: a',
      'feat: b',
      'docs: c',
      'feat!: d',
      'Anything',
      'perf: e\n\nBREAKING CHANGE: f',
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const all = [commit('fix: at least one'), ...messages.map((text) => commit(text))];
        const plan = makePlan(input(all));
        expect(gt(plan.version, '1.0.0')).toBe(true);
        expect(plan.type).toBe(largestReleaseType(plan.commits.map(({ demands }) => demands)));
        for (const planned of plan.commits) expect(planned.demands === null).toBe(planned.skipped !== null);
        expect(makePlan(input([...all].reverse())).version).toBe(plan.version);
      }),
    );
  });

  it('gives exactly what was asked for, or refuses it as too small', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RELEASE_TYPES),
        fc.constantFrom('fix: a', 'feat: b', 'feat!: c'),
        (type, message) => {
          const commits = [commit(message)];
          const demanded = makePlan(input(commits)).type as ReleaseType;
          const ask = input(commits, { asked: { type } });
          if (compareReleaseTypes(type, demanded) < 0) refusal(ask, 'tooSmall');
          else expect(makePlan(ask).type).toBe(type);
        },
      ),
    );
  });
});

describe('renderPlan', () => {
  it('shows what, where, why, and what does not count', () => {
    const feat = commit('feat(api): filter');
    const docs = commit('docs: guide');
    expect(renderPlan(makePlan(input([docs, feat])))).toEqual([
      'Release 1.1.0 (minor), after v1.0.0',
      'Tag v1.1.0, branch release/v1.1.0, planned at fffffff',
      '',
      'Project  Current  Next   Why',
      'ui       1.0.0    1.1.0  it shares its version with api',
      `api      1.0.0    1.1.0  feat(api): filter (${feat.id.slice(0, 7)}) is of type feat`,
      '',
      'Commits that count (1):',
      `  ${feat.id.slice(0, 7)}  minor  feat(api): filter [api]`,
      '',
      'Commits that do not count (1):',
      `  ${docs.id.slice(0, 7)}  docs: guide  is of type docs, which demands no release`,
    ]);
  });

  it('tells the number of what it leaves out', () => {
    const lines = renderPlan(makePlan(input(Array.from({ length: 30 }, (_, index) => commit(`fix: ${index}`)))), {
      limit: 5,
    });
    expect(lines).toContain('  and 25 more');
    expect(lines).toContain('                         and 27 more');
    expect(lines.filter((line) => line.includes('patch  fix:'))).toHaveLength(5);
  });

  it('prints nothing that acts on a terminal, also from a plan that was read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const plan = makePlan(input([commit(`feat: x${text}`, { author: text }), commit(`x${text}`)]));
        const stored = { ...plan, tag: `v${text}`, commits: plan.commits.map((one) => ({ ...one, subject: text })) };
        for (const line of [...renderPlan(plan), ...renderPlan(stored)])
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
