import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from '../lib/measure.mjs';
import { must, ProgramFailed } from '../lib/run.mjs';
import { count, duration, factor, table } from '../lib/table.mjs';
import { dependencyCount, makeBumpWorkspace } from '../lib/bump-workspace.mjs';
import { environment, install, nx, pack } from '../lib/workspace.mjs';

const OWNER = 'p0000';

export const summary =
  'a version bump of many projects in one commit: release-plan and release-bump, nx release version';

export const options = {
  projects: { default: 1_000, text: 'npm projects, each with up to three others as dependencies, and one lock file' },
  rounds: { default: 3, text: 'runs of each command, in turn' },
  timeout: { default: 1_800, text: 'seconds after which a command is ended; the ratio is then a lower bound' },
};

export const goals = {
  nxReleaseOverOurs: { what: 'nx release version (with its commit) to release-plan and release-bump together' },
  nxReleaseWithoutNpmOverOurs: { what: 'the same, where nx release leaves out the lock file, which is npm at work' },
};

export async function run({ options: { projects, rounds, timeout, ...others }, scratch, progress, say }) {
  const { signal } = scratch;
  const folder = scratch.folder('bump');
  const base = join(folder, 'base');
  const env = environment(folder);
  progress.show('Packing the plugin');
  const tarball = await pack(folder, { plugin: others.plugin, build: others.build, env, signal });
  progress.show('Making the workspace');
  await makeBumpWorkspace(base, projects, OWNER, { env, signal });
  say(
    `${count(projects)} npm projects in one fixed group at 1.0.0, one package-lock.json, ${count(dependencyCount(projects))} dependencies among them\n`,
  );

  const ended = new Set();
  let copies = 0;
  /** A fresh copy of the workspace, with Nx's project graph made; the clock runs for the commands alone. */
  const inCopy =
    (name, commands, prepare = async () => {}) =>
    async () => {
      copies += 1;
      const own = join(folder, `run-${copies}`);
      const root = join(own, 'acme');
      const ownEnv = environment(own);
      mkdirSync(own);
      cpSync(base, root, { recursive: true, preserveTimestamps: true });
      try {
        await install(root, tarball, { env: ownEnv, signal });
        await prepare(root, { env: ownEnv, signal });
        await must([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects'], {
          cwd: root,
          env: ownEnv,
          signal,
        });
        let milliseconds = 0;
        for (const args of commands) {
          const ran = await nx(root, args, { env: ownEnv, signal, timeout: timeout * 1_000 });
          milliseconds += ran.milliseconds;
          if (ran.timedOut) {
            ended.add(name);
            return milliseconds;
          }
          if (ran.code !== 0)
            throw new ProgramFailed(
              `nx ${args.join(' ')} ended with ${ran.code}:\n${`${ran.stdout}${ran.stderr}`.slice(-3_000)}`,
            );
        }
        await checkBump(root, name, projects, { env: ownEnv, signal });
        return milliseconds;
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    };
  const gitCommit = [
    'release',
    'version',
    '--git-commit',
    '--git-commit-message=chore(release): 1.1.0',
    '--stage-changes',
  ];
  const milliseconds = await inTurn(
    rounds,
    {
      ours: inCopy('ours', [
        ['release-plan', OWNER],
        // The gates are no part of what nx release does.
        ['release-bump', OWNER, '--excludeTaskDependencies'],
      ]),
      nxRelease: inCopy('nxRelease', [gitCommit]),
      nxReleaseWithoutNpm: inCopy('nxReleaseWithoutNpm', [gitCommit], skipLockFile),
    },
    (done, all, name) => progress.show('Bumping', `${done}/${all} ${name}`),
  );

  const { ours, nxRelease, nxReleaseWithoutNpm } = milliseconds;
  const row = (name, sample, note) => [
    name,
    duration(sample.median),
    factor(sample.median / ours.median),
    String(sample.n),
    note,
  ];
  const late = (name) => (ended.has(name) ? `; not finished: ended after ${timeout} s` : '');
  say(
    table(
      ['Whole commands', 'Median', 'To ours', 'n', ''],
      [
        row(
          'nx release-plan, nx release-bump',
          ours,
          'decides, edits, changelog, notes, record, commit; journalled, all or nothing',
        ),
        row('nx release version', nxRelease, `decides, edits, npm's lock file, commit${late('nxRelease')}`),
        row(
          'nx release version',
          nxReleaseWithoutNpm,
          `the same with skipLockFileUpdate${late('nxReleaseWithoutNpm')}`,
        ),
      ],
    ),
  );
  return {
    ratios: {
      nxReleaseOverOurs: nxRelease.median / ours.median,
      nxReleaseWithoutNpmOverOurs: nxReleaseWithoutNpm.median / ours.median,
    },
    bounds: [
      ...(ended.has('nxRelease') ? ['nxReleaseOverOurs'] : []),
      ...(ended.has('nxReleaseWithoutNpm') ? ['nxReleaseWithoutNpmOverOurs'] : []),
    ],
    sizes: { projects, dependencies: dependencyCount(projects) },
    milliseconds,
  };
}

async function skipLockFile(root, options) {
  const path = join(root, 'nx.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config.release.version.versionActionsOptions = { skipLockFileUpdate: true };
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`);
  await must(['git', 'commit', '--quiet', '--all', '--message=build: leave the lock file alone'], {
    ...options,
    cwd: root,
  });
}

/** A contestant that did less than it should would look fast: every manifest has the new version, in a commit. */
async function checkBump(root, name, projects, options) {
  const git = async (...args) => (await must(['git', ...args], { ...options, cwd: root })).stdout;
  const changed = (await git('diff', '--name-only', 'main~1..HEAD', '--'))
    .split('\n')
    .filter((path) => path.endsWith('/package.json'));
  const { version } = JSON.parse(await git('show', `HEAD:${changed[0]}`));
  if (changed.length < projects || version !== '1.1.0') {
    throw new ProgramFailed(
      `${name} bumped ${changed.length} of ${projects} manifests, and ${changed[0]} is at ${version}`,
    );
  }
}
