import fc from 'fast-check';
import { gt, gte } from 'semver';
import type { HistoryCommit } from '../history/read';
import { historyCommit as commit, planHistory, planInput, planLine, planProject, tagged } from '../testing/plan-input';
import { refusedPlan as refusal } from '../testing/plan-refusal';
import { makePlan } from './make-plan';
import type { Asked, PlanInput } from './plan-input';
import type { ReleasePlan } from './release-plan';

interface Own {
  readonly current?: string;
  readonly needs?: readonly string[];
  readonly commits?: readonly HistoryCommit[];
  readonly taken?: readonly string[];
  readonly stable?: string | null;
}

const at = (...names: string[]) => ({ files: names.map((name) => `packages/${name}/file`) });

/** Projects with a version each; the first one's names the release. */
function independent(own: Readonly<Record<string, Own>>, change: Partial<PlanInput> = {}): PlanInput {
  const names = Object.keys(own);
  return planInput([], {
    ownerLine: names[0]!,
    projects: names.map((name) =>
      planProject({ name, current: own[name]!.current ?? '1.0.0', dependencies: own[name]!.needs ?? [] }),
    ),
    lines: names.map((name) => {
      const { current = '1.0.0', commits = [], taken = [], stable = current } = own[name]!;
      const release = stable === null ? null : tagged(stable, `${name}@${stable}`);
      const latest = stable === null ? null : tagged(current, `${name}@${current}`);
      const history = planHistory({ stable: release, latest, commits, taken: new Set(taken) });
      return planLine({ name, projects: [name], tagPattern: `${name}@{version}`, history });
    }),
    ...change,
  });
}

function nexts({ projects }: ReleasePlan): Record<string, string> {
  return Object.fromEntries(projects.map(({ name, next }) => [name, next]));
}

describe('lines', () => {
  it('get a version each by their own commits; the release has that of its owner, which always gets one', () => {
    const feat = commit('feat: x', at('lib'));
    const plan = makePlan(
      independent({ app: {}, lib: { current: '2.3.4', commits: [feat] }, tool: { current: '0.1.0' } }),
    );
    expect(nexts(plan)).toEqual({ app: '1.0.1', lib: '2.4.0', tool: '0.1.0' });
    expect(plan).toMatchObject({
      version: '1.0.1',
      type: 'patch',
      tag: 'app@1.0.1',
      tags: [
        { name: 'app@1.0.1', version: '1.0.1', projects: ['app'] },
        { name: 'lib@2.4.0', version: '2.4.0', projects: ['lib'] },
      ],
      branch: 'release/v1.0.1',
      projects: [
        { causes: [{ kind: 'release' }], reasons: ['its version names the release'] },
        { causes: [{ kind: 'commit', commit: feat.id, demands: 'minor' }] },
        {
          causes: [],
          reasons: ['no commit since tool@0.1.0 demands a release of it, and nothing it depends on is released'],
        },
      ],
    });
  });

  it('are released again when what they depend on is, over any number of steps', () => {
    const feat = commit('feat!: x', at('core'));
    const plan = makePlan(
      independent({
        app: {},
        core: { commits: [feat] },
        mid: { needs: ['core', 'core', 'left-pad'] },
        top: { needs: ['mid'] },
        apart: {},
      }),
    );
    expect(nexts(plan)).toEqual({ app: '1.0.1', core: '2.0.0', mid: '1.0.1', top: '1.0.1', apart: '1.0.0' });
    expect(plan.projects[2]).toMatchObject({
      causes: [{ kind: 'dependency', project: 'core', demands: 'patch' }],
      reasons: ['it depends on core, which becomes 2.0.0'],
    });
    expect(plan.projects[3]?.reasons).toEqual(['it depends on mid, which becomes 1.0.1']);
  });

  it('that depend on each other in a circle are released once', () => {
    const fix = commit('fix: x', at('b'));
    const plan = makePlan(independent({ app: {}, a: { needs: ['b'] }, b: { needs: ['a'], commits: [fix] } }));
    expect(nexts(plan)).toEqual({ app: '1.0.1', a: '1.0.1', b: '1.0.1' });
    expect(plan.projects[2]?.causes.map(({ kind }) => kind)).toEqual(['commit', 'dependency']);
  });

  it('follow the owner, where they depend on it', () => {
    const fix = commit('fix: x', at('app'));
    expect(nexts(makePlan(independent({ app: { commits: [fix] }, cli: { needs: ['app'] } })))).toEqual({
      app: '1.0.1',
      cli: '1.0.1',
    });
  });

  it('are all pre-releases in a pre-release, and end with it', () => {
    const feat = commit('feat: x', at('lib'));
    const asked: Asked = { preid: 'rc' };
    const own = { app: {}, lib: { commits: [feat] }, top: { needs: ['lib'] } };
    expect(nexts(makePlan(independent(own, { asked })))).toEqual({
      app: '1.0.1-rc.1',
      lib: '1.1.0-rc.1',
      top: '1.0.1-rc.1',
    });
    const held = independent(
      {
        app: { current: '1.0.1-rc.1', stable: '1.0.0' },
        lib: { current: '1.1.0-rc.1', stable: '1.0.0', commits: [feat] },
        top: { current: '1.0.1-rc.1', stable: '1.0.0' },
        other: {},
      },
      { asked: { graduate: true } },
    );
    const plan = makePlan(held);
    expect(nexts(plan)).toEqual({ app: '1.0.1', lib: '1.1.0', top: '1.0.1', other: '1.0.0' });
    expect(plan.projects[2]?.reasons).toEqual(['its pre-release 1.0.1-rc.1 ends with this release']);
  });

  it('are groups too, whose members share a version', () => {
    const feat = commit('feat: x', at('a'));
    const plan = makePlan({
      ...planInput([]),
      projects: ['app', 'a', 'b', 'c', 'd', 'e'].map((name) => planProject({ name })),
      lines: [
        planLine({ projects: ['app'] }),
        planLine({
          name: 'libs',
          projects: ['a', 'b', 'c', 'd', 'e'],
          tagPattern: 'libs-v{version}',
          history: planHistory({ commits: [feat] }),
        }),
      ],
    });
    expect(plan.tags.map(({ name }) => name)).toEqual(['v1.0.1', 'libs-v1.1.0']);
    expect(plan.projects[2]).toMatchObject({
      group: 'libs',
      next: '1.1.0',
      causes: [{ kind: 'group', group: 'libs', demands: 'minor' }],
      reasons: ['it shares its version with a, c, d and 1 more'],
    });
  });

  it('are asked for nothing: a type is that of the release itself', () => {
    const fix = commit('fix: x', at('app', 'lib'));
    const own = { app: { commits: [fix] }, lib: { commits: [fix] } };
    expect(nexts(makePlan(independent(own, { asked: { type: 'major' } })))).toEqual({ app: '2.0.0', lib: '1.0.1' });
  });

  it('are told apart where manifests and tags are not the same', () => {
    const input = independent({ app: {}, lib: {} });
    const behind = { ...input, projects: [input.projects[0]!, planProject({ name: 'lib', current: '0.9.0' })] };
    expect(refusal(behind, 'behindTag').message).toBe(
      'the manifest of lib has version 0.9.0, which is lower than the last release, lib@1.0.0',
    );
  });

  it('begin with the version in the manifest where they were never released', () => {
    const feat = commit('feat: x', at('lib'));
    expect(nexts(makePlan(independent({ app: {}, lib: { current: '0.3.0', stable: null, commits: [feat] } })))).toEqual(
      {
        app: '1.0.1',
        lib: '0.4.0',
      },
    );
  });

  it('never get a version that is taken', () => {
    const fix = commit('fix: x', at('app'));
    const feat = commit('feat: x', at('app'));
    const plan = makePlan(independent({ app: { commits: [fix], taken: ['1.0.1', '1.0.2'] } }));
    expect(plan).toMatchObject({ version: '1.0.3', type: 'patch' });
    expect(plan.projects[0]?.reasons).toEqual([
      expect.stringContaining('fix: x'),
      '1.0.1 is tagged app@1.0.1 already, outside this history',
      '1.0.2 is tagged app@1.0.2 already, outside this history',
    ]);
    const open = independent({ app: { commits: [fix] } }, { taken: new Set(['app@1.0.1']) });
    expect(makePlan(open).version).toBe('1.0.2');
    const error = refusal(independent({ app: { commits: [feat], taken: ['1.1.0'] } }), 'taken');
    expect(error.remedy).toContain('git merge app@1.1.0');
    refusal(independent({ app: { commits: [feat], taken: ['1.4.0'] } }, { asked: { version: '1.4.0' } }), 'taken');
  });

  it('of an old version are not latest', () => {
    const fix = commit('fix: x', at('app'));
    const old = (taken: string[]) => makePlan(independent({ app: { commits: [fix], taken } })).distTag;
    expect(old(['1.1.0'])).toBe('release-1.0');
    expect(old(['1.1.0-rc.1', '0.9.0'])).toBe('latest');
  });
});

describe('what a person may overrule', () => {
  it('is a type that is too small, with the reason in the plan', () => {
    const feat = commit('feat: x', at('app'));
    const asked = { type: 'patch', override: ' the flag is off ' } as const;
    expect(makePlan(independent({ app: { commits: [feat] } }, { asked }))).toMatchObject({
      version: '1.0.1',
      type: 'patch',
      override: 'the flag is off',
    });
    refusal(independent({ app: { commits: [feat] } }, { asked: { type: 'patch', override: '  ' } }), 'tooSmall');
  });

  it('is a forward-port that is missing', () => {
    const fix = commit('fix: x', at('app'));
    const forwardPorts = [{ version: '0.9.1', commits: ['c'.repeat(40)], missing: ['c'.repeat(40)] }];
    const own = { app: { commits: [fix] } };
    const error = refusal(independent(own, { forwardPorts }), 'forwardPort');
    expect(error.message).toContain('the fix of hotfix 0.9.1 is not in this commit');
    expect(error.remedy).toContain(`git cherry-pick -x ${'c'.repeat(40)}`);
    expect(makePlan(independent(own, { forwardPorts, asked: { override: 'superseded' } })).override).toBe('superseded');
    const ported = [{ version: '0.9.1', commits: ['c'.repeat(40)], missing: [] }];
    expect(makePlan(independent(own, { forwardPorts: ported })).override).toBeNull();
  });

  it('is nothing where no rule was broken', () => {
    const own = { app: { commits: [commit('fix: x', at('app'))] } };
    expect(makePlan(independent(own, { asked: { override: 'just because' } })).override).toBeNull();
  });
});

it('fails over messages that say nothing, where they must', () => {
  const strict = (commits: readonly HistoryCommit[]) => {
    const input = planInput(commits);
    return {
      ...input,
      policy: { ...input.policy, commits: { ...input.policy.commits, strict: true, ignore: ['**/*.md'] } },
    };
  };
  const [odd, outside, ignored] = [
    commit('Tidy up'),
    commit('Tidy up', { files: ['x'] }),
    commit('Tidy up', { files: ['packages/api/a.md'] }),
  ];
  const merge = commit('Merge branch', { parents: ['a'.repeat(40), 'b'.repeat(40)], files: [] });
  const error = refusal(strict([odd, outside, commit('fix: x')]), 'unconventional');
  expect(error.details).toEqual([`${odd.id.slice(0, 7)} Tidy up`]);
  expect(makePlan(strict([outside, ignored, merge, commit('fix: x')])).version).toBe('1.0.1');
});

it('makes a recorded plan again, whatever was tagged or planned since', () => {
  const feat = commit('feat: x', at('lib'));
  const own = { app: {}, lib: { commits: [feat] }, top: { needs: ['lib'] } };
  const plan = makePlan(independent(own));
  const recorded = { ...plan, type: plan.type };
  const later = independent(
    { ...own, app: { taken: ['1.0.1', '3.0.0'] }, lib: { commits: [feat], taken: ['1.1.0'] } },
    { recorded, forwardPorts: [{ version: '0.9.1', commits: ['c'], missing: ['c'] }] },
  );
  const again = makePlan(later);
  expect({ ...again, distTag: plan.distTag, projects: nexts(again) }).toEqual({ ...plan, projects: nexts(plan) });
  const more = independent({ ...own, app: { commits: [commit('feat: y', at('app'))] } }, { recorded });
  refusal(more, 'tooSmall');
  const wider = independent({ ...own, tool: { commits: [commit('fix: z', at('tool'))] } }, { recorded });
  expect(refusal(wider, 'tooSmall').message).toContain('planned without tool');
});

describe('any workspace', () => {
  const size = 6;
  const workspace = fc.record({
    edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 12 }),
    commits: fc.array(fc.tuple(fc.constantFrom('fix: a', 'feat: b', 'feat!: c', 'docs: d', 'What'), fc.nat(size - 1)), {
      maxLength: 6,
    }),
    taken: fc.array(fc.tuple(fc.nat(size - 1), fc.constantFrom('1.0.1', '1.0.2', '1.0.1-rc.1')), { maxLength: 4 }),
    preid: fc.constantFrom(undefined, 'rc'),
    shuffle: fc.infiniteStream(fc.nat()),
  });

  function inputOf({
    edges,
    commits,
    taken,
    preid,
  }: {
    edges: [number, number][];
    commits: HistoryCommit[];
    taken: [number, string][];
    preid: string | undefined;
  }) {
    const names = Array.from({ length: size }, (_, index) => `p${index}`);
    const own = Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          needs: edges.filter(([from]) => from === index).map(([, to]) => `p${to}`),
          commits,
          taken: taken.filter(([of]) => of === index).map(([, version]) => version),
        },
      ]),
    );
    return independent(own, { asked: { type: 'patch', preid, override: 'for the test' } });
  }

  it('gets versions that grow, that nobody has, that have a cause, and that reach all who depend on them', () => {
    fc.assert(
      fc.property(workspace, ({ edges, commits: stories, taken, preid, shuffle }) => {
        const commits = stories.map(([message, project]) => commit(message, at(`p${project}`)));
        fc.pre(commits.length > 0);
        const input = inputOf({ edges, commits, taken, preid });
        const plan = makePlan(input);
        const bumped = new Set(plan.projects.filter(({ current, next }) => next !== current).map(({ name }) => name));
        for (const project of plan.projects) {
          expect(gte(project.next, project.current)).toBe(true);
          expect(project.causes.length > 0).toBe(bumped.has(project.name));
          expect(project.reasons).not.toHaveLength(0);
          if (bumped.has(project.name)) {
            expect(gt(project.next, project.current)).toBe(true);
            expect(input.lines.find(({ name }) => name === project.name)?.history.taken.has(project.next)).toBe(false);
          }
        }
        expect(bumped.has('p0')).toBe(true);
        for (const { name, dependencies } of input.projects)
          if (dependencies.some((other) => bumped.has(other))) expect(bumped.has(name)).toBe(true);
        expect(plan.tags.flatMap(({ projects }) => projects).sort()).toEqual([...bumped].sort());
        const keys = shuffle.take(commits.length);
        const shuffled = [...commits]
          .map((one) => ({ one, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const other = makePlan(inputOf({ edges, commits: shuffled.map(({ one }) => one), taken, preid }));
        expect(nexts(other)).toEqual(nexts(plan));
      }),
    );
  });
});
