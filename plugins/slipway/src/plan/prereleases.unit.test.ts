import fc from 'fast-check';
import { gt } from 'semver';
import type { HistoryCommit } from '../history/read';
import { historyCommit as commit, planInputAt as at, tagged } from '../testing/plan-input';
import { refusedPlan as refusal } from '../testing/plan-refusal';
import { finalVersionOf, nextVersion } from '../version/next-version';
import { compareReleaseTypes, type ReleaseType } from '../version/release-type';
import { makePlan } from './make-plan';
import { PlanError } from './plan-error';
import type { Asked, PlanInput } from './plan-input';
import { renderPlan } from './render';

const [feat, fix, breaking] = [commit('feat: x'), commit('fix: y'), commit('feat!: z')];

/** After 1.0.0 came this pre-release, with `held`; `news` is newer. */
function series(
  latest: string,
  news: readonly HistoryCommit[],
  held: readonly HistoryCommit[],
  asked: Asked = {},
): PlanInput {
  return at(
    {
      stable: tagged('1.0.0'),
      latest: tagged(latest),
      taken: new Set(['1.0.0', latest]),
      commits: [...news, ...held],
      prereleases: new Map(held.map(({ id }) => [id, latest])),
    },
    { asked },
  );
}

describe('a pre-release', () => {
  it('is made for what is asked, with its stage as dist-tag', () => {
    expect(makePlan(at({ commits: [feat] }, { asked: { preid: 'rc' } }))).toMatchObject({
      version: '1.1.0-rc.1',
      type: 'minor',
      stable: '1.0.0',
      tag: 'v1.1.0-rc.1',
      branch: 'release/v1.1.0-rc.1',
      distTag: 'rc',
      previous: { version: '1.0.0' },
      projects: [{ next: '1.1.0-rc.1' }, { next: '1.1.0-rc.1' }],
    });
  });

  it('goes on by itself, counts all since the last stable version, and tells what is held already', () => {
    const plan = makePlan(series('1.1.0-rc.1', [fix], [feat]));
    expect(plan).toMatchObject({
      version: '1.1.0-rc.2',
      type: 'minor',
      previous: { version: '1.1.0-rc.1' },
      stable: '1.0.0',
      commits: [
        { id: fix.id, prerelease: null },
        { id: feat.id, prerelease: '1.1.0-rc.1', demands: 'minor' },
      ],
    });
    expect(renderPlan(plan)).toContain('A pre-release (rc); later ones go on with it, and --graduate finishes it');
  });

  it.each([
    ['1.1.0-rc.3', [breaking], '2.0.0-rc.1', 'major'],
    ['1.0.1-rc.3', [feat], '1.1.0-rc.1', 'minor'],
    ['2.0.0-rc.3', [fix], '2.0.0-rc.4', 'major'],
  ] as const)('after %s is raised by what came later: %#', (latest, news, version, type) => {
    expect(makePlan(series(latest, news, []))).toMatchObject({ version, type });
  });

  it('goes to the next stage, also without a new commit, and never back', () => {
    expect(makePlan(series('1.1.0-alpha.2', [], [feat], { preid: 'beta' })).version).toBe('1.1.0-beta.1');
    const error = refusal(series('1.1.0-rc.1', [fix], [feat], { preid: 'beta' }), 'stage');
    expect(error.message).toContain("can't go back from rc to beta");
    refusal(series('1.1.0-rc.1', [breaking], [feat], { preid: 'alpha' }), 'stage');
  });

  it('goes on when it is to lose what the one before had; a final release tells of neither', () => {
    const revert = commit(`Revert "feat: x"\n\nThis reverts commit ${feat.id}.`);
    const next = makePlan(series('1.1.0-rc.1', [revert], [feat]));
    expect(next).toMatchObject({
      version: '1.1.0-rc.2',
      commits: [
        { id: revert.id, demands: 'patch', prerelease: null },
        {
          id: feat.id,
          skippedAs: 'reverted',
          skipped: expect.stringMatching(/^was taken back by \w+ after 1\.1\.0-rc\.1$/),
        },
      ],
    });
    const final = makePlan(series('1.1.0-rc.1', [revert], [feat], { graduate: true }));
    expect(final).toMatchObject({
      version: '1.1.0',
      commits: [
        { skippedAs: 'reverted', skipped: expect.stringMatching(/which no final release holds$/) },
        { skippedAs: 'reverted' },
      ],
    });
    // Both came after the pre-release: nobody got either.
    refusal(series('1.1.0-rc.1', [revert, feat], []), 'nothingToRelease');
  });

  it('needs something new to go on', () => {
    const error = refusal(series('1.1.0-rc.1', [], [feat]), 'nothingToRelease');
    expect(error.message).toContain('there are no commits since v1.1.0-rc.1');
    expect(error.remedy).toContain('--graduate');
    refusal(series('1.1.0-rc.1', [commit('docs: x')], [feat]), 'nothingToRelease');
    refusal(at({ commits: [commit('docs: x')] }, { asked: { preid: 'rc' } }), 'nothingToRelease');
  });

  it('is finished in one go, without a new commit, as what it was to be', () => {
    expect(makePlan(series('1.1.0-rc.2', [], [feat], { graduate: true }))).toMatchObject({
      version: '1.1.0',
      type: 'minor',
      distTag: 'latest',
      previous: { version: '1.0.0' },
    });
    expect(makePlan(series('1.1.0-rc.2', [breaking], [feat], { graduate: true })).version).toBe('2.0.0');
    expect(makePlan(series('1.1.0-rc.2', [], [], { graduate: true })).version).toBe('1.1.0');
  });

  it('is not what it was when its reason was taken back', () => {
    const revert = commit(`Revert "feat: x"\n\nThis reverts commit ${feat.id}.`);
    const plan = makePlan(series('1.1.0-rc.1', [fix, revert], [feat]));
    expect(plan.version).toBe('1.1.0-rc.2');
    expect(plan.commits.map(({ skippedAs }) => skippedAs)).toEqual([undefined, undefined, 'reverted']);
  });

  it('may be the first release', () => {
    const first = { stable: null, latest: null, commits: [feat] };
    expect(makePlan(at(first, { asked: { preid: 'alpha' } })).version).toBe('1.1.0-alpha.1');
    const latest = tagged('1.1.0-alpha.1');
    const held = new Map([[feat.id, '1.1.0-alpha.1']]);
    expect(makePlan(at({ stable: null, latest, commits: [fix, feat], prereleases: held })).version).toBe(
      '1.1.0-alpha.2',
    );
  });

  it.each<[string, Asked, string]>([
    ['both ways', { preid: 'rc', graduate: true }, 'contradiction'],
    ['a version of its own', { preid: 'rc', version: '1.2.0' }, 'contradiction'],
    ['an id that is none', { preid: '1' }, 'stage'],
  ])('is not asked for with %s', (_what, asked, failure) => {
    refusal(series('1.1.0-rc.1', [fix], [feat], asked), failure as 'stage');
  });

  it('is not finished where there is none', () => {
    refusal(at({ commits: [feat] }, { asked: { graduate: true } }), 'notPrerelease');
  });

  it('without a name needs one', () => {
    expect(refusal(series('1.1.0-0', [fix], [feat]), 'stage').remedy).toContain('--preid=rc');
    expect(makePlan(series('1.1.0-0', [fix], [feat], { preid: 'rc' })).version).toBe('1.1.0-rc.1');
  });

  it('counts on where its number is taken, and gives way where its final version is', () => {
    const taken = (versions: string[], asked: Asked, commits = [feat]) =>
      at({ commits, taken: new Set(['1.0.0', ...versions]) }, { asked });
    expect(makePlan(taken(['1.1.0-rc.1'], { preid: 'rc' })).version).toBe('1.1.0-rc.2');
    expect(makePlan(taken(['1.0.1'], { preid: 'rc' }, [fix])).version).toBe('1.0.2-rc.1');
    refusal(taken(['1.1.0'], { preid: 'rc' }), 'taken');
  });

  // What a workspace lives through: commits come, and releases are asked for in one way or another.
  it('is part of a story in which versions only grow, by what was demanded', () => {
    const step = fc.record({
      messages: fc.array(fc.constantFrom('fix: a', 'feat: b', 'feat!: c', 'docs: d'), { maxLength: 3 }),
      asked: fc.constantFrom<Asked>({}, { preid: 'alpha' }, { preid: 'rc' }, { graduate: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let [stable, latest] = ['1.0.0', '1.0.0'];
        let [news, held]: [HistoryCommit[], HistoryCommit[]] = [[], []];
        for (const { messages, asked } of steps) {
          news = [...messages.map((message) => commit(message)), ...news];
          const all = [...news, ...held];
          const history = {
            stable: tagged(stable),
            latest: tagged(latest),
            commits: all,
            prereleases: new Map(held.map(({ id }) => [id, latest])),
          };
          try {
            const plan = makePlan(at(history, { asked }));
            expect(gt(plan.version, latest)).toBe(true);
            const demanded = (['major', 'minor', 'patch'] as const).find((type) =>
              plan.commits.some(({ demands }) => demands === type),
            );
            expect(compareReleaseTypes(plan.type as ReleaseType, demanded ?? 'patch')).toBeGreaterThanOrEqual(0);
            expect(gt(nextVersion(stable, demanded ?? 'patch'), finalVersionOf(plan.version))).toBe(false);
            latest = plan.version;
            [held, news] = [all, []];
            if (plan.distTag === 'latest') [stable, held] = [latest, []];
          } catch (error) {
            if (!(error instanceof PlanError)) throw error;
            expect(['nothingToRelease', 'stage', 'notPrerelease']).toContain(error.failure);
          }
        }
      }),
    );
  });
});
