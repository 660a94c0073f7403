// The Python packages of the backend and of the workspace's tools, in a virtual environment of the workspace's own.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from '../lib/lock.mjs';
import { logFile, shortHash } from '../lib/machine.mjs';
import { runLogged } from '../lib/run.mjs';
import { hashOf, hasStamp, writeStamp } from '../lib/stamp.mjs';
import { ensurePython } from './requirements.mjs';

const requirements = ['packages/backend/requirements-dev.txt', 'tools/setup/requirements.txt'];

/**
 * `.venv` at the root with everything the backend's tests and the audits need.
 * @param {string} root absolute path of the workspace
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 */
export async function ensurePythonPackages(root) {
  return withLock(`python-${shortHash(root)}`, async () => {
    const python = await ensurePython();
    const folder = join(root, '.venv');
    const stamp = join(folder, '.slipway-setup');
    const expected = hashOf(
      python.executable,
      python.version,
      ...requirements.flatMap((file) => requirementTexts(join(root, file))),
    );
    if (hasStamp(stamp, expected)) return { changed: false, detail: `Python ${python.version} packages in .venv` };
    const log = logFile('python');
    // An environment of the same Python is brought up to date in place; any other is made anew.
    if (venvVersion(folder) !== python.version) {
      await runLogged([python.executable, '-m', 'venv', '--clear', folder], { log, timeout: 120_000 });
    }
    const argv = [
      venvPython(root),
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-input',
      ...requirements.flatMap((file) => ['-r', file]),
    ];
    await runLogged(argv, { cwd: root, log, timeout: 600_000 });
    writeStamp(stamp, expected);
    return { changed: true, detail: `Python ${python.version} packages in .venv installed` };
  });
}

/** The interpreter of the workspace's environment. */
export function venvPython(root) {
  return join(root, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

function venvVersion(folder) {
  const file = join(folder, 'pyvenv.cfg');
  return existsSync(file) ? /^version\s*=\s*(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}

/** The file and every file it takes in by `-r` or `-c`. */
function requirementTexts(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const included = [...text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)\s*=?\s*(\S+)/gm)].map(([, name]) =>
    join(dirname(file), name),
  );
  return [text, ...included.flatMap(requirementTexts)];
}
