import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRun } from '../../io/exec';
import { createGit, type Git } from '../../io/git';
import { StoppedError, type World } from '../../io/world';
import { plannedProject, releasePlan } from '../../testing/plan';
import { planEdits, readBumpSources, type BumpRequest } from '../index';

/** Nothing of the machine's own git configuration, and a person who commits. */
const ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'init.defaultBranch',
  GIT_CONFIG_VALUE_0: 'main',
  GIT_CONFIG_KEY_1: 'commit.gpgsign',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_AUTHOR_NAME: 'A Person',
  GIT_AUTHOR_EMAIL: 'person@example.org',
  GIT_COMMITTER_NAME: 'A Person',
  GIT_COMMITTER_EMAIL: 'person@example.org',
};

export const CHANGELOG = 'CHANGELOG.md';
export const RELEASES = 'releases';
export const MEMBERS = [
  { name: 'ui', root: 'packages/ui', kind: 'npm' as const, versionFiles: ['packages/ui/src/about.ts'] },
  { name: 'api', root: 'packages/api', kind: 'python' as const },
  { name: 'deploy', root: 'packages/deploy', kind: 'docker' as const },
  { name: 'docs', root: 'packages/docs', kind: 'npm' as const },
];
export const REPOSITORIES = ['desk/api'];

/** Two release lines of which one is a pre-release, and a member that gets no new version. */
export const RELEASED = {
  version: '1.1.0',
  tags: [
    { name: 'v1.1.0', version: '1.1.0', projects: ['ui', 'deploy'] },
    { name: 'api@1.0.1-rc.1', version: '1.0.1-rc.1', projects: ['api'] },
  ],
  members: MEMBERS,
};

/** What the release makes of a file. */
export function bumped(path: string): string {
  return (FILES[path] ?? '').replaceAll('1.0.0', path.startsWith('packages/api/') ? '1.0.1rc1' : '1.1.0');
}

export const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'ignored/\n',
  'README.md': 'Desk\n',
  'CHANGELOG.md': '# Changelog\r\n',
  'package-lock.json':
    '{\n  "lockfileVersion": 3,\n  "packages": { "packages/ui": { "name": "@desk/ui", "version": "1.0.0" } }\n}\n',
  'packages/ui/package.json': '{\r\n\t"name": "@desk/ui",\r\n\t"version": "1.0.0"\r\n}',
  'packages/ui/src/about.ts': "export const VERSION = '1.0.0'; // slipway:version\n",
  'packages/api/setup.py':
    '#!/usr/bin/env python3\nfrom setuptools import setup\nsetup(name="desk-api", version="1.0.0")\n',
  'packages/api/requirements.txt': '\uFEFFdesk-api==1.0.0\n',
  'packages/docs/package.json': '{ "name": "@desk/docs", "version": "1.0.0" }\n',
  'packages/deploy/docker-compose.yml': 'services:\n  api:\n    image: ${API_IMAGE:-desk/api:1.0.0}  # ours\n',
};

export interface Repository {
  readonly root: string;
  readonly world: World;
  readonly git: Git;
  /** Of the next release, planned at HEAD. */
  request(changed?: Partial<BumpRequest>): Promise<BumpRequest>;
  write(path: string, content: string): Promise<void>;
  hook(name: string, script: string): Promise<void>;
  commit(message: string): Promise<string>;
  dispose(): Promise<void>;
}

/** A world without a stop, over the real git. */
export function worldOf(root: string, log: string[] = []): World {
  const run = createRun({ cwd: root, env: ENVIRONMENT });
  const line = (text: string): void => void log.push(text);
  return {
    root,
    run,
    git: createGit(run, root),
    clock: {
      now: () => new Date(0),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
    log: { info: line, warn: line },
    stop: { requested: false, reason: null, signal: new AbortController().signal, check: () => undefined },
    env: process.env,
  };
}

export async function makeRepository(files: Readonly<Record<string, string>> = FILES): Promise<Repository> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-bump-'));
  const world = worldOf(root);
  const { git } = world;
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const commit = async (message: string): Promise<string> => {
    await git.text(['add', '-A']);
    await git.text(['commit', '-q', '-m', message]);
    return git.text(['rev-parse', 'HEAD']);
  };
  await git.text(['init', '-q']);
  for (const [path, content] of Object.entries(files)) await write(path, content);
  await chmod(join(root, 'packages/api/setup.py'), 0o755);
  await commit('feat: start');
  return {
    root,
    world,
    git,
    write,
    commit,
    request: (changed) => requestOf(git, changed),
    hook: async (name, script) => {
      await write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
      await chmod(join(root, '.git/hooks', name), 0o755);
    },
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

export async function requestOf(
  git: Git,
  changed: Partial<BumpRequest> = {},
  day = '2026-01-02',
): Promise<BumpRequest> {
  // The release starts where main is, also when an earlier run has left HEAD elsewhere.
  const commit = await git.text(['rev-parse', 'refs/heads/main']);
  const version = '1.1.0';
  const plan = releasePlan({
    version,
    commit,
    previous: null,
    tags: RELEASED.tags,
    projects: MEMBERS.map(({ name, root }) => {
      const next = RELEASED.tags.find(({ projects }) => projects.includes(name))?.version ?? '1.0.0';
      return plannedProject({ name, root, next, reasons: ['feat: start'] });
    }),
    commits: [],
  });
  const files = await readBumpSources(git, {
    commit,
    version,
    members: MEMBERS,
    changelog: CHANGELOG,
    releases: RELEASES,
  });
  const edits = planEdits({
    plan,
    members: MEMBERS,
    files,
    repositories: REPOSITORIES,
    changelog: { path: CHANGELOG, prepend: (content) => `## ${version} - ${day}\r\n${content ?? ''}` },
    releases: RELEASES,
    notes: `# Release ${version}\n`,
  });
  return { plan, edits, message: `chore(release): ${version}`, main: 'main', remote: 'origin', ...changed };
}

/**
 * The world with `act` called before its nth touch of anything: each git call, and each look at the stop, which comes before
 * every other side effect.
 */
export function interrupted(
  world: World,
  at: number,
  act: () => void,
): { readonly world: World; readonly touches: () => number } {
  let touches = 0;
  const touch = (): void => {
    touches += 1;
    if (touches === at) act();
  };
  const run: World['run'] = (argv, options) => {
    touch();
    return world.run(argv, options);
  };
  return {
    world: { ...world, run, git: createGit(run, world.root), stop: { ...world.stop, check: touch }, finishing: world },
    touches: () => touches,
  };
}

export function fail(): never {
  throw new Error('injected');
}

export function stop(): never {
  throw new StoppedError('SIGTERM');
}

/** Everything that a failed bump must leave as it was: files with modes, index, HEAD, refs. */
export async function snapshot({
  root,
  git,
}: Pick<Repository, 'root' | 'git'>): Promise<Readonly<Record<string, string>>> {
  const state: Record<string, string> = {};
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder))) {
      const path = folder === '' ? entry : `${folder}/${entry}`;
      if (path === '.git') continue;
      const stat = await lstat(join(root, path));
      if (stat.isDirectory()) await walk(path);
      const content = stat.isSymbolicLink()
        ? await readlink(join(root, path))
        : stat.isFile()
          ? await readFile(join(root, path))
          : '';
      state[path] = `${stat.mode.toString(8)} ${sha(content)}`;
    }
  };
  await walk('');
  state['.git/index'] = sha(await readFile(join(root, '.git/index')));
  state['.git/HEAD'] = await readFile(join(root, '.git/HEAD'), 'utf8');
  state['refs'] = await git.text(['for-each-ref']);
  state['.git/slipway'] = (await readdir(join(root, '.git'))).filter((name) => name.startsWith('slipway')).join();
  return state;
}

function sha(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
