import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addToStepSummary } from './step-summary';

const MEBIBYTE = 1024 * 1024;
let folder: string;
let file: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-summary-'));
  file = join(folder, 'summary.md');
  warnings = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const add = (markdown: string, path: string | undefined = file): Promise<void> =>
  addToStepSummary(
    { env: { GITHUB_STEP_SUMMARY: path }, log: { info: () => undefined, warn: (line) => void warnings.push(line) } },
    markdown,
  );

describe("a job's summary", () => {
  it('holds one project after the other', async () => {
    await add('### api');
    await add('### web');
    expect(readFileSync(file, 'utf8')).toBe('### api\n### web\n');
  });

  it('never grows to the size from which it is not shown, whatever stood there before', async () => {
    writeFileSync(file, 'x'.repeat(MEBIBYTE - 100 * 1024));
    for (let project = 0; project < 20; project += 1) await add(`${'a line of a summary\n'.repeat(1_000)}`);
    expect(statSync(file).size).toBeLessThan(MEBIBYTE);
    expect(readFileSync(file, 'utf8')).toContain('The summary was cut here');
  });

  it('decides nothing where it can not be written', async () => {
    await add('### api', join(folder, 'gone', 'summary.md'));
    expect(warnings).toEqual([expect.stringMatching(/^The summary could not be added to /)]);
    await addToStepSummary({ env: {}, log: { info: () => undefined, warn: () => undefined } }, '### api');
  });
});
