import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Desk, deskConfiguration } from '../testing/desk';
import { runners } from '../testing/runners';

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => desk.remove());
const run = runners(() => desk);
/** A release is bumped, by the usual configuration. @returns its commit */
const bumped = async () => {
  desk.remove();
  desk = await Desk.after('bumped', async (begun) => {
    desk = begun;
    await run.plan();
    await run.bump();
  });
  return desk.head();
};
const kinds = async () => (await desk.events()).map(({ kind }) => kind);

/** A fix that the freeze allows, and that the notes tell of. */
const fix = (subject: string): string => {
  const notes = 'releases/v1.1.0/NOTES.md';
  desk.write({
    'packages/ui/fix.js': `// ${subject}\n`,
    [notes]: `${desk.git('show', `HEAD:${notes}`)}\n- ${subject}\n`,
  });
  return desk.commit(`fix(ui): ${subject}`);
};

describe('the check', () => {
  const edit = (name: string, change: (verdict: Record<string, unknown>) => Record<string, unknown>) => {
    const path = join(desk.root, `.slipway/gates/${name}/verdict.json`);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)));
  };

  it('makes the dossier once, with each verdict, also where it was judged before the bump', async () => {
    await run.plan();
    await desk.judge();
    await run.bump();
    const commit = desk.head();
    expect((await run.check({ dryRun: true })).outcome.kind).toBe('wouldDo');
    expect(await kinds()).not.toContain('check');
    expect((await run.check()).said).toBe(
      `Done: 1.1.0 passed its check at ${commit.slice(0, 8)}: ui: pass, api: pass.`,
    );
    expect((await desk.events()).at(-1)).toMatchObject({
      kind: 'check',
      passed: true,
      commit,
      gated: desk.head('main'),
    });
    expect((await run.check()).outcome.kind).toBe('alreadyDone');
  });

  const forged: readonly (readonly [string, () => Promise<void> | void, RegExp])[] = [
    ['missing', () => undefined, /ui has no verdict .*api has no verdict/],
    ['failing', () => desk.judge({ failed: 1 }), /ui: tests: .*1 of 5 failed/],
    [
      'forged: a pass where the reports say otherwise',
      async () => {
        await desk.judge({ failed: 1 });
        edit('ui', (verdict) => ({
          ...verdict,
          verdict: 'pass',
          checks: (verdict['checks'] as object[]).map((check) => ({ ...check, verdict: 'pass', findings: [] })),
        }));
      },
      /the verdict of ui says of tests: pass; judged again now it is fail \(80 % passed, 1 of 5 failed/,
    ],
    [
      'about other reports than those on disk',
      async () => {
        await desk.judge();
        desk.write({
          'packages/ui/reports/junit.xml': '<testsuite name="desk" tests="1"><testcase name="1"/></testsuite>',
        });
      },
      /packages\/ui\/reports\/junit\.xml is not the report that the verdict of ui is about/,
    ],
    [
      'about other files',
      async () => {
        await desk.judge();
        edit('ui', (verdict) => ({ ...verdict, subject: '0'.repeat(64) }));
      },
      /the verdict of ui is about other files/,
    ],
    [
      "another project's",
      async () => {
        await desk.judge();
        edit('ui', (verdict) => ({ ...verdict, project: 'api' }));
      },
      /holds the verdict of api/,
    ],
    [
      'of another policy',
      async () => {
        await desk.judge();
        edit('ui', (verdict) => ({
          ...verdict,
          policy: { ...(verdict['policy'] as object), tests: { passRate: 1 } },
        }));
      },
      /the verdict of ui was not made by the policy/,
    ],
    [
      'of one check alone',
      async () => {
        await desk.judge();
        edit('ui', (verdict) => ({ ...verdict, checks: (verdict['checks'] as unknown[]).slice(0, 1) }));
      },
      /the verdict of ui says nothing of coverage/,
    ],
    [
      'better than its checks',
      async () => {
        await desk.judge();
        edit('ui', (verdict) => ({ ...verdict, checks: [{ ...(verdict['checks'] as object[])[0], verdict: 'fail' }] }));
      },
      /is not a verdict/,
    ],
  ];

  it('fails over a verdict that proves nothing, each time with the reason', async () => {
    const commit = await bumped();
    for (const [what, make, reason] of forged) {
      await make();
      const { outcome, said } = await run.check();
      expect([what, outcome.kind, said]).toEqual([what, 'failed', expect.stringMatching(reason)]);
      expect((await desk.events()).at(-1)).toMatchObject({ kind: 'check', passed: false, commit });
    }
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it('fails over a verdict from before the last commit', async () => {
    await bumped();
    await desk.judge();
    desk.change('more');
    expect((await run.check()).said).toMatch(/the verdict of ui is about other files/);
  });

  it('fails over a commit after the bump that changes a version or the record', async () => {
    const commit = await bumped();
    desk.write({ 'packages/ui/package.json': '{\n  "name": "@desk/ui",\n  "version": "9.9.9"\n}\n' });
    desk.commit('test: another version');
    await desk.judge();
    expect((await run.check()).said).toMatch(/packages\/ui\/package\.json holds the version 9\.9\.9 at/);
    desk.git('reset', '-q', '--hard', commit);
    desk.write({ 'releases/v1.1.0/release.json': '{}\n' });
    desk.commit('docs: another record');
    expect((await run.check()).said).toMatch(/release\.json was changed after the bump/);
    desk.git('reset', '-q', '--hard', commit);
    fix('a fix');
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it('fails over a bump that touched more than versions', async () => {
    await bumped();
    const from = desk.head('main');
    desk.write({ 'packages/ui/index.js': 'exports.title = "smuggled";\n' });
    desk.git('commit', '-q', '-a', '--amend', '--no-edit');
    const commit = desk.head();
    await desk.append({ kind: 'bump.outcome', version: '1.1.0', outcome: 'done', from, commit, reason: '' });
    await desk.judge();
    expect((await run.check()).said).toMatch(/the bump changed packages\/ui\/index\.js/);
  });

  it('binds sign-offs to its commit', async () => {
    desk.config = deskConfiguration({
      images: { ui: { dockerfile: 'D', context: ['.'], repository: 'desk/ui', variable: 'UI' } },
      environments: { prod: { compose: 'c.yml', project: 'p', requires: { approvals: ['release-manager'] } } },
    });
    await run.plan();
    await run.bump();
    expect((await run.approve()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'dossier' }] });
    await desk.judge();
    expect((await run.check()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'built' }] });
    await desk.built('1.1.0');
    await run.check();
    expect((await run.approve('release-manger')).said).toMatch(/did you mean "release-manager"/);
    expect((await run.approve('release-manager', { dryRun: true })).outcome.kind).toBe('wouldDo');
    expect((await run.approve()).said).toMatch(/^Done: dana <dana@example\.org> signed off 1\.1\.0 at/);
    expect((await run.approve()).outcome.kind).toBe('alreadyDone');
    fix('a fix');
    await desk.judge();
    await desk.built('1.1.0');
    expect((await run.check()).outcome.kind).toBe('done');
    const both = await Promise.all([run.approve(), run.approve()]);
    expect(both.map(({ outcome }) => outcome.kind).sort()).toEqual(['alreadyDone', 'done']);
    expect((await kinds()).filter((kind) => kind === 'approval')).toHaveLength(2);
  });
});

describe('the review', () => {
  const ready = async () => {
    await run.plan();
    await run.bump();
    await desk.judge();
  };
  const unreviewed = (trailers = '') => {
    desk.write({ 'packages/ui/more.js': '// more\n' });
    return desk.commit('feat(ui): more', trailers);
  };
  const waiting = { kind: 'waiting', run: 'npx nx release-approve api --as=reviewer' };

  it('waits for people where nothing else is missing, and for two who wrote none of it', async () => {
    const change = unreviewed();
    await ready();
    const waits = await run.check();
    expect(waits.outcome).toEqual({ ...waiting, on: 'the review of 2 other persons who wrote none of it' });
    expect((await desk.events()).at(-1)).toMatchObject({
      passed: false,
      reasons: [expect.stringMatching(/^review: 1 of 2 changes without the approvals of 2 persons/)],
    });
    expect(JSON.stringify(waits.data)).toContain(`${change.slice(0, 8)} \\"feat(ui): more\\": 0 of 2 approvals`);
    // Dana wrote it.
    expect((await run.approve('reviewer')).outcome.kind).toBe('done');
    expect((await run.approve('reviewer')).outcome.kind).toBe('alreadyDone');
    expect((await run.check()).outcome.kind).toBe('waiting');
    desk.become('robin');
    expect((await run.approve('reviewer')).said).toMatch(/^Done: robin <robin@example\.org> signed off 1\.1\.0/);
    expect((await run.check()).outcome).toEqual({
      ...waiting,
      on: 'the review of another person who wrote none of it',
    });
    desk.become('sam');
    await run.approve('reviewer');
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it.each([
    ['two others', 'Reviewed-by: Robin <robin@example.org>\nReviewed-by: Sam <sam@example.org>', 'done'],
    ['one', 'Reviewed-by: Robin <robin@example.org>', 'waiting'],
    ['its author', 'Reviewed-by: Robin <robin@example.org>\nReviewed-by: Dana <DANA@example.org>', 'waiting'],
    [
      'its co-author',
      'Reviewed-by: Robin <robin@example.org>\nReviewed-by: Sam <sam@example.org>\nCo-authored-by: Sam <sam@example.org>',
      'waiting',
    ],
    [
      'nobody in its last paragraph',
      'Reviewed-by: Robin <robin@example.org>\nReviewed-by: Sam <s@example.org>\n\nThe end.',
      'waiting',
    ],
  ])('of a change by %s', async (_who, trailers, kind) => {
    unreviewed(trailers);
    await ready();
    expect((await run.check()).outcome.kind).toBe(kind);
  });

  it('asks none of a commit and its exact revert, but of what brings it back', async () => {
    const change = unreviewed();
    desk.git('revert', '--no-edit', change);
    const reverted = desk.head();
    await ready();
    expect((await run.check()).outcome.kind).toBe('done');
    await run.abandon();
    desk.git('checkout', '-q', 'main');
    desk.git('revert', '--no-edit', reverted);
    desk.git('branch', '-q', '-D', 'release/v1.1.0');
    await ready();
    expect((await run.check()).outcome.kind).toBe('waiting');
  });

  it('asks it of a revert that does more', async () => {
    const change = unreviewed('Reviewed-by: Robin <robin@example.org>\nReviewed-by: Sam <sam@example.org>');
    desk.git('revert', '--no-commit', change);
    desk.write({ 'packages/ui/smuggled.js': '// boo\n' });
    desk.git('add', '-A');
    desk.git('commit', '-q', '-m', `Revert "feat(ui): more"\n\nThis reverts commit ${change}.`);
    await ready();
    expect((await run.check()).outcome.kind).toBe('waiting');
  });

  it('asks it of a merge that brings changes of its own, and of none that is what git makes', async () => {
    const merge = (file: string) => {
      desk.git('switch', '-q', '-c', 'side', 'main~1');
      desk.change('on the side');
      desk.git('switch', '-q', 'main');
      desk.git('merge', '-q', '--no-ff', '--no-commit', 'side');
      if (file !== '') desk.write({ [file]: '// boo\n' });
      desk.git('add', '-A');
      desk.git('commit', '-q', '-m', 'Merge side');
    };
    const start = desk.head();
    merge('');
    await ready();
    expect((await run.check()).outcome.kind).toBe('done');
    await run.abandon();
    desk.git('checkout', '-q', 'main');
    desk.git('reset', '-q', '--hard', start);
    desk.git('branch', '-q', '-D', 'side', 'release/v1.1.0');
    merge('packages/ui/smuggled.js');
    await ready();
    expect((await run.check()).outcome.kind).toBe('waiting');
  });

  it('is asked of nothing where that is configured, and is inconclusive where GitHub is asked for and is not there', async () => {
    unreviewed();
    desk.config = deskConfiguration({ gates: { review: { notApplicable: 'one person works on it' } } });
    await ready();
    expect((await run.check()).outcome.kind).toBe('done');
    desk.change('another');
    desk.config = deskConfiguration({ gates: { review: { source: 'github' } } });
    await desk.judge();
    expect((await run.check()).said).toMatch(/review: origin is not a repository on GitHub/);
  });
});

describe('acceptance', () => {
  it('is the sign-off of each role for this very commit, which may come before the check', async () => {
    desk.config = deskConfiguration({ gates: { acceptance: { roles: ['uat', 'product-owner'] } } });
    await run.plan();
    await run.bump();
    await desk.judge();
    await run.approve('uat');
    expect((await run.check()).outcome).toEqual({
      kind: 'waiting',
      on: 'the sign-off of the product-owner',
      run: 'npx nx release-approve api --as=product-owner',
    });
    await run.approve('product-owner');
    expect((await run.check()).outcome.kind).toBe('done');
    fix('a fix');
    await desk.judge();
    expect((await run.check()).outcome).toMatchObject({ kind: 'waiting' });
  });
});

describe('the feature freeze', () => {
  const NOTES = 'releases/v1.1.0/NOTES.md';
  const fails = async (): Promise<string> => {
    await desk.judge();
    const { outcome, said } = await run.check();
    expect(outcome.kind).toBe('failed');
    expect((await desk.events()).at(-1)).toMatchObject({ kind: 'check', passed: false });
    return said;
  };
  beforeEach(bumped);

  it('fails the check over a feature after the bump, and passes once it is taken back', async () => {
    const feature = desk.change('dark mode');
    expect(await fails()).toContain(
      `feature freeze: ${feature.slice(0, 8)} "feat(ui): dark mode" is of type feat, and only fix, security, docs, test, revert ` +
        `may be added; take it back with git revert ${feature.slice(0, 8)}, or plan a new release`,
    );
    desk.git('revert', '--no-edit', feature);
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it('sees what a merge brought', async () => {
    desk.git('switch', '-q', 'main');
    desk.change('from main');
    desk.git('switch', '-q', 'release/v1.1.0');
    desk.git('merge', '-q', '--no-ff', '-m', 'Merge main', 'main');
    expect(await fails()).toMatch(/"feat\(ui\): from main" is of type feat.* came with the merge [0-9a-f]{8}/);
    // Main would lose the feature with the next merge.
    desk.git('revert', '--no-edit', '-m', '1', 'HEAD');
    expect(await fails()).toContain('"feat(ui): from main" is of type feat');
    desk.git('reset', '-q', '--keep', 'HEAD~2');
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it('lets a fix through, once the notes tell of it', async () => {
    desk.write({ 'packages/ui/index.js': 'exports.title = "Help desk";\n' });
    const fixed = desk.commit('fix(ui): say help');
    expect(await fails()).toContain(
      `${NOTES} says nothing of ${fixed.slice(0, 8)} (say help), added after the bump; bring it up to date with npx nx g ` +
        'nx-slipway:release-notes --releaseVersion=1.1.0, and commit it as docs',
    );
    const notes = desk.git('show', `HEAD:${NOTES}`);
    desk.git('rm', '-q', NOTES);
    desk.commit('docs: no notes');
    expect(await fails()).toContain('says nothing of');
    desk.write({ [NOTES]: `${notes}\n- say help\n` });
    desk.commit('docs: tell of the fix');
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it('asks nothing of notes for what readers do not notice, and goes by the types of slipway.json', async () => {
    desk.write({ 'packages/ui/index.test.js': '// more\n' });
    desk.commit('chore(ui): more');
    expect(await fails()).toContain('is of type chore');
    desk.config = deskConfiguration({ release: { freeze: { types: ['fix', 'chore'] } } });
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });
});

describe('a release that is given up', () => {
  it('is none any more, and can be planned anew: the branch that is left serves again for the same plan', async () => {
    expect((await run.abandon()).outcome.kind).toBe('alreadyDone');
    const commit = await bumped();
    await desk.judge();
    await run.check();
    expect((await run.abandon({ dryRun: true })).outcome.kind).toBe('wouldDo');
    expect((await run.check()).outcome.kind).toBe('alreadyDone');
    expect((await run.abandon()).said).toMatch(
      /gave up release 1\.1\.0; its branch release\/v1\.1\.0 stays.*git checkout main/,
    );
    // Its commit has a dossier that passed, and counts for nothing.
    expect((await run.check()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'bumped' }] });
    desk.git('checkout', '-q', 'main');
    expect((await run.plan()).outcome.kind).toBe('done');
    expect((await run.bump()).outcome.kind).toBe('done');
    expect(desk.head()).toBe(commit);
    expect((await run.check()).outcome.kind).toBe('alreadyDone');
  });

  it('leaves a branch that is in the way of another plan: refused, with what mends it', async () => {
    await bumped();
    await run.abandon();
    desk.git('checkout', '-q', 'main');
    desk.change('more');
    expect((await run.plan()).outcome.kind).toBe('done');
    const { outcome } = await run.bump();
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'branchFree', remedy: expect.stringContaining('git branch -D release/v1.1.0') }],
    });
    desk.git('branch', '-q', '-D', 'release/v1.1.0');
    expect((await run.bump()).outcome.kind).toBe('done');
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it('can not be one that is tagged', async () => {
    const commit = await bumped();
    await desk.append({ kind: 'tag.outcome', version: '1.1.0', outcome: 'done', tag: 'v1.1.0', commit, reason: '' });
    expect((await run.abandon()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'tagged' }] });
  });
});
