import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectVerdict } from '../gates';
import { subjectsOfTree } from '../evidence/subjects';
import { scopeOf, subjectOfTree } from '../evidence/subject';
import { createWorld } from '../io/create-world';
import type { ApartOptions } from './judge-apart';
import { judgeBatch, type BatchTask, type JudgedTask } from './judge-batch';

const OFF = { notApplicable: 'not of interest here' };
const CONFIG = {
  gates: { coverage: { lines: 50 } },
  projects: Object.fromEntries(
    ['api', 'web', 'bad'].map((name) => [
      name,
      { gates: { security: OFF, performance: OFF, accessibility: OFF, documentation: OFF, migrations: OFF } },
    ]),
  ),
};
const PROJECTS = ['api', 'web', 'bad'].map((name) => ({
  name,
  root: `packages/${name}`,
  kind: 'npm' as const,
  versioned: true,
  dependencies: [],
  targets: ['test', 'release-gate'],
}));
const JUNIT = '<testsuite tests="1"><testcase name="works"/></testsuite>';
const CHILD = [
  '-r',
  join(__dirname, '..', 'testing', 'register-typescript.cjs'),
  join(__dirname, '..', 'gates', 'judge-child.ts'),
];

// Jest's own process is a fork whose channel looks closed from in here, as if nx had been killed.
const { send } = process;
beforeAll(() => delete process.send);
afterAll(() => {
  if (send !== undefined) process.send = send;
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-batch-'));
  put('slipway.json', JSON.stringify(CONFIG));
  for (const { name, root: folder } of PROJECTS) {
    put(`${folder}/package.json`, JSON.stringify({ name, version: '1.0.0' }));
    put(`${folder}/reports/junit.xml`, JUNIT);
    put(`${folder}/coverage/lcov.info`, 'SF:a.js\nDA:1,1\nDA:2,0\nend_of_record\n');
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function judgeAll(
  options: BatchTask['options'] = {},
  apart: ApartOptions = {},
): Promise<Map<string, JudgedTask>> {
  const tasks = PROJECTS.map(({ name }) => ({ id: name, project: name, target: 'release-gate', options }));
  const judged = new Map<string, JudgedTask>();
  for await (const task of judgeBatch({ root, projects: PROJECTS, nxRelease: undefined, tasks }, apart))
    judged.set(task.id, task);
  return judged;
}

const verdictOf = (name: string): ProjectVerdict =>
  JSON.parse(readFileSync(join(root, `.slipway/gates/${name}/verdict.json`), 'utf8')) as ProjectVerdict;
const passed = (judged: Map<string, JudgedTask>) => [...judged].filter(([, { success }]) => success).map(([id]) => id);

describe('judging many projects in one process', () => {
  it('gives each its own verdict and output', async () => {
    put(
      'packages/web/reports/junit.xml',
      '<testsuite tests="1"><testcase name="breaks"><failure/></testcase></testsuite>',
    );
    const judged = await judgeAll();
    expect(passed(judged)).toEqual(['api', 'bad']);
    expect(judged.get('web')?.output).toMatch(/Failed, nothing changed: web does not pass its gate: tests: /);
    expect([verdictOf('api').verdict, verdictOf('web').verdict]).toEqual(['pass', 'fail']);
  });

  it('is about the same files as judging each alone', async () => {
    put('packages/api/inner/package.json', '{ "name": "inner" }');
    const projects = [...PROJECTS.map(({ root: folder }) => ({ root: folder })), { root: 'packages/api/inner' }];
    const { world, dispose } = createWorld({ root });
    try {
      const together = await subjectsOfTree(
        world,
        projects.map((project) => project.root),
        () => null,
      );
      for (const project of projects)
        expect(together.get(project.root)).toBe(await subjectOfTree(world, scopeOf(project, projects), () => null));
    } finally {
      dispose();
    }
  });

  it('judges large reports in a process of their own, to the same verdict', async () => {
    await judgeAll();
    const before = verdictOf('api');
    expect(passed(await judgeAll({}, { child: CHILD, maxBytesHere: 10 }))).toEqual(['api', 'web', 'bad']);
    expect(verdictOf('api')).toEqual(before);
  });

  it('costs the others nothing when the process of one dies, and leaves no verdict of it', async () => {
    await judgeAll();
    put('packages/bad/reports/junit.xml', JUNIT.replace('works', 'x'.repeat(1_000)));
    const judged = await judgeAll({}, { child: ['-e', 'process.abort()'], maxBytesHere: 500 });
    expect(passed(judged)).toEqual(['api', 'web']);
    expect(judged.get('bad')?.output).toMatch(/bad could not be judged: reading its reports/);
    expect(existsSync(join(root, '.slipway/gates/bad/verdict.json'))).toBe(false);
  });

  it('ends one that takes too long', async () => {
    put('packages/bad/reports/junit.xml', JUNIT.replace('works', 'x'.repeat(1_000)));
    const child = ['-e', 'setInterval(() => undefined, 1_000)'];
    const judged = await judgeAll({}, { child, maxBytesHere: 500, timeoutSeconds: 1 });
    expect(passed(judged)).toEqual(['api', 'web']);
    expect(judged.get('bad')?.output).toMatch(/takes longer than 1 s/);
  });

  it('is refused for every project by a configuration that is wrong', async () => {
    put('slipway.json', '{ "gatez": {} }');
    const judged = await judgeAll();
    expect([...judged.values()].map(({ output }) => /gatez: unknown key/.test(output))).toEqual([true, true, true]);
    expect(passed(judged)).toEqual([]);
  });

  it('is inconclusive for every project by a file of waivers that is wrong', async () => {
    put('waivers.json', '[{ "fingerprint": "coverage:lines" }]');
    expect(passed(await judgeAll())).toEqual([]);
    expect(verdictOf('api')).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('waivers.json:1:2') as string,
    });
  });

  it('only says what would be, by another policy', async () => {
    put('strict.json', '{ "coverage": { "lines": 51 } }');
    const judged = await judgeAll({ policy: 'strict.json' });
    expect(passed(judged)).toEqual([]);
    expect(judged.get('api')?.output).toMatch(/does not pass its gate by the policy in strict\.json: coverage: /);
    expect(existsSync(join(root, '.slipway'))).toBe(false);
  });
});
