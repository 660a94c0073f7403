import { z } from 'zod';
import { CoverageBuilder } from './coverage-builder';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { ReportError, type CoverageReport } from './report';

const hits = z.number().int().min(0);
const fileShape = z.object({
  path: z.string().min(1),
  statementMap: z.record(z.string(), z.object({ start: z.object({ line: z.number().int().min(0).max(9_999_999) }) })),
  s: z.record(z.string(), hits),
  b: z.record(z.string(), z.array(hits)).default({}),
});

/** Istanbul's `coverage-final.json`, as Jest, nyc, c8 and Vitest write it. */
export const istanbul: ReportReader<'istanbul'> = {
  format: 'istanbul',
  kind: 'coverage',
  title: 'Istanbul JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    Object.values(input.value).some((file) => isRecord(file) && 'statementMap' in file && 's' in file),
  read: readIstanbul,
};

/** Lines are counted as Istanbul does: those on which a statement begins, covered when any of them ran. */
function readIstanbul(input: ReportInput): CoverageReport {
  if (input.syntax !== 'json' || !isRecord(input.value)) throw new ReportError('unsupported', 'not Istanbul JSON');
  const report = new CoverageBuilder();
  for (const [key, value] of Object.entries(input.value)) {
    const parsed = parseShape(fileShape, value, `Istanbul's JSON in ${JSON.stringify(key.slice(0, 200))}`);
    const statements = Object.entries(parsed.statementMap);
    if (statements.length !== Object.keys(parsed.s).length) {
      throw new ReportError(
        'contradictory',
        `${parsed.path} lists ${statements.length} statements but counts ${Object.keys(parsed.s).length}`,
      );
    }
    const file = report.file(parsed.path);
    for (const [id, statement] of statements) {
      const count = parsed.s[id];
      if (count === undefined)
        throw new ReportError('contradictory', `${parsed.path} has no count for statement ${id.slice(0, 40)}`);
      file.line(statement.start.line, count > 0);
    }
    for (const [id, arms] of Object.entries(parsed.b)) {
      file.branch(id, { covered: arms.filter((count) => count > 0).length, total: arms.length });
    }
  }
  return report.build({ branches: true });
}
