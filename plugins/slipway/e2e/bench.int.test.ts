import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment } from './support/environment';
import { start, type Running } from './support/processes';

const BENCH = resolve(__dirname, '../../../tools/bench/bench.mjs');

interface Report {
  readonly date: string;
  readonly tools: Readonly<Record<string, string>>;
  readonly sizes: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures?: Readonly<Record<string, number>>;
  readonly milliseconds: Readonly<Record<string, { readonly median: number; readonly n: number }>>;
}

/** What they measure is for people to read; here they run as small as can be. Needs the built plugin. */
describe('npm run bench', () => {
  let folder: string;
  let temporary: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-bench-test-')));
    temporary = await mkdtemp(join(folder, 'tmp-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const bench = (...args: readonly string[]): Running =>
    start([process.execPath, BENCH, ...args], { cwd: folder, env: cleanEnvironment({ TMPDIR: temporary }) });
  /** Besides who wrote last to a ledger of this machine, which stays (`ledger/turns.ts`). */
  const left = async (): Promise<readonly string[]> =>
    (await readdir(temporary)).filter((name) => !/^slipway-\d+-[0-9a-f]+\.last$/.test(name));
  const report = async (name: string, ...args: readonly string[]): Promise<Report> => {
    const { code, output } = await bench(name, ...args, '--no-build', `--out=${folder}`).ended;
    expect([code, output]).toEqual([0, expect.stringMatching(/^Ratio +Value +Goal +Met +What$/m)]);
    expect(await left()).toEqual([]);
    return JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Report;
  };
  const allPositive = (numbers: readonly number[]): boolean =>
    numbers.length > 0 && numbers.every((number) => Number.isFinite(number) && number > 0);

  it('history compares git log, our pass, conventional-changelog-core and nx release', async () => {
    const rounds = ['--rounds=1', '--core-rounds=1', '--plan-rounds=1'];
    const { ratios, sizes, milliseconds, tools, date } = await report(
      'history',
      '--commits=80',
      '--projects=5',
      '--tags=12',
      ...rounds,
    );
    expect(Object.keys(ratios)).toEqual(
      expect.arrayContaining(['coldOverRaw', 'warmOverRaw', 'coreOverOurs', 'nxReleaseOverOurs']),
    );
    expect(allPositive(Object.values(ratios))).toBe(true);
    expect(allPositive(Object.values(milliseconds).map(({ median }) => median))).toBe(true);
    expect(sizes).toMatchObject({ commits: 80, projects: 5, tags: 12 });
    expect(tools).toMatchObject({ nx: '23.2.1', node: process.version });
    expect(Date.now() - Date.parse(date)).toBeLessThan(240_000);
  });

  it('gate compares cached gates with no-ops, and tells what judging and inferring cost', async () => {
    const { ratios, figures, sizes } = await report('gate', '--projects=4', '--rounds=1');
    expect(Object.keys(ratios)).toEqual(['warmOverNoop']);
    expect(Object.keys(figures ?? {})).toEqual(['coldMsPerProject', 'inferColdMs', 'inferWarmMs']);
    expect(allPositive([...Object.values(ratios), ...Object.values(figures ?? {})])).toBe(true);
    expect(sizes).toEqual({ projects: 4 });
  });

  it('bump compares ours with nx release version', async () => {
    const { ratios, sizes } = await report('bump', '--projects=4', '--rounds=1');
    expect(Object.keys(ratios)).toContain('nxReleaseOverOurs');
    expect(allPositive(Object.values(ratios))).toBe(true);
    expect(sizes).toMatchObject({ projects: 4 });
  });

  it('ledger compares events of many writers with plain commits and pushes', async () => {
    const { ratios, sizes, milliseconds } = await report('ledger', '--writers=2', '--events=2', '--rounds=1');
    expect(Object.keys(ratios)).toEqual(['writersOverLimit', 'oneWriterOverGit', 'writersOverGit']);
    expect(allPositive([...Object.values(ratios), ...Object.values(milliseconds).map(({ median }) => median)])).toBe(
      true,
    );
    expect(sizes).toMatchObject({ writers: 2, events: 2 });
  });

  it('leaves nothing behind when it is stopped', async () => {
    const { child, ended, output } = bench('history', '--commits=200000', '--no-build', `--out=${folder}`);
    while (!output().includes('Making the repository')) await new Promise((wake) => setTimeout(wake, 50));
    expect(await readdir(temporary)).toEqual([expect.stringMatching(/^slipway-bench-history-/)]);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(await readdir(temporary)).toEqual([]);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^tmp-/)]);
  });

  it.each([
    [['histroy'], /there is no bench "histroy"; there are bump, deploy, gate, history, ledger, reports/],
    [['history', '--commit=5'], /Unknown option '--commit'/],
    [['history', '--commits=many'], /--commits takes a whole number above zero, not "many"/],
  ])('refuses %j and says why', async (args, why) => {
    const { code, output } = await bench(...args).ended;
    expect([code, output]).toEqual([1, expect.stringMatching(why)]);
  });

  it('explains itself', async () => {
    const { code, output } = await bench('--help').ended;
    expect([code, output]).toEqual([0, expect.stringMatching(/^ {2}bump .*\n[^]*^ {2}history .*\n +--commits=50000/m)]);
  });
});
