// `npm test`: sets up everything, then lint, types, unit tests, the Helpdesk's own quality gates (its audits, load,
// accessibility and integration tests for real), and the tests against real git remotes and the real Docker Engine.
// `npm run test:unit` runs the unit tests alone, without Docker.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { advisoryEnvironment } from './advisories/environment.mjs';
import { SetupError } from './setup/lib/run.mjs';
import { setUp } from './setup/setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const { values } = parseArgs({ options: { unit: { type: 'boolean', default: false } } });

/** Nx's cache and database of its own: a test run neither takes results from another clone nor leaves any there. */
const scratch = mkdtempSync(join(tmpdir(), 'slipway-test-'));
const env = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_CACHE_DIRECTORY: join(scratch, 'cache'),
  NX_WORKSPACE_DATA_DIRECTORY: join(scratch, 'workspace-data'),
  NX_TUI: 'false',
};

/** Runs one part and says how long it took; its output is shown as it comes. */
function part(title, command, args, extra = {}) {
  const start = Date.now();
  console.log(`\n── ${title}`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, ...extra },
  });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (error) throw error;
  console.log(`── ${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  return { title, passed: status === 0, seconds };
}

/** With what the tests say, once each project's are done. */
const SHOWN = ['--outputStyle=static'];
const nx = (...args) => [process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args]];

try {
  await setUp({ root, docker: !values.unit });
  const parts = [];
  if (!values.unit) {
    parts.push(
      part('Formatting', process.execPath, [
        join(root, 'node_modules/prettier/bin/prettier.cjs'),
        '--check',
        '--log-level=warn',
        '.',
      ]),
    );
    parts.push(part('Lint and types', ...nx('run-many', '-t', 'lint', 'typecheck', 'build')));
  }
  parts.push(part('Unit tests', ...nx('run-many', '-t', 'test', ...SHOWN)));
  if (!values.unit) {
    const advisories = await advisoryEnvironment(root);
    console.log(`\n${advisories.note}.`);
    // Its unit tests are cached by now; what a gate waits for is measured here.
    parts.push(part("The Helpdesk's gates", ...nx('run-many', '-t', 'release-gate', ...SHOWN), advisories.env));
    advisories.close();
    parts.push(part('Integration tests', ...nx('run-many', '-t', 'test-integration', '--parallel=1', ...SHOWN)));
  }
  const failed = parts.filter(({ passed }) => !passed);
  console.log(
    `\n${parts.map(({ title, passed, seconds }) => `${passed ? 'passed' : 'FAILED'}  ${title} (${seconds} s)`).join('\n')}\n`,
  );
  console.log(`parts: ${parts.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
