import { historyCommit as commit, planHistory, planInput, planLine, planProject, tagged } from '../testing/plan-input';
import { refusedPlan as refusal } from '../testing/plan-refusal';
import type { HistoryCommit } from '../history/read';
import { makePlan } from './make-plan';
import type { PlanInput, Production } from './plan-input';
import { renderPlan } from './render';

const PRODUCTION: Production = { version: '1.0.0', tag: 'v1.0.0', commit: 'e'.repeat(40), held: true };
const fix = commit('fix: sign in');

/** A branch that starts from 1.0.0 in production, with these commits. */
function hotfix(
  commits: readonly HistoryCommit[],
  change: Partial<PlanInput> & { readonly tags?: readonly string[] } = {},
): PlanInput {
  const { tags = [], ...rest } = change;
  const history = planHistory({ commits, taken: new Set(['1.0.0', ...tags]) });
  return planInput(commits, {
    lines: [planLine({ projects: ['ui', 'api'], history })],
    branch: 'hotfix/sign-in',
    production: PRODUCTION,
    asked: { type: 'hotfix' },
    ...rest,
  });
}

describe('a hotfix', () => {
  it('raises the patch number of what production runs, from its own branch', () => {
    const plan = makePlan(hotfix([fix]));
    expect(plan).toMatchObject({
      version: '1.0.1',
      type: 'hotfix',
      base: 'hotfix/sign-in',
      previous: { version: '1.0.0', tag: 'v1.0.0', commit: PRODUCTION.commit },
      distTag: 'latest',
    });
    expect(plan.projects[1]?.reasons).toContain('a hotfix was asked for');
    expect(renderPlan(plan)).toContain('A hotfix of 1.0.0 on hotfix/sign-in; the fix is to be brought to main as well');
  });

  it('never takes a number that main has or is about to have, nor the dist-tag of a newer line', () => {
    expect(makePlan(hotfix([fix], { tags: ['1.0.1', '1.1.0'] }))).toMatchObject({
      version: '1.0.2',
      distTag: 'release-1.0',
    });
    const open = { ...hotfix([fix]), taken: new Set(['v1.0.1']) };
    const plan = makePlan(open);
    expect(plan.version).toBe('1.0.2');
    expect(plan.projects[0]?.reasons).toContain('1.0.1 is that of another release that is open (v1.0.1)');
  });

  it.each<[string, Partial<PlanInput>, string]>([
    ['on main', { branch: 'main' }, 'this is main'],
    ['on no branch', { branch: null }, 'no branch is checked out'],
    ["without production's commit", { production: { ...PRODUCTION, held: false } }, 'does not hold it'],
  ])('is refused %s, with the commands that start one', (_what, change, message) => {
    const error = refusal(hotfix([fix], change), 'notFromProduction');
    expect(error.message).toContain(message);
    expect(error.remedy).toMatch(/^git switch -c hotfix\/1\.0\.1 v1\.0\.0, then git cherry-pick -x .* --type=hotfix$/);
  });

  it('starts from the commit where production was never tagged', () => {
    const untagged = { ...PRODUCTION, tag: null };
    expect(refusal(hotfix([fix], { production: untagged, branch: 'main' }), 'notFromProduction').remedy).toContain(
      `git switch -c hotfix/1.0.1 ${PRODUCTION.commit}`,
    );
    expect(makePlan(hotfix([fix], { production: untagged })).previous?.tag).toBe('v1.0.0');
  });

  it('is refused where nothing is in production, or a pre-release is', () => {
    refusal(hotfix([fix], { production: null }), 'noProduction');
    refusal(hotfix([fix], { production: { ...PRODUCTION, version: '1.1.0-rc.1' } }), 'noProduction');
  });

  it('is refused on what was released since', () => {
    const history = planHistory({ stable: tagged('1.1.0'), commits: [fix] });
    const lines = [planLine({ projects: ['ui', 'api'], history })];
    const projects = [planProject({ name: 'ui', current: '1.1.0' }), planProject({ name: 'api', current: '1.1.0' })];
    expect(refusal(hotfix([fix], { lines, projects }), 'notFromProduction').message).toContain('holds v1.1.0 already');
  });

  it.each(['feat: x', 'fix!: x', 'refactor: x', 'Tidy', 'docs: x\n\nBREAKING CHANGE: y'])(
    'does not hold %j',
    (message) => {
      const other = commit(message);
      const error = refusal(hotfix([fix, other]), 'notAHotfix');
      expect(error.details).toEqual([expect.stringContaining(other.id.slice(0, 7))]);
    },
  );

  it('may hold what the freeze allows, merges, and what was taken back', () => {
    const feat = commit('feat: x');
    const revert = commit(`Revert "feat: x"\n\nThis reverts commit ${feat.id}.`);
    const merge = commit('Merge branch', { parents: ['a'.repeat(40), 'b'.repeat(40)], files: [] });
    expect(makePlan(hotfix([merge, commit('docs: x'), revert, feat, fix])).version).toBe('1.0.1');
  });

  it('needs something new, and no forward-port of another', () => {
    refusal(hotfix([]), 'nothingToRelease');
    const forwardPorts = [{ version: '0.9.1', commits: ['c'], missing: ['c'] }];
    expect(makePlan(hotfix([fix], { forwardPorts })).override).toBeNull();
  });

  it('has no other version than a patch of it', () => {
    refusal(hotfix([fix], { asked: { type: 'hotfix', version: '1.1.0' } }), 'contradiction');
    expect(makePlan(hotfix([fix], { asked: { type: 'hotfix', version: '1.0.4' } })).version).toBe('1.0.4');
  });

  it('is made again from its record after its branch was left', () => {
    const plan = makePlan(hotfix([fix]));
    const recorded = { ...plan, type: plan.type };
    expect(makePlan(hotfix([fix], { branch: 'release/v1.0.1', recorded, asked: {} }))).toEqual({
      ...plan,
      projects: expect.anything() as unknown,
    });
  });
});
