import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanEnvironment } from './support/environment';
import { must } from './support/processes';
import { snapshot } from './support/snapshot';
import { ranOf, tasksOf } from './support/tasks';
import { createWorkspace, type Workspace } from './support/workspace';

const ALL_FROM_CACHE = {
  'api:release-audit': 'cache',
  'web:release-audit': 'cache',
  'api:test': 'cache',
  'web:test': 'cache',
  'api:release-gate': 'cache',
  'web:release-gate': 'cache',
};

/** What a team might write; each line marked as an error has to be one. */
const CONSUMER = `import { judge, readReport, type CheckResult, type Verdict } from 'nx-slipway';
const content = '<testsuite tests="1"><testcase name="adds"/></testsuite>';
const judged: CheckResult = judge('tests', [{ path: 'junit.xml', content }], { passRate: 100 });
const verdict: Verdict = judged.verdict;
const { report } = readReport('auto', content);
// @ts-expect-error no such check
const typo = () => judge('covrage', []);
// @ts-expect-error no such key
const wrong = () => judge('coverage', [], { line: 80 });
// @ts-expect-error no such verdict
const never = () => verdict === 'passed';
void [typo, wrong, never];
console.log(verdict, report.kind);
`;

describe('a workspace without slipway.json', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('plain', { isolatedPlugins: true });
    await workspace.commit('feat(web): greet by name', { 'packages/web/index.js': 'exports.title = "Hello";\n' });
  });
  afterAll(() => workspace.cleanUp());
  const forget = () => rm(join(workspace.root, '.slipway/gates'), { recursive: true });
  const gates = () => workspace.nx('run-many', '-t', 'release-gate');

  it('is judged, and judged again from the cache', async () => {
    const first = await gates();
    expect(first.output).toMatch(/Done: web passes its gate \(pass\)\./);
    expect(first.output).toMatch(/Done: api passes its gate \(pass\)\./);
    expect(first.code).toBe(0);
    expect(ranOf(first.output)).toEqual([
      'api:release-audit',
      'api:release-gate',
      'api:test',
      'web:release-audit',
      'web:release-gate',
      'web:test',
    ]);
    expect(JSON.parse(await workspace.read('.slipway/gates/web/verdict.json'))).toMatchObject({
      project: 'web',
      verdict: 'pass',
    });
    const second = await gates();
    expect(second.code).toBe(0);
    expect(tasksOf(second.output)).toEqual(ALL_FROM_CACHE);
  });

  it('is judged by one process where that is asked for', async () => {
    await forget();
    const judged = await workspace.nx('run-many', '-t', 'release-gate', '--batch', '--skip-nx-cache');
    expect([judged.code, judged.output]).toEqual([
      0,
      expect.stringMatching(/Done: (web|api) passes its gate[^]*Done: (?!\1)(web|api) passes its gate/),
    ]);
    for (const project of ['web', 'api'])
      expect(JSON.parse(await workspace.read(`.slipway/gates/${project}/verdict.json`))).toMatchObject({
        project,
        verdict: 'pass',
      });
  });

  it('explains a check from the reports that lie there, and writes nothing', async () => {
    await forget();
    const before = await snapshot(workspace);
    const judged = await workspace.nx('run', 'web:release-judge', '--explain=coverage');
    expect([judged.code, judged.output]).toEqual([
      0,
      expect.stringMatching(/measured +90 %[^]*limit +80 %[^]*npx nx run web:release-judge --explain=coverage/),
    ]);
    expect(ranOf(judged.output)).toEqual(['web:release-judge']);
    expect(await snapshot(workspace)).toEqual(before);
    expect(existsSync(join(workspace.root, '.slipway/gates'))).toBe(false);
  });

  it('judges from a program of its own, whose types are checked', async () => {
    await workspace.write({ '.slipway/consumer.ts': CONSUMER });
    const options = { cwd: join(workspace.root, '.slipway'), env: cleanEnvironment() };
    const compiler = require.resolve('typescript/bin/tsc');
    const flags = ['--strict', '--module', 'node16', '--target', 'es2022', '--lib', 'es2022,dom', '--skipLibCheck'];
    await must([process.execPath, compiler, 'consumer.ts', ...flags], options);
    expect(await must([process.execPath, 'consumer.js'], options)).toBe('pass tests');
    for (const name of ['consumer.ts', 'consumer.js']) await rm(join(options.cwd, name));
  });

  it('is bumped, checked and tagged, and its gates stay cache hits', async () => {
    const main = await workspace.git('rev-parse', 'main');
    const bumped = await workspace.step('run', 'api:release-bump');
    expect(bumped.json).toMatchObject({
      target: 'release-bump',
      outcome: { kind: 'done' },
      sentence: expect.stringMatching(/^Done: bumped to 1\.1\.0 in one commit, [0-9a-f]{8} on release\/v1\.1\.0\.$/),
      data: { version: '1.1.0' },
    });
    expect(await workspace.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('release/v1.1.0');
    expect(await workspace.git('rev-parse', 'HEAD^')).toBe(main);
    expect((await workspace.git('diff', '--name-only', 'HEAD^')).split('\n').sort()).toEqual([
      'CHANGELOG.md',
      'package-lock.json',
      'packages/api/setup.py',
      'packages/web/package.json',
      'releases/v1.1.0/NOTES.md',
      'releases/v1.1.0/release.json',
    ]);
    expect(await workspace.read('packages/api/setup.py')).toContain("version='1.1.0'");
    expect(tasksOf((await gates()).output)).toEqual(ALL_FROM_CACHE);

    const tagged = await workspace.step('run', 'api:release-tag');
    expect(tagged.output).toMatch(/Done: 1\.1\.0 passed its check at [0-9a-f]{8}: api: pass, web: pass\./);
    expect(tagged.json).toMatchObject({
      outcome: { kind: 'done' },
      sentence: expect.stringMatching(/^Done: v1\.1\.0 marks/),
    });
    expect(tagged.code).toBe(0);
    const head = await workspace.git('rev-parse', 'HEAD');
    const remote = await workspace.git('ls-remote', 'origin', 'refs/tags/v1.1.0^{}', 'refs/heads/main');
    expect(remote.split('\n').map((line) => line.split('\t')[0])).toEqual([head, head]);
    expect(tasksOf((await gates()).output)).toEqual(ALL_FROM_CACHE);
  });

  it('judges only the project again that a change affects', async () => {
    await workspace.write({ 'packages/web/index.js': 'exports.title = "Hello again";\n' });
    expect(ranOf((await gates()).output)).toEqual(['web:release-audit', 'web:release-gate', 'web:test']);
  });

  it('judges again what a manifest says besides its version', async () => {
    const setup = await workspace.read('packages/api/setup.py');
    await workspace.write({ 'packages/api/setup.py': setup.replace("'acme'", "'acme', 'other'") });
    expect(ranOf((await gates()).output)).toEqual(['api:release-audit', 'api:release-gate', 'api:test']);
    await workspace.write({ 'packages/api/setup.py': setup });
  });

  it('fails where a test failed, says which, and never keeps that in the cache', async () => {
    await workspace.write(workspace.suite('web', { failing: ['adds a ticket'] }));
    const judged = await workspace.step('run', 'web:release-gate');
    expect(judged.code).toBe(1);
    expect(judged.json).toMatchObject({
      outcome: {
        kind: 'failed',
        reason: expect.stringMatching(/^web does not pass its gate: tests: .*1 of 5 failed; 100 % must pass$/),
      },
      sentence: expect.stringMatching(/^Failed, nothing changed: web does not pass/),
      data: { verdict: { verdict: 'fail' } },
    });
    expect(judged.output).toContain('adds a ticket');
    const again = await workspace.nx('run', 'web:release-gate');
    expect([again.code, tasksOf(again.output)['web:release-gate']]).toEqual([1, 'ran']);
  });

  it('fails where the tests themselves exit with an error', async () => {
    await workspace.write(workspace.suite('web', { failing: ['adds a ticket'], exit: 1 }));
    const judged = await gates();
    expect(judged.code).not.toBe(0);
    expect(judged.output).not.toContain('web passes its gate');
    await workspace.write(workspace.suite('web', {}));
  });

  it('fails where too few lines are covered, with both numbers', async () => {
    await workspace.write(workspace.suite('api', { coveredLines: 7 }));
    const judged = await workspace.step('run', 'api:release-gate');
    expect(judged.code).toBe(1);
    expect(judged.json?.outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^api does not pass its gate: .*70 % .*80 %/),
    });
  });

  it('is inconclusive without a report, which fails and is not called a failure of the code', async () => {
    await workspace.write(workspace.suite('api', { reports: false }));
    const judged = await workspace.step('run', 'api:release-gate');
    expect(judged.code).toBe(1);
    expect(judged.json).toMatchObject({
      outcome: { kind: 'failed', reason: expect.stringMatching(/^api could not be judged: .*report/) },
      data: { verdict: { verdict: 'inconclusive' } },
    });
    await workspace.write(workspace.suite('api', {}));
  });

  it('is inconclusive where no test ran at all', async () => {
    await workspace.write(workspace.suite('web', { passing: 0 }));
    const judged = await workspace.step('run', 'web:release-gate');
    expect(judged.code).toBe(1);
    expect(judged.json?.data).toMatchObject({ verdict: { verdict: 'inconclusive' } });
    await workspace.write(workspace.suite('web', {}));
  });

  it('refuses a wrong slipway.json with file, line and suggestion, before anything runs', async () => {
    await workspace.write({
      'slipway.json': '{\n  // limits\n  "gates": {\n    "coverage": { "line": 80 }\n  }\n}\n',
    });
    const judged = await gates();
    expect(judged.code).not.toBe(0);
    expect(judged.output).toMatch(/slipway\.json:4(:\d+)?/);
    expect(judged.output).toMatch(/[Dd]id you mean "?lines"?/);
    expect(tasksOf(judged.output)).toEqual({});
    await workspace.write({ 'slipway.json': '{ "release": { "projects": ["web", "apo"] } }\n' });
    const unknown = await gates();
    expect(unknown.code).not.toBe(0);
    expect(unknown.output).toMatch(/slipway\.json.*"apo".*Did you mean "api"\?/);
    await workspace.write({ 'slipway.json': '{}\n' });
    expect((await gates()).code).toBe(0);
  });
});
