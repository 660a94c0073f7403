import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../config/load';
import { createGit } from '../../io/git';
import { StoppedError } from '../../io/world';
import { LedgerError } from '../../ledger/ledger';
import { Desk, type RunOptions } from '../testing/desk';
import { abandon } from './abandon';
import { approve } from './approve';
import { bump } from './bump';
import { check } from './check';
import { plan } from './plan';
import { status } from './status';

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => desk.remove());

const run = {
  plan: (options = {}, how?: RunOptions) => desk.run(plan, options, { target: 'release-plan', ...how }),
  bump: (how?: RunOptions) => desk.run(bump, {}, { target: 'release-bump', ...how }),
  check: (how?: RunOptions) => desk.run(check, {}, { target: 'release-check', ...how }),
  abandon: (how?: RunOptions) => desk.run(abandon, { reason: 'superseded' }, { target: 'release-abandon', ...how }),
  approve: (as = 'release-manager', how?: RunOptions) =>
    desk.run(approve, { as }, { target: 'release-approve', ...how }),
  status: () => desk.run(status, {}, { target: 'release-status' }),
};
const kinds = async () => (await desk.events()).map(({ kind }) => kind);
/** Refs, HEAD and work tree, here and there. */
const everything = () => [
  desk.git('for-each-ref'),
  desk.git('symbolic-ref', 'HEAD'),
  desk.git('status', '--porcelain'),
  desk.there(),
];

describe('the plan', () => {
  it('is found again, and made anew when a commit came before the bump', async () => {
    expect((await run.plan()).said).toBe('Done: planned release 1.1.0 (minor) of ui, api.');
    expect((await run.plan()).outcome.kind).toBe('alreadyDone');
    desk.write({ 'packages/ui/index.js': 'exports.name = "Desk";\n' });
    desk.commit('feat(ui)!: another way');
    expect((await run.plan()).said).toMatch(/^Done: planned release 2\.0\.0 \(major\)/);
    expect(await kinds()).toEqual(['planned', 'planned']);
  });

  it('refuses to be another one than the open one, with a command that exists', async () => {
    await run.plan();
    const { outcome } = await run.plan({ releaseVersion: '3.0.0' });
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'otherOpen', remedy: expect.stringContaining('npx nx release-abandon api --reason=') }],
    });
  });

  it('writes nothing in a dry run', async () => {
    const before = everything();
    expect((await run.plan({}, { dryRun: true })).outcome.kind).toBe('wouldDo');
    expect(everything()).toEqual(before);
  });

  it('is written once by two at a time', async () => {
    await Promise.all([run.plan(), run.plan()]);
    expect(await kinds()).toEqual(['planned']);
  });

  it('is not written any more once a stop was asked for', async () => {
    const real = desk.world();
    const check = () => {
      throw new StoppedError('stopped: SIGTERM');
    };
    await expect(run.plan({}, { world: { stop: { ...real.stop, check } } })).rejects.toThrow(StoppedError);
    expect(await kinds()).toEqual([]);
  });

  it('goes on with the next release on top of a tagged one, and says where that one is from before it', async () => {
    const before = desk.head();
    await run.plan();
    await run.bump();
    const commit = desk.head();
    await desk.append({ kind: 'tag.outcome', version: '1.1.0', outcome: 'done', tag: 'v1.1.0', commit, reason: '' });
    desk.git('tag', '-a', 'v1.1.0', '-m', 'x');
    expect((await run.plan()).outcome.kind).toBe('alreadyDone');
    desk.git('switch', '-q', '--detach', before);
    expect((await run.plan()).outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'openElsewhere', remedy: expect.stringContaining('git checkout v1.1.0') }],
    });
    desk.git('switch', '-q', 'main');
    desk.git('merge', '-q', '--ff-only', 'v1.1.0');
    desk.git('commit', '-q', '--allow-empty', '-m', 'fix: what broke');
    desk.write({ 'packages/ui/fix.js': '1\n' });
    desk.commit('fix(ui): what broke');
    expect((await run.plan()).said).toMatch(/^Done: planned release 1\.1\.1 \(patch\)/);
  });
});

describe('the bump', () => {
  it('needs a plan, and is done once', async () => {
    expect((await run.bump()).outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'planned', remedy: 'npx nx release-plan api' }],
    });
    await run.plan();
    const before = everything();
    expect((await run.bump({ dryRun: true })).outcome.kind).toBe('wouldDo');
    expect(everything()).toEqual(before);
    expect((await run.bump()).said).toMatch(
      /^Done: bumped to 1\.1\.0 in one commit, [0-9a-f]{8} on release\/v1\.1\.0\.$/,
    );
    expect((await run.bump()).outcome.kind).toBe('alreadyDone');
    expect(await kinds()).toEqual(['planned', 'bump.intent', 'bump.outcome']);
  });

  it('is recorded as done when it was killed between the commit and its outcome; a dry run records nothing', async () => {
    await run.plan();
    const context = desk.context({ target: 'release-bump' });
    const append: typeof context.ledger.append = (stream, body, options) =>
      body.kind === 'bump.outcome' ? Promise.reject(new Error('killed')) : context.ledger.append(stream, body, options);
    await expect(bump({ ...context, ledger: { ...context.ledger, append } }, {})).rejects.toThrow('killed');
    const commit = desk.head();
    expect((await run.bump({ dryRun: true })).outcome.kind).toBe('wouldDo');
    expect(await kinds()).toEqual(['planned', 'bump.intent']);
    expect((await run.bump()).outcome.kind).toBe('done');
    expect((await desk.events()).at(-1)).toMatchObject({ kind: 'bump.outcome', outcome: 'done', commit });
  });

  it('that the ledger could not be told of is no failure that changed nothing', async () => {
    await run.plan();
    const context = desk.context({ target: 'release-bump' });
    const append: typeof context.ledger.append = (stream, body, options) =>
      body.kind === 'bump.outcome'
        ? Promise.reject(new LedgerError('the remote is away', 'ask it again'))
        : context.ledger.append(stream, body, options);
    const { outcome } = await bump({ ...context, ledger: { ...context.ledger, append } }, {});
    expect(outcome).toEqual({
      kind: 'mixed',
      reason: expect.stringMatching(/^bumped to 1\.1\.0 .* but the ledger does not know: the remote is away$/),
      remedy: 'npx nx release-bump api',
    });
    expect((await run.bump()).outcome.kind).toBe('done');
  });

  it('is refused where HEAD is elsewhere, also on the commit that was planned', async () => {
    await run.plan();
    await run.bump();
    for (const where of ['main', 'v1.0.0']) {
      desk.git('checkout', '-q', where);
      for (const step of [run.plan, run.bump, run.check] as const) {
        expect((await step()).outcome).toMatchObject({
          kind: 'refused',
          refusals: [
            {
              id: 'openElsewhere',
              remedy: expect.stringMatching(
                /^git checkout release\/v1\.1\.0, or give it up: npx nx release-abandon api/,
              ),
            },
          ],
        });
      }
    }
    const { data, lines } = await run.status();
    expect(data['next']).toMatchObject({
      target: 'release-check',
      blockedBy: [{ remedy: expect.stringContaining('git checkout') }],
    });
    expect(lines.join('\n')).toContain('mend it: git checkout release/v1.1.0');
  });

  it('is refused over a dirty tree', async () => {
    await run.plan();
    desk.write({ 'new.txt': 'x' });
    expect((await run.bump()).said).toMatch(/changes that no commit holds: new\.txt/);
    expect(await kinds()).toEqual(['planned']);
  });
});

describe('the check', () => {
  const bumped = async () => {
    await run.plan();
    await run.bump();
    return desk.head();
  };
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
    ['failing', () => desk.judge({ verdict: 'fail', checks: [], reason: '1 of 5 failed' }), /is not a verdict/],
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
        edit('ui', (verdict) => ({ ...verdict, policy: { tests: { passRate: 100 }, coverage: { lines: 1 } } }));
      },
      /the verdict of ui was not made by the policy/,
    ],
    [
      'of one check alone',
      async () => {
        await desk.judge();
        edit('ui', (verdict) => ({ ...verdict, checks: (verdict['checks'] as unknown[]).slice(0, 1) }));
      },
      /the verdict of ui was not made by the policy/,
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
    desk.commit('chore: another version');
    await desk.judge();
    expect((await run.check()).said).toMatch(/packages\/ui\/package\.json holds the version 9\.9\.9 at/);
    desk.git('reset', '-q', '--hard', commit);
    desk.write({ 'releases/v1.1.0/release.json': '{}\n' });
    desk.commit('docs: another record');
    expect((await run.check()).said).toMatch(/release\.json was changed after the bump/);
    desk.git('reset', '-q', '--hard', commit);
    desk.change('a fix');
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
  });

  it('fails over a bump that touched more than versions', async () => {
    await run.plan();
    await run.bump();
    const from = desk.head('main');
    desk.write({ 'packages/ui/index.js': 'exports.title = "smuggled";\n' });
    desk.git('commit', '-q', '-a', '--amend', '--no-edit');
    const commit = desk.head();
    await desk.append({ kind: 'bump.outcome', version: '1.1.0', outcome: 'done', from, commit, reason: '' });
    await desk.judge();
    expect((await run.check()).said).toMatch(/the bump changed packages\/ui\/index\.js/);
  });

  it('binds sign-offs to its commit', async () => {
    desk.config = parseConfig(
      JSON.stringify({
        images: { ui: { dockerfile: 'D', context: ['.'], repository: 'desk/ui', variable: 'UI' } },
        environments: { prod: { compose: 'c.yml', project: 'p', requires: { approvals: ['release-manager'] } } },
      }),
    );
    await bumped();
    expect((await run.approve()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'dossier' }] });
    await desk.judge();
    await run.check();
    expect((await run.approve('release-manger')).said).toMatch(/did you mean "release-manager"/);
    expect((await run.approve('release-manager', { dryRun: true })).outcome.kind).toBe('wouldDo');
    expect((await run.approve()).said).toMatch(/^Done: dana <dana@example\.org> signed off 1\.1\.0 at/);
    expect((await run.approve()).outcome.kind).toBe('alreadyDone');
    desk.change('a fix');
    await desk.judge();
    expect((await run.check()).outcome.kind).toBe('done');
    const both = await Promise.all([run.approve(), run.approve()]);
    expect(both.map(({ outcome }) => outcome.kind).sort()).toEqual(['alreadyDone', 'done']);
    expect((await kinds()).filter((kind) => kind === 'approval')).toHaveLength(2);
  });
});

describe('a release that is given up', () => {
  it('is none any more, and can be planned anew: the branch that is left serves again for the same plan', async () => {
    expect((await run.abandon()).outcome.kind).toBe('alreadyDone');
    await run.plan();
    await run.bump();
    const commit = desk.head();
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
    await run.plan();
    await run.bump();
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
    await run.plan();
    await run.bump();
    const commit = desk.head();
    await desk.append({ kind: 'tag.outcome', version: '1.1.0', outcome: 'done', tag: 'v1.1.0', commit, reason: '' });
    expect((await run.abandon()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'tagged' }] });
  });
});

it('status tells of a workspace without environments and without a release what comes first', async () => {
  const { said, lines } = await run.status();
  expect(said).toBe('Done: nothing is deployed; no release is open.');
  expect(lines).toEqual([
    'No environment is configured.',
    '',
    'No release is under way.',
    'Next: npx nx run api:release-plan',
  ]);
});

it('a person whom git does not know is told before anything is written', async () => {
  desk.git('config', '--unset', 'user.email');
  const env = { GIT_AUTHOR_EMAIL: '', EMAIL: '' };
  const real = desk.world();
  const world = createGit(
    (argv, options) => real.run(argv, { ...options, env: { ...options?.env, ...env } }),
    desk.root,
  );
  await expect(run.plan({}, { world: { git: world } })).rejects.toThrow(LedgerError);
});
