import { createGit } from '../../io/git';
import { StoppedError } from '../../io/world';
import { LedgerError } from '../../ledger/ledger';
import { Desk } from '../testing/desk';
import { runners } from '../testing/runners';
import { bump } from './bump';

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => desk.remove());
const run = runners(() => desk);
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
