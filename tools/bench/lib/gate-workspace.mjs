import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './run.mjs';
import { workspaceFiles, writeFiles } from './workspace.mjs';

/** Tests in each project's report. */
const TESTS = 20;
/** Files in each project's coverage report, of so many lines. */
const COVERED_FILES = 5;
const LINES = 100;

/** The no-op task waits for, looks at and leaves the same as the gate. */
const NOOP = {
  executor: 'nx:noop',
  dependsOn: ['test'],
  inputs: [
    'default',
    '{workspaceRoot}/slipway.json',
    '{workspaceRoot}/waivers.json',
    { dependentTasksOutputFiles: '**/*' },
  ],
  outputs: ['{workspaceRoot}/.slipway/noop/{projectName}'],
  cache: true,
};

/**
 * A workspace of npm projects whose reports lie there already: JUnit, LCOV and npm audit. Each has a no-op beside its gate.
 * @param {string} root does not exist yet
 * @param {number} projects
 */
export async function makeGateWorkspace(root, projects, options) {
  const names = Array.from({ length: projects }, (_, index) => `p${String(index).padStart(4, '0')}`);
  const files = workspaceFiles({ owner: names[0], versioning: 'fixed', tagPattern: 'v{version}' });
  const config = JSON.parse(files.get('slipway.json'));
  // The audits lie there: running npm a thousand times is nothing that this measures.
  config.projects = Object.fromEntries(names.map((name) => [name, { audit: false }]));
  files.set('slipway.json', `${JSON.stringify(config, null, 2)}\n`);
  for (const [index, name] of names.entries()) {
    const folder = `packages/${name}`;
    const manifest = { name, version: '1.0.0', nx: { targets: { 'noop-gate': NOOP } } };
    files.set(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    files.set(`${folder}/README.md`, `# ${name}\n\nSee [the source](src/index.js).\n`);
    files.set(`${folder}/src/index.js`, `export const number = ${index};\n`);
    files.set(`${folder}/reports/junit.xml`, junit(name));
    files.set(`${folder}/coverage/lcov.info`, lcov());
    files.set(`${folder}/reports/audit/npm-audit.json`, `${JSON.stringify(audit(index), null, 2)}\n`);
  }
  mkdirSync(root);
  writeFiles(root, files);
  const git = (...args) => must(['git', ...args], { ...options, cwd: root });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=feat: begin');
}

/** Gives the no-op tasks what the gates left as their outputs. @returns {number} projects that have them */
export function copyOutputs(root) {
  const gates = join(root, '.slipway/gates');
  cpSync(gates, join(root, '.slipway/noop'), { recursive: true });
  return readdirSync(gates).length;
}

function junit(name) {
  const cases = Array.from(
    { length: TESTS },
    (_, index) => `  <testcase classname="${name}" name="case ${index}" time="0.01"/>\n`,
  );
  return `<testsuite name="${name}" tests="${TESTS}" failures="0" errors="0" skipped="0">\n${cases.join('')}</testsuite>\n`;
}

function lcov() {
  const lines = Array.from({ length: LINES }, (_, line) => `DA:${line + 1},${line % 10 === 0 ? 0 : 1}\n`).join('');
  return Array.from(
    { length: COVERED_FILES },
    (_, file) => `SF:src/file${file}.js\n${lines}LF:${LINES}\nLH:${LINES - LINES / 10}\nend_of_record\n`,
  ).join('');
}

function audit(index) {
  const counts = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0 };
  const dependencies = { prod: 10 + index, dev: 5, optional: 0, peer: 0, peerOptional: 0, total: 15 + index };
  return { auditReportVersion: 2, vulnerabilities: {}, metadata: { vulnerabilities: counts, dependencies } };
}
