import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BIG_REPORTS, writeBigReport } from '../lib/big-report.mjs';
import { sampleOf } from '../lib/measure.mjs';
import { ProgramFailed, run as runProgram } from '../lib/run.mjs';
import { duration, table } from '../lib/table.mjs';
import { ensureBuilt, repository } from '../lib/workspace.mjs';

const SECONDS = 5;
const MEGABYTES = 512;

export const summary = 'reading large reports of every kind, valid and hostile ones: the slowest and the largest';

export const options = {
  megabytes: { default: 100, text: 'size of each file; 100 is what is read at most' },
  rounds: { default: 1, text: 'how often each is read; the slowest counts' },
  timeout: { default: 60, text: 'seconds after which a reading is ended' },
  only: { default: '', text: 'only the ones whose name holds this' },
};

export const goals = {
  secondsOverLimit: { what: `the slowest reading to ${SECONDS} s`, atMost: 1 },
  memoryOverLimit: { what: `the largest process to ${MEGABYTES} MB`, atMost: 1 },
};

export async function run({ options: { megabytes, rounds, timeout, only, plugin, build }, scratch, progress, say }) {
  const { signal } = scratch;
  if (build) progress.show('Building the plugin');
  await ensureBuilt({ plugin, build, signal });
  const folder = scratch.folder('reports');
  // Some bytes less than the cap, which would refuse the file unread.
  const bytes = megabytes * 1024 * 1024 - 4_096;
  const read = [];
  const chosen = BIG_REPORTS.filter(({ name }) => name.includes(only));
  for (const [index, report] of chosen.entries()) {
    progress.show('Reading', `${index + 1}/${chosen.length} ${report.name}`);
    const file = join(folder, 'report');
    writeBigReport(report, file, bytes);
    const all = [];
    for (let round = 0; round < rounds; round += 1) {
      const request = JSON.stringify({ file, dist: join(plugin, 'dist') });
      const argv = [process.execPath, join(repository, 'tools/bench/children/read-report.mjs'), request];
      const ran = await runProgram(argv, { cwd: folder, signal, timeout: timeout * 1_000 });
      if (ran.code !== 0 && !ran.timedOut)
        throw new ProgramFailed(`reading "${report.name}" ended with ${ran.code}:\n${ran.stderr.slice(-2_000)}`);
      all.push(
        ran.timedOut
          ? { milliseconds: timeout * 1_000, megabytes: 0, outcome: 'not finished', message: '' }
          : JSON.parse(ran.stdout),
      );
    }
    const slowest = all.reduce((a, b) => (a.milliseconds >= b.milliseconds ? a : b));
    const largest = Math.max(...all.map((one) => one.megabytes));
    const { size } = statSync(file);
    rmSync(file);
    read.push({ ...report, ...slowest, megabytes: largest, size, times: all.map((one) => one.milliseconds) });
  }
  say(
    table(
      ['Report', 'Size', 'Time', 'Memory', 'Outcome'],
      read.map((one) => [
        `${one.valid ? '' : 'hostile: '}${one.name}`,
        `${Math.round(one.size / 1024 / 1024)} MB`,
        duration(one.milliseconds),
        `${Math.round(one.megabytes)} MB`,
        one.outcome,
      ]),
    ),
  );
  const wrong = read.filter(
    ({ valid, outcome }) => outcome === 'crash' || (valid && !outcome.startsWith('read as') && outcome !== 'tooLarge'),
  );
  if (wrong.length > 0)
    throw new ProgramFailed(wrong.map(({ name, outcome, message }) => `${name}: ${outcome}: ${message}`).join('\n'));
  return {
    ratios: {
      secondsOverLimit: Math.max(...read.map((one) => one.milliseconds)) / (SECONDS * 1_000),
      memoryOverLimit: Math.max(...read.map((one) => one.megabytes)) / MEGABYTES,
    },
    sizes: { megabytes, reports: read.length },
    milliseconds: Object.fromEntries(read.map((one) => [one.name, sampleOf(one.times)])),
    megabytes: Object.fromEntries(read.map((one) => [one.name, Math.round(one.megabytes)])),
    outcomes: Object.fromEntries(read.map((one) => [one.name, one.outcome])),
  };
}
