import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGit } from '../../io/git';
import { StoppedError } from '../../io/world';
import { Desk, type RunOptions } from '../testing/desk';
import { bump } from './bump';
import { check } from './check';
import { plan } from './plan';
import { tag } from './tag';

/** Where a release passed its check: what a tag needs where there is no environment. */
function checked(options?: { readonly remote: boolean }): Promise<Desk> {
  return Desk.after(
    'checked',
    async (desk) => {
      await desk.run(plan, {});
      await desk.run(bump, {});
      await desk.judge();
      const { said } = await desk.run(check, {});
      expect(said).toMatch(/^Done: 1\.1\.0 passed its check/);
    },
    options,
  );
}

/** The open release, as if it had brought these versions too. */
async function withTags(desk: Desk, ...others: readonly (readonly [string, string, string])[]): Promise<void> {
  const planned = (await desk.events()).find((body) => body.kind === 'planned');
  if (planned?.kind !== 'planned') throw new Error('nothing is planned');
  const tags = [['v1.1.0', '1.1.0', 'ui'] as const, ...others].map(([name, version, project]) => ({
    name,
    version,
    projects: [project],
  }));
  await desk.append({ ...planned, tags });
}

describe('a release is tagged', () => {
  let desk: Desk;
  afterEach(() => desk.remove());
  const run = (options: RunOptions = {}) => desk.run(tag, {}, { target: 'release-tag', ...options });
  const kinds = async () => (await desk.events()).map(({ kind }) => kind).filter((kind) => kind.startsWith('tag'));

  it('with an annotated tag, main and branch in one push, and again is already done', async () => {
    desk = await checked();
    const commit = desk.head();
    const before = desk.there();
    expect((await run({ dryRun: true })).outcome.kind).toBe('wouldDo');
    expect([desk.there(), desk.git('tag')]).toEqual([before, 'v1.0.0']);
    expect((await run()).said).toBe(
      `Done: v1.1.0 marks ${commit.slice(0, 8)} here and on origin, and main there holds it.`,
    );
    expect(desk.git('cat-file', '-t', 'v1.1.0')).toBe('tag');
    expect(desk.there()).toMatchObject({
      'refs/tags/v1.1.0': commit,
      'refs/heads/main': commit,
      'refs/heads/release/v1.1.0': commit,
    });
    expect([desk.head('main'), desk.git('symbolic-ref', '--short', 'HEAD')]).toEqual([commit, 'main']);
    expect((await run()).outcome.kind).toBe('alreadyDone');
    expect(await kinds()).toEqual(['tag.intent', 'tag.outcome']);
  });

  it('also where the tag was made by hand, which is then recorded', async () => {
    desk = await checked();
    const commit = desk.head();
    desk.git('tag', '-a', 'v1.1.0', '-m', 'x');
    desk.git('push', '-q', 'origin', 'v1.1.0', 'HEAD:main');
    expect((await run({ dryRun: true })).said).toMatch(/would record that v1\.1\.0/);
    expect(await kinds()).toEqual([]);
    expect((await run()).outcome.kind).toBe('done');
    expect(desk.head('main')).toBe(commit);
    expect((await run()).outcome.kind).toBe('alreadyDone');
  });

  it('with the very tag that only the remote has', async () => {
    desk = await checked();
    desk.git('tag', '-a', 'v1.1.0', '-m', 'from another clone');
    desk.git('push', '-q', 'origin', 'v1.1.0');
    const object = desk.git('rev-parse', 'refs/tags/v1.1.0');
    desk.git('tag', '-d', 'v1.1.0');
    expect((await run()).outcome.kind).toBe('done');
    expect(desk.git('rev-parse', 'refs/tags/v1.1.0')).toBe(object);
  });

  it.each(['here', 'on origin'])(
    'but not where the tag is elsewhere (%s), before anything is written',
    async (where) => {
      desk = await checked();
      desk.git('tag', '-a', 'v1.1.0', '-m', 'x', 'main');
      if (where === 'on origin') {
        desk.git('push', '-q', 'origin', 'v1.1.0');
        desk.git('tag', '-d', 'v1.1.0');
      }
      const [here, there] = [desk.refs(), desk.there()];
      expect((await run()).said).toMatch(new RegExp(`^Refused, nothing changed: the tag v1.1.0 exists ${where}`));
      expect([desk.refs(), desk.there()]).toEqual([here, there]);
      expect(await kinds()).toEqual([]);
    },
  );

  const mainMovesOn = (files: Readonly<Record<string, string>>): string => {
    const other = desk.repositories.clone('other', desk.remote ?? '');
    desk.repositories.git(other, 'pull', '-q', 'origin', 'main');
    for (const [path, content] of Object.entries(files)) {
      spawnSync('node', [
        '-e',
        `require('fs').writeFileSync(${JSON.stringify(join(other, path))}, ${JSON.stringify(content)})`,
      ]);
    }
    desk.repositories.git(other, 'add', '-A');
    desk.repositories.git(other, 'commit', '-q', '-m', 'fix: meanwhile');
    desk.repositories.git(other, 'push', '-q', 'origin', 'main');
    return desk.repositories.git(other, 'rev-parse', 'HEAD');
  };

  it('and merged to a main that moved on, without touching the work tree', async () => {
    desk = await checked();
    const commit = desk.head();
    const moved = mainMovesOn({ 'NEWS.md': 'meanwhile\n' });
    expect((await run()).outcome.kind).toBe('done');
    const merged = desk.there()['refs/heads/main'] ?? '';
    expect(desk.repositories.git(desk.remote ?? '', 'log', '-1', '--format=%P', merged)).toBe(`${moved} ${commit}`);
    expect(desk.there()['refs/tags/v1.1.0']).toBe(commit);
    expect([desk.head(), desk.git('status', '--porcelain'), desk.head('main')]).toEqual([commit, '', merged]);
  });

  it('but not over a conflict, with nothing written', async () => {
    desk = await checked();
    mainMovesOn({ 'packages/ui/package.json': '{\n  "name": "@desk/ui",\n  "version": "1.0.1"\n}\n' });
    const [here, there] = [desk.git('for-each-ref', 'refs/heads', 'refs/tags'), desk.there()];
    const { outcome, said } = await run();
    expect(said).toMatch(
      /^Refused, nothing changed: release\/v1\.1\.0 does not merge into main without conflicts: packages\/ui\/package\.json\.$/,
    );
    expect(outcome.kind === 'refused' && outcome.refusals[0]?.id).toBe('mergeConflict');
    expect([desk.git('for-each-ref', 'refs/heads', 'refs/tags'), desk.there()]).toEqual([here, there]);
    expect(await kinds()).toEqual([]);
  });

  it('but not over commits that only the remote has on the release branch; one that is merely ahead stays', async () => {
    desk = await checked();
    const commit = desk.head();
    const ahead = desk.change('a fix');
    desk.git('reset', '-q', '--hard', commit);
    desk.git('push', '-q', 'origin', '+main:refs/heads/release/v1.1.0');
    const other = desk.repositories.clone('fixer', desk.remote ?? '');
    desk.repositories.git(other, 'pull', '-q', 'origin', 'release/v1.1.0');
    desk.repositories.git(other, 'commit', '-q', '--allow-empty', '-m', 'fix: x');
    desk.repositories.git(other, 'push', '-q', 'origin', 'HEAD:refs/heads/release/v1.1.0');
    expect((await run()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'branchElsewhere' }] });
    desk.git('push', '-q', 'origin', `+${ahead}:refs/heads/release/v1.1.0`);
    expect((await run()).outcome.kind).toBe('done');
    expect(desk.there()).toMatchObject({ 'refs/heads/release/v1.1.0': ahead, 'refs/tags/v1.1.0': commit });
  });

  /** Lets the ledger's pushes pass, and stops the others. */
  const hook = (script: string) => {
    desk.repositories.hook(desk.remote ?? '', 'pre-receive', `grep -q refs/tags/ || exit 0\n${script}`);
  };

  it('not where the server says no: the tag is gone from here again', async () => {
    desk = await checked();
    const commit = desk.head();
    hook('echo "tags are frozen" >&2\nexit 1');
    const before = desk.there();
    expect((await run()).said).toMatch(/^Failed, nothing changed: origin did not take the push: .*tags are frozen/);
    expect([desk.there(), desk.git('tag'), desk.head('main') === commit]).toEqual([before, 'v1.0.0', false]);
    expect((await desk.events()).at(-1)).toMatchObject({ kind: 'tag.outcome', outcome: 'failed' });
    desk.repositories.hook(desk.remote ?? '', 'pre-receive', 'exit 0');
    expect((await run()).outcome.kind).toBe('done');
  });

  /** The push goes through, and its reply is lost. */
  const deaf = (after: () => void = () => undefined) => {
    const real = desk.world();
    const run: typeof real.run = async (argv, options) => {
      const ended = await real.run(argv, options);
      if (argv[1] !== 'push' || !argv.includes('--atomic') || !argv.some((word) => word.includes('refs/tags/')))
        return ended;
      after();
      return { exitCode: 128, stdout: '', stderr: 'fatal: the remote end hung up unexpectedly' };
    };
    return { run, git: createGit(run, desk.root) };
  };

  it('when the reply was lost: the remote itself tells, also when main moved on since', async () => {
    desk = await checked();
    const commit = desk.head();
    const world = deaf(() => void mainMovesOn({ 'NEWS.md': 'at once\n' }));
    expect((await run({ world })).said).toMatch(/^Done: v1\.1\.0 marks/);
    expect([desk.head('v1.1.0'), desk.there()['refs/tags/v1.1.0']]).toEqual([commit, commit]);
    expect((await run()).outcome.kind).toBe('alreadyDone');
  });

  it('perhaps, when nobody can tell whether the push went through; the next run does', async () => {
    desk = await checked();
    const remote = desk.remote ?? '';
    const world = deaf(() => spawnSync('mv', [remote, `${remote}.away`]));
    const away = await run({ world });
    expect(away.outcome.kind).toBe('unknown');
    expect(away.said).toMatch(/it could not be asked/);
    expect(desk.git('tag')).toContain('v1.1.0');
    spawnSync('mv', [`${remote}.away`, remote]);
    expect((await run()).outcome.kind).toBe('done');
  });

  it('not when it is stopped before the push, and the tag is gone from here', async () => {
    desk = await checked();
    let looks = 0;
    const real = desk.world();
    const stop = {
      ...real.stop,
      check: () => {
        // Before the intent, before the tag, before the push.
        if ((looks += 1) === 3) throw new StoppedError('stopped: SIGTERM');
      },
    };
    expect((await run({ world: { stop } })).said).toMatch(/^Failed, nothing changed: it was stopped/);
    expect(desk.git('tag')).toBe('v1.0.0');
    expect((await desk.events()).at(-1)).toMatchObject({ kind: 'tag.outcome', outcome: 'failed' });
  });

  it('here alone where there is no remote', async () => {
    desk = await checked({ remote: false });
    const commit = desk.head();
    expect((await run()).said).toBe(`Done: v1.1.0 marks ${commit.slice(0, 8)}, and main holds it.`);
    expect([desk.head('main'), desk.head('v1.1.0')]).toEqual([commit, commit]);
    expect((await run()).outcome.kind).toBe('alreadyDone');
  });

  it('not without a remote while main is checked out in another work tree: it could not take the release', async () => {
    desk = await checked({ remote: false });
    const tree = desk.repositories.path('tree');
    desk.git('worktree', 'add', '-q', tree, 'main');
    expect((await run()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'mainCheckedOut' }] });
    expect(desk.git('tag')).toBe('v1.0.0');
    desk.repositories.git(tree, 'switch', '-q', '--detach');
    expect((await run()).outcome.kind).toBe('done');
  });

  it('with a remote leaves a main that is checked out in another work tree, and says how it follows', async () => {
    desk = await checked();
    const main = desk.head('main');
    desk.git('worktree', 'add', '-q', desk.repositories.path('tree'), 'main');
    const context = desk.context({ target: 'release-tag' });
    expect((await tag(context, {})).outcome.kind).toBe('done');
    expect(context.world.lines.join('\n')).toContain('main is checked out and stays where it is: git merge --ff-only');
    expect(desk.head('main')).toBe(main);
  });

  it('once by two at a time', async () => {
    desk = await checked();
    const commit = desk.head();
    const ended = await Promise.all([run(), run(), run()]);
    for (const { outcome } of ended) expect(['done', 'alreadyDone']).toContain(outcome.kind);
    expect([desk.head('v1.1.0'), desk.there()['refs/tags/v1.1.0']]).toEqual([commit, commit]);
  });

  it('not from a shallow clone, which can not tell what main holds', async () => {
    desk = await checked();
    desk.git('push', '-q', 'origin', 'HEAD:refs/heads/release/v1.1.0');
    const shallow = desk.repositories.path('shallow');
    desk.repositories.git(
      desk.repositories.folder,
      'clone',
      '-q',
      '--depth=1',
      '--branch=release/v1.1.0',
      `file://${desk.remote}`,
      shallow,
    );
    desk.repositories.git(shallow, 'config', 'user.name', 'dana');
    desk.repositories.git(shallow, 'config', 'user.email', 'dana@example.org');
    const context = desk.context({ target: 'release-tag', world: { git: createGit(desk.world().run, shallow) } });
    await expect(tag(context, {})).rejects.toMatchObject({ name: 'HistoryError', failure: 'shallow' });
  });

  describe('with several tags', () => {
    const begin = async (): Promise<string> => {
      desk = await checked();
      const commit = desk.head();
      await withTags(desk, ['api@3.0.1', '3.0.1', 'api']);
      return commit;
    };

    it('that go out in one push, each with its projects', async () => {
      const commit = await begin();
      const pushes: (readonly string[])[] = [];
      const real = desk.world();
      const counting: typeof real.run = (argv, options) => {
        if (argv[1] === 'push' && argv.some((word) => word.includes('refs/tags/'))) pushes.push(argv);
        return real.run(argv, options);
      };
      const world = { run: counting, git: createGit(counting, desk.root) };
      expect((await run({ world })).said).toBe(
        `Done: v1.1.0, api@3.0.1 mark ${commit.slice(0, 8)} here and on origin, and main there holds it.`,
      );
      expect(pushes).toHaveLength(1);
      expect(pushes[0]).toContain('--atomic');
      expect(desk.there()).toMatchObject({ 'refs/tags/v1.1.0': commit, 'refs/tags/api@3.0.1': commit });
      expect(desk.git('for-each-ref', '--format=%(objecttype) %(contents)', 'refs/tags/api@3.0.1')).toBe(
        'tag Release api@3.0.1\n\napi 3.0.1',
      );
      expect((await run()).outcome.kind).toBe('alreadyDone');
    });

    it.each(['here', 'on origin'])('but not where a single one is elsewhere (%s), before anything', async (where) => {
      await begin();
      desk.git('tag', '-a', 'api@3.0.1', '-m', 'x', 'main');
      if (where === 'on origin') {
        desk.git('push', '-q', 'origin', 'api@3.0.1');
        desk.git('tag', '-d', 'api@3.0.1');
      }
      const [here, there] = [desk.refs(), desk.there()];
      expect((await run()).said).toContain(`the tag api@3.0.1 exists ${where} on another commit`);
      expect([desk.refs(), desk.there()]).toEqual([here, there]);
      expect(await kinds()).toEqual([]);
    });

    it('none of which stays when the server says no to one; of a half that a killed run left, the rest is made', async () => {
      const commit = await begin();
      const before = desk.there();
      desk.repositories.hook(desk.remote ?? '', 'update', 'case "$1" in *api@*) exit 1;; esac');
      expect((await run()).outcome.kind).toBe('failed');
      expect([desk.there(), desk.git('tag')]).toEqual([before, 'v1.0.0']);
      desk.repositories.hook(desk.remote ?? '', 'update', 'exit 0');
      desk.git('tag', '-a', 'v1.1.0', '-m', 'left over', commit);
      expect((await run()).outcome.kind).toBe('done');
      expect(desk.there()).toMatchObject({ 'refs/tags/v1.1.0': commit, 'refs/tags/api@3.0.1': commit });
    });

    it('when the reply was lost: the remote is asked for all of them', async () => {
      const commit = await begin();
      expect((await run({ world: deaf() })).outcome.kind).toBe('done');
      expect(desk.there()).toMatchObject({ 'refs/tags/v1.1.0': commit, 'refs/tags/api@3.0.1': commit });
    });
  });

  describe('and signed where git is configured to sign', () => {
    const key = (): string => {
      const path = desk.repositories.path('key');
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'dana@example.org', '-f', path]);
      desk.git('config', 'gpg.format', 'ssh');
      desk.git('config', 'user.signingKey', `${path}.pub`);
      return path;
    };

    it.each(['tag.gpgSign', 'tag.forceSignAnnotated'])('by %s, with a key that verifies', async (setting) => {
      desk = await checked();
      const path = key();
      desk.git('config', setting, 'true');
      const allowed = desk.repositories.path('allowed');
      writeFileSync(allowed, `dana@example.org ${readFileSync(`${path}.pub`, 'utf8')}`);
      desk.git('config', 'gpg.ssh.allowedSignersFile', allowed);
      expect((await run()).outcome.kind).toBe('done');
      const verified = spawnSync('git', ['verify-tag', 'v1.1.0'], { cwd: desk.root, encoding: 'utf8' });
      expect([verified.status, verified.stderr]).toEqual([0, expect.stringContaining('Good "git" signature')]);
    });

    it('fails without a tag where the key can not sign, and is done once it can', async () => {
      desk = await checked();
      const path = key();
      desk.git('config', 'tag.gpgSign', 'true');
      desk.git('config', 'user.signingKey', `${path}.away`);
      const before = desk.there();
      expect((await run()).said).toMatch(
        /^Failed, nothing changed: git (?:is configured to sign tags, but did not sign v1\.1\.0: error: |tag )/,
      );
      expect([desk.there(), desk.git('tag')]).toEqual([before, 'v1.0.0']);
      desk.git('config', 'user.signingKey', `${path}.pub`);
      expect((await run()).outcome.kind).toBe('done');
    });
  });
});
