import { z } from 'zod';
import { fromEpoch } from './epoch';
import { firstLine, locate } from './failure-text';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { MAX_FAILURES, ReportError, type TestFailure, type TestReport } from './report';

const count = z.number().int().min(0);
const STATUSES = ['passed', 'failed', 'skipped', 'pending', 'other'] as const;

const shape = z.object({
  reportFormat: z.literal('CTRF').optional(),
  specVersion: z.string().optional(),
  results: z.object({
    tool: z.object({ name: z.string().min(1), version: z.unknown().optional() }),
    summary: z.object({
      tests: count,
      passed: count,
      failed: count,
      // Writers leave out what there is none of; the list is held against it all the same.
      skipped: count.default(0),
      pending: count.default(0),
      other: count.default(0),
      stop: z.unknown().optional(),
    }),
    tests: z.array(
      z.object({
        name: z.string(),
        status: z.enum(STATUSES),
        rawStatus: z.string().nullish(),
        duration: z.number().nullish(),
        suite: z.union([z.string(), z.array(z.string())]).nullish(),
        message: z.string().nullish(),
        trace: z.string().nullish(),
        filePath: z.string().nullish(),
        line: z.number().nullish(),
      }),
    ),
  }),
});
type Test = z.output<typeof shape>['results']['tests'][number];

/** Common Test Report Format (CTRF), which reporters for most test runners write. */
export const ctrf: ReportReader<'ctrf'> = {
  format: 'ctrf',
  kind: 'tests',
  title: 'CTRF',
  recognises: (input) => {
    if (input.syntax !== 'json' || !isRecord(input.value)) return false;
    const { reportFormat, results } = input.value;
    return reportFormat === 'CTRF' || (isRecord(results) && 'tool' in results && 'summary' in results);
  },
  read: readCtrf,
};

function readCtrf(input: ReportInput): TestReport {
  const { results, specVersion } = parseShape(shape, input.syntax === 'json' ? input.value : null, 'CTRF');
  if (specVersion !== undefined && !/^[01]\.\d{1,6}\.\d{1,6}/.test(specVersion))
    throw new ReportError(
      'unknownVersion',
      `is CTRF of version ${JSON.stringify(specVersion.slice(0, 40))}; 0 and 1 are known`,
    );
  const { summary, tests, tool } = results;
  if (summary.tests !== tests.length)
    throw new ReportError('contradictory', `claims ${summary.tests} tests but lists ${tests.length}`);
  const listed = (status: (typeof STATUSES)[number]): number => tests.filter((test) => test.status === status).length;
  for (const status of STATUSES) {
    if (summary[status] !== listed(status))
      throw new ReportError('contradictory', `claims ${summary[status]} ${status} tests but lists ${listed(status)}`);
  }
  const durations = tests.flatMap(({ duration }) => (typeof duration === 'number' && duration >= 0 ? [duration] : []));
  return {
    kind: 'tests',
    total: tests.length,
    passed: listed('passed'),
    failed: listed('failed'),
    // An outcome that CTRF has no word for is no pass.
    errored: listed('other'),
    skipped: listed('skipped') + listed('pending'),
    failures: tests
      .filter(({ status }) => status === 'failed' || status === 'other')
      .slice(0, MAX_FAILURES)
      .map(failureOf),
    durationMs: durations.length === 0 ? null : Math.round(durations.reduce((a, b) => a + b, 0)),
    origin: originOf({
      measuredAt: fromEpoch(summary.stop, 'milliseconds'),
      tool: tool.name,
      toolVersion: typeof tool.version === 'string' ? tool.version : null,
    }),
  };
}

function failureOf(test: Test): TestFailure {
  const place = locate(test.trace ?? '');
  const suite = typeof test.suite === 'string' ? [test.suite] : (test.suite ?? []);
  const raw = test.rawStatus ? `ended as "${firstLine(test.rawStatus)}"` : '';
  return {
    name: [...suite, test.name].join(' › ').slice(0, 300) || 'a test without a name',
    file: test.filePath ?? place?.file ?? null,
    line:
      typeof test.line === 'number' && Number.isInteger(test.line) && test.line > 0 ? test.line : (place?.line ?? null),
    message: firstLine(test.message ?? '') || firstLine(test.trace ?? '') || raw || 'no message',
  };
}
