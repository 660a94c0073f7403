import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoppedError } from '../io/world';
import { applyBump, BumpFailed, BumpRefused, proveBump, recoverBump, type BumpRequest } from './index';
import { currentProcess } from '../ledger/process-identity';
import {
  bumped,
  CHANGELOG,
  FILES,
  RELEASES,
  REPOSITORIES,
  RELEASED,
  fail,
  interrupted,
  makeRepository,
  requestOf,
  snapshot,
  stop,
  worldOf,
  type Repository,
} from './testing/repository';

let repository: Repository;
const others: Repository[] = [];
beforeEach(async () => {
  repository = await makeRepository();
});
afterEach(async () => {
  for (const one of [repository, ...others.splice(0)]) await one.dispose();
});

async function refusals(request?: Partial<BumpRequest>): Promise<readonly string[]> {
  const before = await snapshot(repository);
  const error: unknown = await applyBump(repository.world, await repository.request(request)).catch(
    (reason: unknown) => reason,
  );
  expect(await snapshot(repository)).toEqual(before);
  if (!(error instanceof BumpRefused)) throw new Error(`expected a refusal, got ${String(error)}`);
  for (const { reason, remedy } of error.refusals) expect([reason, remedy]).not.toContain('');
  return error.refusals.map(({ id }) => id);
}

async function expectFailure(work: Promise<unknown>): Promise<BumpFailed> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BumpFailed)) throw new Error(`expected a failed bump, got ${String(error)}`);
  return error;
}

async function expectBumped({ root, git }: Repository, commit: string): Promise<void> {
  expect(await git.text(['symbolic-ref', 'HEAD'])).toBe('refs/heads/release/v1.1.0');
  expect(await git.text(['rev-parse', 'HEAD'])).toBe(commit);
  expect(await git.text(['rev-parse', 'HEAD^'])).toBe(await git.text(['rev-parse', 'main']));
  expect(await git.text(['status', '--porcelain'])).toBe('');
  expect(await git.text(['fsck', '--strict', '--no-dangling'])).toBe('');
  expect((await git.text(['diff', '--name-only', 'main', 'HEAD'])).split('\n').sort()).toEqual([
    'CHANGELOG.md',
    'package-lock.json',
    'packages/api/requirements.txt',
    'packages/api/setup.py',
    'packages/deploy/docker-compose.yml',
    'packages/ui/package.json',
    'packages/ui/src/about.ts',
    'releases/v1.1.0/NOTES.md',
    'releases/v1.1.0/release.json',
  ]);
  for (const path of [
    'packages/ui/package.json',
    'packages/ui/src/about.ts',
    'packages/api/setup.py',
    'packages/api/requirements.txt',
    'packages/deploy/docker-compose.yml',
    'package-lock.json',
  ]) {
    expect(await readFile(join(root, path), 'utf8')).toBe(bumped(path));
  }
  expect(existsSync(join(root, '.git/slipway'))).toBe(false);
}

describe('a bump', () => {
  it('makes one commit on the release branch, keeping line endings, marks and executable bits', async () => {
    const { commit, already } = await applyBump(repository.world, await repository.request());
    expect(already).toBe(false);
    await expectBumped(repository, commit);
    expect(await readFile(join(repository.root, CHANGELOG), 'utf8')).toBe('## 1.1.0 - 2026-01-02\r\n# Changelog\r\n');
    expect((await stat(join(repository.root, 'packages/api/setup.py'))).mode & 0o777).toBe(0o755);
    expect(await repository.git.text(['log', '-1', '--format=%B'])).toBe('chore(release): 1.1.0\n');
  });

  it('is proven to touch only versions, changelog and record', async () => {
    const { commit } = await applyBump(repository.world, await repository.request());
    const terms = { ...RELEASED, repositories: REPOSITORIES, changelog: CHANGELOG, releases: RELEASES };
    expect(await proveBump(repository.git, 'main', commit, terms)).toEqual({ ok: true });
  });

  it('is done once: the same again is success and changes nothing, also on another day and after later commits', async () => {
    const { commit } = await applyBump(repository.world, await repository.request());
    await repository.write('README.md', 'fixed\n');
    await repository.commit('fix: a word');
    const before = await snapshot(repository);
    expect(await applyBump(repository.world, await requestOf(repository.git, {}, '2027-12-31'))).toEqual({
      commit,
      already: true,
    });
    expect(await snapshot(repository)).toEqual(before);
  });

  it('goes to its branch when the commit is there and HEAD still on main', async () => {
    const { commit } = await applyBump(repository.world, await repository.request());
    await repository.git.text(['switch', '-q', 'main']);
    expect(await applyBump(repository.world, await repository.request())).toEqual({ commit, already: true });
    await expectBumped(repository, commit);
  });

  it('uses a release branch that exists at the planned commit', async () => {
    await repository.git.text(['switch', '-q', '-c', 'release/v1.1.0']);
    const { commit } = await applyBump(repository.world, await repository.request());
    await expectBumped(repository, commit);
  });

  it('converts line endings as the attributes say', async () => {
    const converted = await makeRepository({ ...FILES, '.gitattributes': '* text=auto eol=crlf\n' });
    others.push(converted);
    await rm(join(converted.root, 'packages/api/setup.py'));
    await converted.git.text(['checkout', '-q', '--', '.']);
    expect(await readFile(join(converted.root, 'packages/api/setup.py'), 'utf8')).toContain('\r\n');
    for (const path of [
      'package-lock.json',
      'packages/deploy/docker-compose.yml',
      'packages/api/requirements.txt',
      'packages/ui/src/about.ts',
    ]) {
      await rm(join(converted.root, path));
      await converted.git.text(['checkout', '-q', '--', path]);
    }
    await applyBump(converted.world, await converted.request());
    expect(await converted.git.text(['status', '--porcelain'])).toBe('');
    expect(await readFile(join(converted.root, 'packages/api/setup.py'), 'utf8')).toBe(
      bumped('packages/api/setup.py').replace(/\n/g, '\r\n'),
    );
    expect(await converted.git.text(['cat-file', 'blob', 'HEAD:packages/api/setup.py'])).not.toContain('\r');
  });

  it('runs the hooks on the release branch, with the files staged and the message', async () => {
    await repository.hook(
      'pre-commit',
      'git symbolic-ref --short HEAD > .git/seen; git diff --cached --name-only | wc -l >> .git/seen',
    );
    await repository.hook('commit-msg', 'printf "\\nChange-Id: 7\\n" >> "$1"');
    await applyBump(repository.world, await repository.request());
    expect((await readFile(join(repository.root, '.git/seen'), 'utf8')).split(/\s+/)).toEqual([
      'release/v1.1.0',
      '9',
      '',
    ]);
    expect(await repository.git.text(['log', '-1', '--format=%B'])).toBe('chore(release): 1.1.0\n\nChange-Id: 7\n');
  });
});

describe('a bump is refused before anything is written', () => {
  it.each([
    ['a tracked change', 'README.md'],
    ['an untracked file', 'new.txt'],
  ])('over %s', async (_, path) => {
    await repository.write(path, 'mine\n');
    expect(await refusals()).toEqual(['treeClean']);
  });

  it('but not over an ignored file', async () => {
    await repository.write('ignored/cache', 'mine\n');
    const { commit } = await applyBump(repository.world, await repository.request());
    await expectBumped(repository, commit);
  });

  it('on a detached head, and on another branch', async () => {
    await repository.git.text(['switch', '-q', '--detach']);
    expect(await refusals()).toEqual(['onMainBranch']);
    await repository.git.text(['switch', '-q', '-c', 'topic']);
    expect(await refusals()).toEqual(['onMainBranch']);
  });

  it('when HEAD is not what was planned', async () => {
    const request = await repository.request();
    await repository.write('README.md', 'more\n');
    await repository.commit('feat: more');
    expect(await refusals({ plan: request.plan, edits: request.edits })).toEqual(['headPlanned']);
  });

  it('when the release branch or the tag stands elsewhere', async () => {
    await repository.write('README.md', 'more\n');
    await repository.commit('feat: more');
    await repository.git.text(['branch', 'release/v1.1.0', 'HEAD^']);
    await repository.git.text(['tag', '-a', '-m', 'x', 'v1.1.0', 'HEAD^']);
    expect(await refusals()).toEqual(['branchFree', 'tagFree']);
  });

  it('when the tag of any of its lines stands elsewhere', async () => {
    await repository.git.text(['tag', 'api@1.0.1-rc.1']);
    expect(await refusals()).toEqual(['tagFree']);
  });

  it('when a hotfix is planned from another branch than the one checked out', async () => {
    await repository.git.text(['branch', 'hotfix/1.0.1']);
    expect(await refusals({ main: 'hotfix/1.0.1' })).toEqual(['onMainBranch']);
    await repository.git.text(['switch', '-q', 'hotfix/1.0.1']);
    const { commit } = await applyBump(repository.world, await repository.request({ main: 'hotfix/1.0.1' }));
    await expectBumped(repository, commit);
  });

  it('when the tag stands elsewhere though the bump is made', async () => {
    await applyBump(repository.world, await repository.request());
    await repository.git.text(['tag', 'v1.1.0', 'main']);
    expect(await refusals()).toEqual(['tagFree']);
    await repository.git.text(['tag', '-f', 'v1.1.0', 'HEAD']);
    expect((await applyBump(repository.world, await repository.request())).already).toBe(true);
  });

  it('while a merge is under way', async () => {
    await repository.git.text(['update-ref', 'MERGE_HEAD', 'HEAD']);
    expect(await refusals()).toEqual(['noOperation']);
  });

  it('through a symbolic link', async () => {
    const outside = await makeRepository();
    others.push(outside);
    await rename(join(repository.root, CHANGELOG), join(outside.root, 'elsewhere.md'));
    await symlink(join(outside.root, 'elsewhere.md'), join(repository.root, CHANGELOG));
    await symlink(outside.root, join(repository.root, RELEASES));
    await repository.commit('chore: links');
    const untouched = await snapshot(outside);
    expect(await refusals()).toEqual(['noLinks', 'noLinks', 'noLinks']);
    expect(await snapshot(outside)).toEqual(untouched);
  });

  it('out of the workspace', async () => {
    const { edits } = await repository.request();
    expect(await refusals({ edits: [...edits, { path: '../x', kind: 'record', before: null, after: '' }] })).toEqual([
      'insideWorkspace',
    ]);
  });

  it('when a file that git ignores is in the way', async () => {
    await repository.write('.gitignore', 'releases/\n');
    await repository.commit('chore: ignore');
    await repository.write('releases/v1.1.0/NOTES.md', 'mine\n');
    expect(await refusals()).toEqual(['filesAsPlanned']);
  });

  describe('by a remote', () => {
    const clone = async (): Promise<Repository> => {
      const other = await makeRepository({ x: '', 'packages/api/setup.py': '' });
      others.push(other);
      await other.git.text(['remote', 'add', 'origin', repository.root]);
      await other.git.text(['fetch', '-q', 'origin']);
      await other.git.text(['reset', '-q', '--hard', 'origin/main']);
      return other;
    };

    it('that is ahead of main, though it was never fetched, or has branch or tag already', async () => {
      const other = await clone();
      await repository.git.text(['remote', 'add', 'origin', other.root]);
      await other.write('README.md', 'theirs\n');
      await other.commit('fix: theirs');
      expect(await refusals()).toEqual(['mainCurrent']);
      await other.git.text(['branch', 'release/v1.1.0']);
      await other.git.text(['tag', '-a', '-m', 'x', 'v1.1.0', 'HEAD^']);
      expect(await refusals()).toEqual(['mainCurrent', 'branchFree', 'tagFree']);
    });

    it('that can not be reached', async () => {
      await repository.git.text(['remote', 'add', 'origin', join(repository.root, 'nowhere')]);
      expect(await refusals()).toEqual(['remoteReachable']);
    });

    it('but not by one that main is level with or ahead of', async () => {
      const other = await clone();
      await repository.git.text(['remote', 'add', 'origin', other.root]);
      await repository.write('README.md', 'ours\n');
      await repository.commit('fix: ours');
      const { commit } = await applyBump(repository.world, await repository.request());
      await expectBumped(repository, commit);
    });
  });
});

describe('a failed bump leaves tree, index, HEAD and refs byte-identical', () => {
  it.each(['pre-commit', 'prepare-commit-msg', 'commit-msg'])('when the %s hook refuses', async (hook) => {
    await repository.hook(hook, 'echo "no releases today" >&2; exit 3');
    const before = await snapshot(repository);
    const error = await expectFailure(applyBump(repository.world, await repository.request()));
    expect(error.restored).toBe(true);
    expect(error.message).toMatch(new RegExp(`${hook} hook refused .*\\n.*no releases today`, 's'));
    expect(await snapshot(repository)).toEqual(before);
  });

  it('when a hook changes what is released', async () => {
    await repository.hook('pre-commit', 'echo more >> CHANGELOG.md; git add CHANGELOG.md');
    const before = await snapshot(repository);
    const error = await expectFailure(applyBump(repository.world, await repository.request()));
    expect(error).toMatchObject({
      restored: true,
      message: expect.stringContaining('a hook changed CHANGELOG.md') as string,
    });
    expect(await snapshot(repository)).toEqual(before);
  });

  it('when a filter takes the new version out of what git stores', async () => {
    await repository.git.text(['config', 'filter.old.clean', 'sed s/1.0.1rc1/1.0.0/']);
    await repository.write('.gitattributes', 'setup.py filter=old\n');
    await repository.commit('chore: a filter');
    const before = await snapshot(repository);
    const error = await expectFailure(applyBump(repository.world, await repository.request()));
    expect(error).toMatchObject({
      restored: true,
      message: expect.stringContaining('packages/api/setup.py') as string,
    });
    expect(await snapshot(repository)).toEqual(before);
  });

  it('when a filter changes the new version to another', async () => {
    await repository.git.text(['config', 'filter.other.clean', 'sed s/1.0.1rc1/1.0.2/']);
    await repository.write('.gitattributes', 'setup.py filter=other\n');
    await repository.commit('chore: a filter');
    const before = await snapshot(repository);
    const error = await expectFailure(applyBump(repository.world, await repository.request()));
    expect(error.message).toMatch(/packages\/api\/setup\.py; a filter/);
    expect(await snapshot(repository)).toEqual(before);
  });

  it('except for what someone else changed meanwhile, which is named and kept', async () => {
    await repository.hook('pre-commit', 'echo theirs > README.md');
    const before = await snapshot(repository);
    const error = await expectFailure(applyBump(repository.world, await repository.request()));
    expect(error).toMatchObject({ restored: false, message: expect.stringContaining('README.md') as string });
    expect(await readFile(join(repository.root, 'README.md'), 'utf8')).toBe('theirs\n');
    await repository.git.text(['checkout', '-q', '--', 'README.md']);
    expect(await snapshot(repository)).toEqual({ ...before, '.git/index': expect.any(String) as string });
  });

  it('when a file can not be written', async () => {
    await repository.write('releases', 'a file where a folder should be\n');
    await repository.commit('chore: in the way');
    const before = await snapshot(repository);
    const error = await expectFailure(applyBump(repository.world, await repository.request()));
    expect(error).toMatchObject({ restored: true, message: expect.stringMatching(/ENOTDIR|EEXIST/) as string });
    expect(await snapshot(repository)).toEqual(before);
  });

  it('when a new file is ignored', async () => {
    await repository.write('.gitignore', 'releases/\n');
    await repository.commit('chore: ignore');
    const before = await snapshot(repository);
    const error = await expectFailure(applyBump(repository.world, await repository.request()));
    expect(error.restored).toBe(true);
    expect(await snapshot(repository)).toEqual(before);
  });

  it.each([
    ['an error', fail, 1],
    ['a stop', stop, 4],
  ])('when %s strikes, wherever it does', async (_, act, stride) => {
    const request = await repository.request();
    const before = await snapshot(repository);
    let at = 1;
    for (; ; at += stride) {
      const attempt = interrupted(repository.world, at, act);
      const error: unknown = await applyBump(attempt.world, request).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (error === null) break;
      expect(await snapshot(repository)).toEqual(before);
      const cause = error instanceof BumpFailed ? error.cause : error;
      expect(cause).toMatchObject(act === stop ? { name: StoppedError.name } : { message: 'injected' });
      if (error instanceof BumpFailed) expect(error.restored).toBe(true);
    }
    expect(at).toBeGreaterThan(30);
    await expectBumped(repository, await repository.git.text(['rev-parse', 'HEAD']));
  });

  it('on a release branch that existed before', async () => {
    await repository.git.text(['switch', '-q', '-c', 'release/v1.1.0']);
    await repository.hook('commit-msg', 'exit 1');
    const before = await snapshot(repository);
    expect((await expectFailure(applyBump(repository.world, await repository.request()))).restored).toBe(true);
    expect(await snapshot(repository)).toEqual(before);
  });
});

describe('a killed bump', () => {
  const testing = join(__dirname, '..', 'testing');
  const argv = (root: string, at: number): readonly string[] => [
    '-r',
    join(testing, 'register-typescript.cjs'),
    join(__dirname, 'testing/killed-bump.ts'),
    root,
    String(at),
  ];
  const options = { encoding: 'utf8' } as const;

  it('is restored or finished by the next run, wherever it was killed', async () => {
    const { root, git, world } = repository;
    const before = await snapshot(repository);
    const dry = await makeRepository();
    others.push(dry);
    const total = Number(execFileSync(process.execPath, argv(dry.root, 0), options));
    expect(total).toBeGreaterThan(30);
    const seen = new Map<string, number>();
    // Every fifth step, and each one near the commit, where finishing begins. Errors strike at all of them, above.
    const steps = Array.from({ length: total }, (_, index) => index + 1).filter((at) => at % 5 === 0 || at > total - 8);
    for (const at of steps) {
      expect(spawnSync(process.execPath, argv(root, at), options).signal).toBe('SIGKILL');
      const recovery = await recoverBump(world);
      seen.set(recovery, (seen.get(recovery) ?? 0) + 1);
      if (recovery === 'finished') {
        await expectBumped(repository, await git.text(['rev-parse', 'HEAD']));
        await git.text(['switch', '-q', 'main']);
        await git.text(['branch', '-q', '-D', 'release/v1.1.0']);
      }
      const after = await snapshot(repository);
      // Switching back wrote the index anew, and a bump killed before its journal leaves its lock.
      const ignored = { '.git/index': null, '.git/slipway': null };
      expect({ ...after, ...ignored }).toEqual({ ...before, ...ignored });
      expect(await git.text(['status', '--porcelain'])).toBe('');
      expect(existsSync(join(root, '.git/slipway/bump.json'))).toBe(false);
    }
    expect([...seen.keys()].sort()).toEqual(['finished', 'nothing', 'restored']);
    const { commit } = await applyBump(world, await repository.request());
    expect(await git.text(['rev-parse', 'release/v1.1.0'])).toBe(commit);
  });

  it('is cleared up by the bump that follows, without being asked', async () => {
    const { root, world } = repository;
    expect(spawnSync(process.execPath, argv(root, 38), options).signal).toBe('SIGKILL');
    expect(existsSync(join(root, '.git/slipway/bump.json'))).toBe(true);
    const { commit } = await applyBump(world, await repository.request());
    await expectBumped(repository, commit);
  });

  it("keeps aside what a person wrote into the bump's files afterwards", async () => {
    const { root } = repository;
    const before = await snapshot(repository);
    expect(spawnSync(process.execPath, argv(root, 42), options).signal).toBe('SIGKILL');
    await writeFile(join(root, CHANGELOG), 'mine\n');
    const log: string[] = [];
    expect(await recoverBump(worldOf(root, log))).toBe('restored');
    const kept = /kept as (.*)$/m.exec(log.join('\n'))?.[1] ?? '';
    expect(await readFile(kept, 'utf8')).toBe('mine\n');
    expect(await snapshot(repository)).toEqual({ ...before, '.git/slipway': 'slipway-kept' });
  });

  it('leaves a tree alone whose HEAD has moved on', async () => {
    const { root, git } = repository;
    expect(spawnSync(process.execPath, argv(root, 42), options).signal).toBe('SIGKILL');
    await writeFile(join(root, CHANGELOG), 'mine\n');
    await git.text(['add', '-A']);
    await git.text(['commit', '-q', '-m', 'mine']);
    const mine = await snapshot(repository);
    expect(await recoverBump(repository.world)).toBe('abandoned');
    expect(await snapshot(repository)).toEqual({ ...mine, '.git/slipway': '' });
  });
});

describe('two bumps at once', () => {
  it('one is refused while the other lives', async () => {
    const { root, world } = repository;
    const request = await repository.request();
    await repository.hook('pre-commit', 'touch .git/inside; while [ ! -e .git/go ]; do sleep 0.05; done');
    const first = applyBump(world, request);
    const waiting = async (): Promise<string> => {
      while (!existsSync(join(root, '.git/inside'))) await world.clock.sleep(20);
      return 'inside';
    };
    expect(await Promise.race([first, waiting()])).toBe('inside');
    await expect(applyBump(worldOf(root), request)).rejects.toMatchObject({ refusals: [{ id: 'bumpRunning' }] });
    await expect(recoverBump(worldOf(root))).rejects.toMatchObject({ refusals: [{ id: 'bumpRunning' }] });
    await writeFile(join(root, '.git/go'), '');
    await expectBumped(repository, (await first).commit);
  });

  it('of many that follow a dead one, one wins and the others are told', async () => {
    const { root } = repository;
    await mkdir(join(root, '.git/slipway'));
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => gone.once('close', resolve));
    await writeFile(join(root, '.git/slipway/bump.lock'), JSON.stringify({ ...currentProcess(), pid: gone.pid }));
    const request = await repository.request();
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => applyBump(worldOf(root), request)));
    const commits = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.commit] : []));
    expect(new Set(commits).size).toBe(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ refusals: [{ id: 'bumpRunning' }] });
    await expectBumped(repository, commits[0] ?? '');
  });
});
