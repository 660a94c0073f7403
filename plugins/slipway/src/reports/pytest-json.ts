import { z } from 'zod';
import { fromEpoch } from './epoch';
import { firstLine, locate } from './failure-text';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { MAX_FAILURES, ReportError, type TestFailure, type TestReport } from './report';

const count = z.number().int().min(0);
const OUTCOMES = ['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed', 'rerun'] as const;
type Outcome = (typeof OUTCOMES)[number];

const stage = z.object({
  outcome: z.enum(['passed', 'failed', 'skipped', 'rerun']),
  duration: z.number().min(0).optional(),
  crash: z.object({ path: z.string(), lineno: z.number().int(), message: z.string() }).optional(),
  longrepr: z.string().optional(),
});
const shape = z.object({
  created: z.unknown().optional(),
  exitcode: z.number().int(),
  summary: z.record(z.string(), z.unknown()),
  environment: z.unknown().optional(),
  collectors: z
    .array(z.object({ nodeid: z.string(), outcome: z.string(), longrepr: z.string().optional() }))
    .default([]),
  tests: z.array(
    z.object({
      nodeid: z.string().min(1),
      outcome: z.enum(OUTCOMES),
      setup: stage.optional(),
      call: stage.optional(),
      teardown: stage.optional(),
    }),
  ),
});
type PytestJson = z.output<typeof shape>;
type Test = PytestJson['tests'][number];

/** What the plugin pytest-json-report writes. */
export const pytestJson: ReportReader<'pytest-json'> = {
  format: 'pytest-json',
  kind: 'tests',
  title: 'pytest JSON',
  recognises: (input) =>
    input.syntax === 'json' && isRecord(input.value) && 'exitcode' in input.value && 'summary' in input.value,
  read: readPytestJson,
};

function readPytestJson(input: ReportInput): TestReport {
  if (input.syntax !== 'json' || !isRecord(input.value)) throw new ReportError('unsupported', 'not pytest JSON');
  if (!('tests' in input.value)) {
    throw new ReportError(
      'truncated',
      'holds the summary only; leave out --json-report-summary, so that it lists tests',
    );
  }
  const json = parseShape(shape, input.value, "pytest's JSON");
  const outcomes = json.tests.map(outcomeOf);
  checkSummary(json, outcomes);
  const failedTests = json.tests.filter((_, index) => outcomes[index] === 'failed' || outcomes[index] === 'errored');
  const broken = json.collectors.filter(({ outcome }) => outcome === 'failed');
  const unknown = json.collectors.find(({ outcome }) => !['passed', 'skipped', 'failed'].includes(outcome));
  if (unknown) throw new ReportError('malformed', `has a collector with the outcome "${unknown.outcome.slice(0, 40)}"`);
  const runFailed = checkExit(json, failedTests.length + broken.length);
  const of = (outcome: Judged): number => outcomes.filter((one) => one === outcome).length;
  const errored = of('errored') + broken.length + (runFailed ? 1 : 0);
  const failures: TestFailure[] = [
    ...failedTests.slice(0, MAX_FAILURES).map(failureOf),
    ...broken.slice(0, MAX_FAILURES).map(({ nodeid, longrepr = '' }) => ({
      name: 'the collection of tests',
      file: nodeid || null,
      line: locate(longrepr)?.line ?? null,
      message: lastLine(longrepr) || 'could not be collected',
    })),
    ...(runFailed
      ? [
          {
            name: 'the test run',
            file: null,
            line: null,
            message: 'pytest reports a failed run although no test failed',
          },
        ]
      : []),
  ];
  return {
    kind: 'tests',
    total: outcomes.length + broken.length + (runFailed ? 1 : 0),
    passed: of('passed'),
    failed: of('failed'),
    errored,
    skipped: of('skipped'),
    failures: failures.slice(0, MAX_FAILURES),
    durationMs: durationOf(json.tests),
    origin: originOf({
      measuredAt: fromEpoch(json.created, 'seconds'),
      tool: 'pytest',
      toolVersion: pytestVersion(json.environment),
    }),
  };
}

type Judged = 'passed' | 'failed' | 'errored' | 'skipped';
const JUDGED: Readonly<Record<Outcome, Judged>> = {
  passed: 'passed',
  xpassed: 'passed',
  // Only in its end known by its stages: a test that was run again.
  rerun: 'passed',
  failed: 'failed',
  error: 'errored',
  skipped: 'skipped',
  // An expected failure says as little as a skipped test.
  xfailed: 'skipped',
};

/** A test's outcome, which its stages must bear out. */
function outcomeOf(test: Test): Judged {
  const { nodeid, outcome, setup, call, teardown } = test;
  const judged = JUDGED[outcome];
  const stages = [setup, call, teardown].flatMap((one) => (one === undefined ? [] : [one.outcome]));
  const name = nodeid.slice(0, 200);
  if (judged !== 'failed' && judged !== 'errored' && stages.includes('failed'))
    throw new ReportError('contradictory', `calls ${name} ${outcome} although a stage of it failed`);
  // A list of outcomes alone is believed; but where stages are told, the test itself must be among them.
  if (judged === 'passed' && call?.outcome !== 'passed' && (stages.length > 0 || outcome === 'rerun'))
    throw new ReportError('contradictory', `calls ${name} ${outcome} although it was not seen to pass`);
  return judged;
}

/** The summary's counts by outcome, and of collected tests, must be those of the list. */
function checkSummary({ summary, tests, exitcode }: PytestJson, outcomes: readonly Judged[]): void {
  const claimed = (key: string): number => {
    const value = summary[key] ?? 0;
    if (!count.safeParse(value).success) throw new ReportError('malformed', `its summary's ${key} is not a count`);
    return value as number;
  };
  if (claimed('total') !== outcomes.length)
    throw new ReportError('contradictory', `claims ${claimed('total')} tests but lists ${outcomes.length}`);
  for (const outcome of OUTCOMES) {
    const listed = tests.filter((test) => test.outcome === outcome).length;
    if (claimed(outcome) !== listed)
      throw new ReportError('contradictory', `claims ${claimed(outcome)} ${outcome} tests but lists ${listed}`);
  }
  const expected = claimed('collected') - claimed('deselected');
  // With --exitfirst fewer run, but then one of them failed.
  if (exitcode === 0 && outcomes.length < expected)
    throw new ReportError('truncated', `collected ${expected} tests but lists ${outcomes.length}`);
}

/** pytest's exit code: 0 passed, 1 failed, 2 interrupted, 3 internal error, 4 usage error, 5 no tests. @returns whether the run failed beside its tests */
function checkExit({ exitcode, tests }: PytestJson, failures: number): boolean {
  if (exitcode === 0 && failures > 0)
    throw new ReportError('contradictory', `claims exit code 0 with ${failures} failed tests or collectors`);
  if (exitcode === 5 && tests.length === 0 && failures === 0) return false;
  if ((exitcode === 0 && tests.length > 0) || failures > 0) return false;
  if (exitcode === 1) return true;
  if (exitcode === 0) throw new ReportError('empty', 'lists no tests');
  const why =
    exitcode === 2
      ? 'was interrupted'
      : exitcode === 3
        ? 'broke by an internal error'
        : `ended with exit code ${exitcode}`;
  throw new ReportError('truncated', `the run ${why}`);
}

function failureOf({ nodeid, setup, call, teardown }: Test): TestFailure {
  const stages = [call, setup, teardown].flatMap((one) => (one === undefined ? [] : [one]));
  const stage = stages.find(({ outcome }) => outcome === 'failed');
  const place = locate(stage?.longrepr ?? '');
  const crash = stage?.crash;
  return {
    name: nodeid.slice(0, 300),
    // The trace names the test's file as pytest does; a crash may be deep inside a dependency.
    file: place?.file ?? crash?.path ?? nodeid.split('::', 1)[0] ?? null,
    line: place?.line ?? (crash !== undefined && crash.lineno > 0 ? crash.lineno : null),
    message: firstLine(crash?.message ?? '') || lastLine(stage?.longrepr ?? '') || 'no message',
  };
}

/** pytest ends a trace with what went wrong. */
function lastLine(text: string): string {
  return firstLine(
    text
      .slice(-4_096)
      .split('\n')
      .findLast((line) => line.trim() !== '') ?? '',
  );
}

function durationOf(tests: readonly Test[]): number | null {
  let seconds: number | null = null;
  for (const { setup, call, teardown } of tests) {
    for (const one of [setup, call, teardown]) {
      if (one?.duration !== undefined) seconds = (seconds ?? 0) + one.duration;
    }
  }
  return seconds === null ? null : Math.round(seconds * 1000);
}

function pytestVersion(environment: unknown): string | null {
  const packages = isRecord(environment) ? environment['Packages'] : undefined;
  const version = isRecord(packages) ? packages['pytest'] : undefined;
  return typeof version === 'string' ? version : null;
}
