// `npm test`: sets up everything, then lint, types, unit tests, the Helpdesk's own quality gates (its audits, load,
// accessibility and integration tests for real), and the tests against real git remotes and the real Docker Engine.
// `npm run test:unit` runs the unit tests alone, without Docker.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { advisoryEnvironment } from './advisories/environment.mjs';
import { SetupError } from './setup/lib/run.mjs';
import { setUp } from './setup/setup.mjs';
import { runPart } from './test/part.mjs';
import { failingFiles, failuresOf, slowestOf } from './test/told.mjs';

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

/** What each part printed; git ignores it. */
const logs = join(root, 'tmp/test');
const parts = [];
async function part(title, command, args, extra = {}) {
  const name = title.toLowerCase().replace(/[^a-z]+/g, '-');
  const places = { log: join(logs, `${name}.log`), notes: join(scratch, 'notes', name) };
  parts.push(await runPart(title, [command, ...args], { cwd: root, env: { ...env, ...extra }, ...places }));
}

/** With what the tests say, once each project's are done. */
const SHOWN = ['--outputStyle=static'];
const nx = (...args) => [process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args]];

/** Sets up and runs every part; one that fails does not keep the others from being run. */
async function runAll() {
  await setUp({ root, docker: !values.unit });
  if (!values.unit) {
    const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
    // Together, as one core has nothing to do while the other lints.
    await Promise.all([
      part('Formatting', process.execPath, [prettier, '--check', '--log-level=warn', '.']),
      part('Lint and types', ...nx('run-many', '-t', 'lint', 'typecheck', 'build', ...SHOWN)),
    ]);
  }
  await part('Unit tests', ...nx('run-many', '-t', 'test', ...SHOWN));
  if (values.unit) return;
  const advisories = await advisoryEnvironment(root);
  console.log(`\n${advisories.note}.`);
  try {
    // Its unit tests are cached by now; what a gate waits for is measured here.
    await part("The Helpdesk's gates", ...nx('run-many', '-t', 'release-gate', ...SHOWN), advisories.env);
  } finally {
    advisories.close();
  }
  await part('Integration tests', ...nx('run-many', '-t', 'test-integration', '--parallel=1', ...SHOWN));
  await tryAgain();
}

/**
 * Real engines, remotes and clocks on a busy machine: a few files that failed beside others are run once more, alone. What passes
 * then is told as unsteady, with what it said the first time; it is no failure.
 */
async function tryAgain() {
  const first = parts.at(-1);
  const folders = { 'slipway:test-integration': 'plugins/slipway', 'platform:test-integration': 'packages/platform' };
  const failing = first.passed ? [] : failingFiles(first);
  if (failing.length === 0 || failing.length > FEW || failing.some(({ task }) => folders[task] === undefined)) return;
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const again = [];
  for (const [task, folder] of Object.entries(folders)) {
    const files = failing.filter((file) => file.task === task).map(({ file }) => file);
    if (files.length === 0) continue;
    const args = [jest, '--runInBand', '--rootDir', join(root, folder), '-c', join(root, folder, 'jest.config.cjs')];
    await part(
      `${files.join(', ')} once more, alone`,
      process.execPath,
      [...args, '--runTestsByPath', ...files.map((file) => join(root, folder, file))],
      { SLIPWAY_TESTS: 'int' },
    );
    again.push(parts.at(-1));
  }
  if (!again.every(({ passed }) => passed)) return;
  first.passed = true;
  first.unsteady = true;
}

/** Files that fail together are no accident. */
const FEW = 6;

const start = Date.now();
try {
  await runAll();
} catch (error) {
  const said = error instanceof SetupError ? error.message : String(error?.stack ?? error);
  const title = parts.length === 0 ? 'Set-up' : 'What comes after the last part';
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  parts.push({ title, passed: false, seconds, output: said, notes: [] });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const slowest = parts.filter(({ title }) => title === 'Integration tests').flatMap(slowestOf);
if (slowest.length > 0) console.log(`\nThe integration tests that took longest:\n${slowest.join('\n')}`);
const failed = parts.filter(({ passed }) => !passed);
const table = parts.map(
  ({ title, passed, seconds, unsteady }) =>
    `${passed ? 'passed' : 'FAILED'}  ${title} (${seconds} s)${unsteady ? ', unsteady: at the second try' : ''}`,
);
const told = parts.filter(({ passed, unsteady }) => !passed || unsteady);
console.log(['', ...table, ...told.flatMap(failuresOf), ''].join('\n'));
console.log(`parts: ${parts.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
