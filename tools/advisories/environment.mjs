// What audits need in their environment on this machine: nothing where the registries answer, else the local answerer.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { probe } from '../setup/lib/run.mjs';
import { venvPython } from '../setup/steps/python.mjs';

/** As pip-audit asks: where it gets no answer, it skips the package. */
const ASK_PYPI = `
import sys
from packaging.version import Version
from pip_audit._service import PyPIService, ResolvedDependency
dependency, _ = PyPIService(timeout=15).query(ResolvedDependency("pip", Version("24.0")))
sys.exit(1 if dependency.is_skipped() else 0)
`;

/**
 * Starts the answerer where npm's registry or PyPI does not answer audits here.
 * @param {string} root absolute path of the workspace
 * @returns {Promise<{ env: Record<string, string>, note: string, close: () => void }>} `note` says whom audits ask
 */
export async function advisoryEnvironment(root) {
  const [npm, pypi] = await Promise.all([npmAnswers(root), pypiAnswers(root)]);
  if (npm && pypi) return { env: {}, note: 'Audits ask the registry and PyPI', close: () => {} };
  const { url, close } = await startAnswerer();
  const missing = [...(npm ? [] : ['npm']), ...(pypi ? [] : ['PyPI'])];
  return {
    env: {
      ...(npm ? {} : { npm_config_registry: `${url}/` }),
      ...(pypi ? {} : { SLIPWAY_OSV_URL: `${url}/v1/query` }),
    },
    note: `Audits can't ask ${missing.join(' and ')} from this machine: a local answerer stands in, which knows a handful of advisories and proves no safety`,
    close,
  };
}

/** @returns {Promise<{ url: string, close: () => void }>} */
export async function startAnswerer(...args) {
  const program = fileURLToPath(new URL('answerer.mjs', import.meta.url));
  // It ends with its standard input, so also when this process is killed.
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /SLIPWAY_OSV_URL=(\S+)\/v1\/query/.exec(line)?.[1];
    if (url) return { url, close: () => child.stdin.end() };
  }
  throw new Error('The local answerer of advisories did not start.');
}

/** Asked as the audit itself asks, through the same proxies and certificates. */
async function npmAnswers(root) {
  const argv = ['npm', 'audit', '--json', '--audit=true', '--omit=dev', '--package-lock-only'];
  const { stdout } = await probe(argv, { cwd: root, timeout: 60_000 });
  return /"auditReportVersion"/.test(stdout);
}

async function pypiAnswers(root) {
  return (await probe([venvPython(root), '-c', ASK_PYPI], { timeout: 30_000 })).code === 0;
}
