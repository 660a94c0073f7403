import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { audit as schema } from '../../config/producers';
import { RunError, type RunResult } from '../../io/exec';
import { createTestWorld } from '../../testing/test-world';
import { runAudit } from './audit';

let root: string;
/** What was started, without the questions for versions. */
let started: readonly string[][];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-audit-'));
  started = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const files = (all: Readonly<Record<string, string>>) => {
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
};
const REPORTS = '.slipway/reports/web/audit';
const run = (kind: 'npm' | 'python', answer: Partial<RunResult> | RunError, env = {}) => {
  const world = createTestWorld({
    root,
    env,
    run: (argv) => {
      if (argv.includes('--version')) return Promise.resolve({ exitCode: 0, stdout: 'tool 1.2.3\n', stderr: '' });
      started = [...started, [...argv]];
      return answer instanceof RunError
        ? Promise.reject(answer)
        : Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...answer });
    },
  });
  return runAudit(
    { world, project: 'web', reports: REPORTS, config: schema.parse({}), images: {}, blank: () => null },
    kind,
  );
};
const report = (name: string) => JSON.parse(readFileSync(join(root, REPORTS, name), 'utf8')) as object;
const NPM = { 'web/package.json': '{"name":"@acme/web"}', 'package-lock.json': '{}' };
const missing = new RunError('notFound', [], 'it is not installed or not on the PATH');

describe('npm audit', () => {
  it('asks about a member of the workspace whose lock file it finds above, without what development needs', async () => {
    files(NPM);
    await run('npm', { exitCode: 1, stdout: '{"metadata":{"vulnerabilities":{"high":1,"total":1}}}' });
    expect(started[0]?.slice(0, 2)).toEqual(['npm', 'audit']);
    expect(started[0]).toEqual(expect.arrayContaining(['--json', '--omit=dev', '--workspace=@acme/web']));
    expect(report('npm-audit.json')).toEqual({
      slipway: {
        measuredAt: '1970-01-01T00:00:00.000Z',
        validUntil: '1970-01-02T00:00:00.000Z',
        tool: 'npm audit',
        toolVersion: 'tool 1.2.3',
      },
      metadata: { vulnerabilities: { high: 1, total: 1 } },
    });
  });

  it('leaves what a registry says instead of an answer, so that the gate can tell it', async () => {
    files(NPM);
    const [left] = await run('npm', { exitCode: 1, stdout: '{"message":"405 Method Not Allowed","statusCode":405}' });
    expect(left?.summary).toBe('npm audit: it could not audit, and says why in its report');
    expect(report('npm-audit.json')).toMatchObject({ statusCode: 405 });
  });

  it("asks pnpm where the lock file is pnpm's", async () => {
    files({ 'web/package.json': '{}', 'pnpm-lock.yaml': '' });
    await run('npm', { stdout: '{}' });
    expect(started).toEqual([['pnpm', 'audit', '--json', '--prod']]);
  });

  it.each([
    ['no lock file', { 'web/package.json': '{}' }, { stdout: '{}' }, /no package-lock\.json/, /--package-lock-only/],
    ["only Yarn's", { 'web/package.json': '{}', 'yarn.lock': '' }, {}, /no package-lock\.json/, /"producers"/],
    ['a member without a name', { ...NPM, 'web/package.json': '{}' }, {}, /has no name/, /give it a name/],
    ['no npm', NPM, missing, /not installed/, /install npm/],
    [
      'no JSON',
      NPM,
      { exitCode: 1, stderr: 'npm error\nit broke' },
      /gave no report \(exit 1\): it broke/,
      /npm audit/,
    ],
    ['no answer in time', NPM, new RunError('timedOut', [], 'npm took too long'), /no answer in time/, /"timeout"/],
  ])(
    'fails with what to do where there is %s, and leaves no earlier report',
    async (_what, all, answer, reason, remedy) => {
      files({ ...all, [`${REPORTS}/npm-audit.json`]: '{"old":true}' });
      await expect(run('npm', answer)).rejects.toMatchObject({
        message: expect.stringMatching(reason),
        remedy: expect.stringMatching(remedy),
      });
      expect(() => report('npm-audit.json')).toThrow('ENOENT');
    },
  );
});

describe('pip-audit', () => {
  const answer = {
    exitCode: 1,
    stdout: '{"dependencies":[{"name":"a","vulns":[{"id":"X"}]},{"name":"b","skip_reason":"?"}]}',
  };

  it("takes the program of the project's Python, and the OSV service that is named", async () => {
    files({ 'web/requirements.txt': '', '.venv/bin/pip-audit': '' });
    const [left] = await run('python', answer, { SLIPWAY_OSV_URL: 'http://osv.test/v1/query' });
    expect(left?.summary).toBe('pip-audit: 1 known vulnerability in 2 packages, 1 could not be audited');
    expect(started[0]?.[0]).toBe(join(root, '.venv/bin/pip-audit'));
    expect(started[0]?.slice(-6)).toEqual([
      ...['--vulnerability-service', 'osv', '--osv-url', 'http://osv.test/v1/query'],
      ...['--requirement', 'requirements.txt'],
    ]);
    expect(report('pip-audit.json')).toMatchObject({ slipway: { tool: 'pip-audit', database: 'OSV at osv.test' } });
  });

  it.each([
    [{ 'web/requirements/base.txt': '', 'web/requirements/dev.txt': '' }, ['--requirement', 'requirements/base.txt']],
    [{ 'web/pyproject.toml': '[project]\nname = "web"\n' }, ['.']],
  ])('goes by %j', async (all, source) => {
    files(all);
    await run('python', answer);
    expect(started[0]?.slice(-source.length)).toEqual(source);
  });

  it('fails with how to install it, and where there is nothing to go by', async () => {
    await expect(run('python', answer)).rejects.toThrow('web has no requirements.txt');
    files({ 'web/requirements.txt': '' });
    await expect(run('python', missing)).rejects.toMatchObject({
      remedy: expect.stringContaining('pip install pip-audit'),
    });
  });
});
