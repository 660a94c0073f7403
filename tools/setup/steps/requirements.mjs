// What a person has to bring: Node, git, and Python. Nothing is installed here except Debian's Python where there is none.
import { aptInstall } from '../lib/apt.mjs';
import { machine } from '../lib/machine.mjs';
import { probe, SetupError } from '../lib/run.mjs';

const oldestNode = [20, 19];
const oldestPython = [3, 11];
const pythonNames = ['python3.11', 'python3', 'python3.12', 'python3.13', 'python3.14'];

/** @returns {Promise<import('../lib/report.mjs').Outcome>} */
export async function ensureNode() {
  const version = process.versions.node;
  if (!atLeast(version, oldestNode)) {
    throw new SetupError(
      `Node ${oldestNode.join('.')} or newer is needed; this is ${version}. Install it, e.g. with your version manager: 20 is named in .nvmrc.`,
    );
  }
  return { changed: false, detail: `Node ${version}` };
}

/** @returns {Promise<import('../lib/report.mjs').Outcome>} */
export async function ensureGit() {
  const { code, stdout } = await probe(['git', '--version']);
  if (code !== 0) throw new SetupError('git is needed. Install it with the package manager of your system.');
  const version = /\d+\.\d+/.exec(stdout)?.[0] ?? '0.0';
  // A release is merged without a work tree, which git can do since 2.38.
  if (!atLeast(version, [2, 38])) throw new SetupError(`git is ${version}, but 2.38 or newer is needed.`);
  return { changed: false, detail: stdout.trim().replace(' version', '') };
}

/**
 * Finds a Python that can make virtual environments.
 * @returns {Promise<{ executable: string, version: string, changed: boolean, detail: string }>} `executable` is absolute
 */
export async function ensurePython() {
  const found = await findPython();
  if (found) return { ...found, changed: false, detail: `Python ${found.version}` };
  const host = machine();
  if (host.debianLike && host.root) {
    await aptInstall(['python3', 'python3-venv']);
    const installed = await findPython();
    if (installed) return { ...installed, changed: true, detail: `Python ${installed.version} with venv installed` };
  }
  throw new SetupError(
    `Python ${oldestPython.join('.')} or newer with its modules venv and ensurepip is needed` +
      (host.debianLike
        ? ': sudo apt-get install python3 python3-venv'
        : '. Install it, e.g. from your package manager or with pyenv.'),
  );
}

async function findPython() {
  const question =
    'import sys, venv, ensurepip; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))';
  for (const name of pythonNames) {
    const { code, stdout } = await probe([name, '-c', question]);
    const [executable, version] = stdout.trim().split('\n');
    if (code === 0 && executable && version && atLeast(version, oldestPython)) return { executable, version };
  }
  return undefined;
}

/** Whether dotted version `text` is at least `[major, minor]`. */
export function atLeast(text, [major, minor]) {
  const [ours = 0, oursMinor = 0] = text.split('.').map(Number);
  return ours > major || (ours === major && oursMinor >= minor);
}
