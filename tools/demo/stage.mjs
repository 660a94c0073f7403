// Where the demo plays: a bare remote and a clone of it, in a folder of their own. The user's repository is only read,
// its node_modules and .venv are used from where they are.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ENVIRONMENTS = {
  staging: { project: 'helpdesk-staging', frontend: 3100 },
  prod: { project: 'helpdesk-prod', frontend: 3000 },
};

/** One demo for each checkout. @param {string} root */
export function demoFolder(root) {
  return join(tmpdir(), `slipway-demo-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`);
}

/**
 * @typedef {{ folder: string, workspace: string, env: NodeJS.ProcessEnv, ports: Record<string, { frontend: number }> }} Stage
 * @param {string} root @param {string} folder
 * @returns {Promise<Stage>}
 */
export async function makeStage(root, folder, narrator) {
  const workspace = join(folder, 'helpdesk');
  const remote = join(folder, 'remote.git');
  mkdirSync(folder, { recursive: true });
  const env = stageEnvironment(folder);
  const git = (cwd, ...args) =>
    execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  if (git(root, 'rev-parse', '--is-shallow-repository') === 'true') copyTree(git, root, workspace);
  else git(folder, 'clone', '--quiet', '--no-hardlinks', '--no-tags', root, workspace);
  git(workspace, 'checkout', '--quiet', '-B', 'main');
  for (const branch of git(workspace, 'for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n')) {
    if (branch !== 'main') git(workspace, 'branch', '--quiet', '-D', branch);
  }
  if (git(workspace, 'remote') !== '') git(workspace, 'remote', 'remove', 'origin');
  git(workspace, 'remote', 'add', 'origin', remote);
  // What ran before Slipway came: the last release that was made by hand.
  git(workspace, 'tag', '--annotate', '--message', 'Release v1.0.0', 'v1.0.0');
  git(workspace, 'push', '--quiet', '--set-upstream', 'origin', 'main', 'v1.0.0');

  for (const shared of ['node_modules', 'packages/frontend/node_modules', '.venv']) {
    if (existsSync(join(root, shared)) && !existsSync(join(workspace, shared)))
      symlinkSync(join(root, shared), join(workspace, shared));
  }
  for (const built of ['plugins/slipway/dist', 'plugins/slipway/schema.json'])
    cpSync(join(root, built), join(workspace, built), { recursive: true });

  execFileSync(process.execPath, ['tools/secrets.mjs'], { cwd: workspace, env, stdio: 'ignore' });
  const ports = {};
  for (const [name, wanted] of Object.entries(ENVIRONMENTS)) {
    ports[name] = { frontend: await freePort(wanted.frontend) };
    const file = join(workspace, `packages/platform/environments/${name}.local.env`);
    writeFileSync(file, `FRONTEND_PORT=${ports[name].frontend}\n`);
  }
  narrator.say(`A clone of this repository, with a remote of its own: ${folder}`);
  narrator.say(`Your repository and its Nx cache stay as they are.`);
  return { folder, workspace, env, ports };
}

/** Nothing of the person's git identity, hooks or Nx cache plays a part. */
export function stageEnvironment(folder) {
  return {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Dana Developer',
    GIT_AUTHOR_EMAIL: 'dana@helpdesk.example',
    GIT_COMMITTER_NAME: 'Dana Developer',
    GIT_COMMITTER_EMAIL: 'dana@helpdesk.example',
    NX_CACHE_DIRECTORY: join(folder, 'nx', 'cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(folder, 'nx', 'workspace-data'),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    NO_UPDATE_NOTIFIER: '1',
  };
}

/** A shallow clone can't be cloned whole: its files alone, as one first commit. */
function copyTree(git, root, workspace) {
  mkdirSync(workspace, { recursive: true });
  git(workspace, 'init', '--quiet', '--initial-branch=main');
  const archive = execFileSync('git', ['archive', '--format=tar', 'HEAD'], { cwd: root, maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '-C', workspace], { input: archive });
  git(workspace, 'add', '--all');
  git(workspace, 'commit', '--quiet', '--message', 'chore: the Helpdesk as it is');
}

/** The port that is wanted, or another one where somebody has it. @param {number} wanted @returns {Promise<number>} */
async function freePort(wanted) {
  for (const port of [wanted, wanted + 10_000, 0]) {
    const got = await listen(port);
    if (got !== null) return got;
  }
  throw new Error(`no free port near ${wanted}`);
}

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(port, '127.0.0.1', () => {
      const { port: got } = server.address();
      server.close(() => resolve(got));
    });
  });
}
