import { mkdtemp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { slipwaySchema } from '../config/schema';
import { collectReports } from './collect';
import { judgeProject, type ProjectVerdict } from './judge';
import { mergePolicy } from './policy';
import { readVerdict, VerdictError, verdictPath, writeVerdict } from './store';

const OFF = { notApplicable: 'not of interest here' };
const QUIET = { security: OFF, performance: OFF, accessibility: OFF, documentation: OFF, migrations: OFF };
const LCOV = 'SF:a.ts\nDA:1,1\nend_of_record\n';
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-gates-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

async function verdictOf(reports = {}): Promise<ProjectVerdict> {
  const { files, globs } = await collectReports(root, 'packages/api', reports);
  return judgeProject({
    project: { name: 'api', root: 'packages/api', kind: 'npm', targets: [], documents: null },
    directory: join(root, 'packages/api'),
    policy: mergePolicy(slipwaySchema.parse({}).gates, { gates: QUIET }),
    files,
    globs,
    producers: [],
    asOf: '2026-11-22',
    waivers: { waivers: [] },
    auditValidFor: 86_400_000,
    subject: '0'.repeat(64),
    tool: { name: 'nx-slipway', version: '1.0.0' },
  });
}

describe('collecting reports', () => {
  it('finds the usual places of a project and nothing of its dependencies or neighbours', async () => {
    await put('packages/api/reports/junit.xml', '<testsuite><testcase/></testsuite>');
    await put('packages/api/reports/coverage.xml', '<coverage><packages/></coverage>');
    await put('packages/api/coverage/lcov.info', LCOV);
    await put(
      'packages/api/reports/node_modules/x/junit.xml',
      '<testsuite><testcase><failure/></testcase></testsuite>',
    );
    await put('packages/web/reports/junit.xml', '<testsuite><testcase><failure/></testcase></testsuite>');
    const { files } = await collectReports(root, 'packages/api');
    expect(files.map(({ path, wanted }) => [path, wanted])).toEqual([
      ['packages/api/coverage/lcov.info', ['coverage']],
      ['packages/api/reports/coverage.xml', ['tests']],
      ['packages/api/reports/junit.xml', ['tests']],
    ]);
    expect(await verdictOf()).toMatchObject({ verdict: 'pass', reports: [{ format: 'lcov' }, { format: 'junit' }] });
  });

  it('takes the globs a person named, and all of their matches', async () => {
    await put('packages/api/out/a.info', LCOV);
    await put('packages/api/out/b.info', 'SF:b.ts\nDA:1,0\nend_of_record\n');
    const verdict = await verdictOf({ coverage: ['out/*.info'] });
    expect(verdict.checks.find(({ check }) => check === 'coverage')).toMatchObject({ verdict: 'fail', measured: 50 });
  });

  it('finds nothing in a project without reports, and says where it looked', async () => {
    await mkdir(join(root, 'packages/api'), { recursive: true });
    const verdict = await verdictOf();
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.checks[0]?.findings[0]?.title).toContain('reports/**/*.xml');
  });

  it('keeps what it could not read as an error', async () => {
    await put('packages/api/reports/big.xml', '');
    await truncate(join(root, 'packages/api/reports/big.xml'), 200 * 1024 * 1024);
    await symlink('/nonexistent/report.xml', join(root, 'packages/api/reports/gone.xml'));
    const { files } = await collectReports(root, 'packages/api', { tests: ['reports/*.xml'] });
    const big = files.find(({ path }) => path.endsWith('big.xml'));
    expect(big && 'error' in big ? big.error : '').toMatch(/larger than a report may be \(200 MB\)/);
    expect((await verdictOf({ tests: ['reports/*.xml'] })).checks[0]?.verdict).toBe('inconclusive');
  });
});

describe('the store of verdicts', () => {
  it('gives back what was written, and leaves nothing beside it', async () => {
    await put('packages/api/coverage/lcov.info', LCOV);
    const verdict = await verdictOf();
    const path = await writeVerdict(root, verdict);
    expect(path).toBe('.slipway/gates/api/verdict.json');
    expect(await readVerdict(root, 'api')).toEqual(verdict);
    expect(await readdir(dirname(join(root, path)))).toEqual(['verdict.json']);
  });

  it('tells a missing verdict from a malformed one', async () => {
    await expect(readVerdict(root, 'api')).rejects.toMatchObject({ name: 'VerdictError', problem: 'missing' });
    const path = await writeVerdict(root, await verdictOf());
    const text = await readFile(join(root, path), 'utf8');
    for (const broken of [
      '',
      '{}',
      text.slice(0, -10),
      text.replace('"inconclusive"', '"pass"'),
      text.replace('"api"', '"web"'),
      text.replace('"v": 2', '"v": 1'),
    ]) {
      await writeFile(join(root, path), broken);
      await expect(readVerdict(root, 'api')).rejects.toMatchObject({ problem: 'malformed' });
    }
  });

  it('refuses a name that leads elsewhere', () => {
    expect(verdictPath('@acme/api')).toBe('.slipway/gates/@acme/api/verdict.json');
    for (const name of ['../x', 'a/../../b', '/etc', '', 'a\\b']) expect(() => verdictPath(name)).toThrow(RangeError);
    expect(VerdictError).toBeDefined();
  });
});
