import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BIG_REPORTS } from './testing/big-reports';

const CHILD = resolve(__dirname, '../../../../tools/bench/children/read-report.mjs');
const BYTES = 24 * 1024 * 1024;

/** Reads a file in a process whose memory is limited. */
function outcome(file: string): string {
  const text = execFileSync(process.execPath, ['--max-old-space-size=512', CHILD, JSON.stringify({ file })], {
    encoding: 'utf8',
  });
  return (JSON.parse(text) as { readonly outcome: string }).outcome;
}

describe('large hostile reports, in a process that may take half a gigabyte', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-limits-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(BIG_REPORTS.filter(({ valid }) => !valid).map((report) => [report.name, report] as const))(
    '%s: read or refused, and no crash',
    (_name, report) => {
      const file = join(folder, 'report');
      writeFileSync(file, [...report.pieces(BYTES)].join(''));
      expect(outcome(file)).toMatch(
        /^(read as (junit|lcov|cobertura)|empty|truncated|malformed|contradictory|unsupported|unknownVersion|hostile|tooLarge)$/,
      );
    },
  );
});
