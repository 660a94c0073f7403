import { fromEpoch } from './epoch';
import { clip, firstLine, locate } from './failure-text';
import type { ReportInput, ReportReader } from './input';
import { checkHeader, emptyTally, readHeader, type Header, type Tally } from './junit-counts';
import { parseCount, parseSeconds } from './numbers';
import { originOf } from './origin';
import { MAX_FAILURES, ReportError, type TestFailure, type TestReport } from './report';
import { walkXml, type Attributes } from './xml';

type Mark = 'failure' | 'error' | 'skipped';

interface Suite {
  readonly type: 'suite';
  readonly label: string;
  readonly header: Header;
  /** A `testsuites` element: its header can only be about everything below. */
  readonly outermost: boolean;
  readonly direct: Tally;
  readonly all: Tally;
}
interface Case {
  readonly type: 'case';
  readonly attributes: Attributes;
  readonly marks: { readonly mark: Mark; readonly message: string | undefined; text: string }[];
}
interface Other {
  readonly type: 'other';
}
interface Text {
  readonly type: 'text';
  readonly pieces: string[];
  readonly into: { text: string };
}
type Frame = Suite | Case | Text | Other;

/** Elements beside outcomes that writers put into suites and cases. Anything else could be an outcome unknown here, so it is refused. */
const HARMLESS = new Set([
  'properties',
  'property',
  'system-out',
  'system-err',
  'rerunFailure',
  'rerunError',
  'flakyFailure',
  'flakyError',
  'attachments',
]);
const FAILED_STATUS = new Set(['failed', 'failure', 'fail', 'error', 'errored', 'broken']);
const SKIPPED_STATUS = new Set(['skipped', 'notrun', 'disabled', 'suppressed', 'ignored', 'pending']);

/** JUnit XML as pytest, jest-junit, Surefire and their kin write it, with nested suites. */
export const junit: ReportReader<'junit'> = {
  format: 'junit',
  kind: 'tests',
  title: 'JUnit XML',
  recognises: (input) => input.syntax === 'xml' && (input.root === 'testsuites' || input.root === 'testsuite'),
  read: readJunit,
};

function readJunit(input: ReportInput): TestReport {
  if (input.syntax !== 'xml') throw new ReportError('unsupported', 'not XML');
  const stack: Frame[] = [];
  const failures: TestFailure[] = [];
  const total = emptyTally();
  let seconds: number | null = null;
  let suiteErrors = 0;
  let earliest = Infinity;

  const closeCase = (test: Case, suite: Suite): void => {
    const outcome = outcomeOf(test);
    for (const tally of [suite.direct, suite.all]) count(tally, outcome, test);
    const time = parseSeconds(test.attributes['time']);
    if (time !== null) seconds = (seconds ?? 0) + time;
    if ((outcome === 'failed' || outcome === 'errored') && failures.length < MAX_FAILURES)
      failures.push(failureOf(test));
  };

  walkXml(input.text, {
    open(name, attributes) {
      const parent = stack.at(-1);
      if (parent === undefined || parent.type === 'suite') {
        if (name === 'testsuite' || (name === 'testsuites' && parent === undefined)) {
          earliest = Math.min(earliest, momentOf(attributes['timestamp']));
          const label =
            name === 'testsuites' ? 'the whole report' : `suite "${(attributes['name'] ?? '').slice(0, 80)}"`;
          stack.push({
            type: 'suite',
            label,
            header: readHeader(attributes, label),
            outermost: name === 'testsuites',
            direct: emptyTally(),
            all: emptyTally(),
          });
        } else if (parent !== undefined && name === 'testcase') {
          stack.push({ type: 'case', attributes, marks: [] });
        } else if (parent !== undefined && (name === 'error' || name === 'failure')) {
          suiteErrors += 1;
          if (name === 'error') parent.all.errorElements += 1;
          else parent.all.failureElements += 1;
          if (failures.length < MAX_FAILURES) {
            failures.push({
              name: parent.label,
              file: null,
              line: null,
              message: firstLine(attributes['message'] ?? 'the suite itself failed'),
            });
          }
          stack.push({ type: 'other' });
        } else if (HARMLESS.has(name)) stack.push({ type: 'other' });
        else
          throw new ReportError('malformed', `has an element <${name.slice(0, 80)}> whose meaning is not known here`);
        return;
      }
      if (parent.type === 'case') {
        if (name === 'failure' || name === 'error' || name === 'skipped') {
          const mark = { mark: name, message: attributes['message'], text: '' } as const;
          const into = { ...mark };
          parent.marks.push(into);
          stack.push({ type: 'text', pieces: [], into });
        } else if (HARMLESS.has(name)) stack.push({ type: 'other' });
        else
          throw new ReportError(
            'malformed',
            `has an element <${name.slice(0, 80)}> in a test case, whose meaning is not known here`,
          );
        return;
      }
      if (name === 'testcase' || name === 'testsuite')
        throw new ReportError('malformed', `has a <${name}> where none can be`);
      stack.push({ type: 'other' });
    },
    text(text) {
      const frame = stack.at(-1);
      if (frame?.type === 'text') frame.pieces.push(text);
    },
    close() {
      const frame = stack.pop();
      const parent = stack.at(-1);
      if (frame?.type === 'text') frame.into.text = clip(frame.pieces.join(''));
      else if (frame?.type === 'case' && parent?.type === 'suite') closeCase(frame, parent);
      else if (frame?.type === 'suite') {
        checkHeader(frame.header, frame.outermost ? [frame.all] : [frame.direct, frame.all], frame.label);
        add(parent?.type === 'suite' ? parent.all : total, frame.all);
      }
    },
  });
  const passed = total.cases - total.failed - total.errored - total.skipped;
  return {
    kind: 'tests',
    total: total.cases + suiteErrors,
    passed,
    failed: total.failed,
    errored: total.errored + suiteErrors,
    skipped: total.skipped,
    failures,
    durationMs: seconds === null ? null : Math.round(seconds * 1000),
    origin: originOf({ measuredAt: fromEpoch(earliest, 'milliseconds') }),
  };
}

/** Milliseconds since 1970; infinite where the zone is missing, as with many writers: then it could be any of 24 hours. */
function momentOf(timestamp: string | undefined): number {
  if (timestamp === undefined || !/^\d{4}-\d\d-\d\dT[\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)$/.test(timestamp))
    return Infinity;
  const moment = Date.parse(timestamp);
  return Number.isNaN(moment) ? Infinity : moment;
}

type CaseOutcome = 'passed' | 'failed' | 'errored' | 'skipped';

/** The worst mark decides. A status attribute alone (GoogleTest and others) decides where there is no mark. */
function outcomeOf(test: Case): CaseOutcome {
  const marks = test.marks.map(({ mark }) => mark);
  if (marks.includes('error')) return 'errored';
  if (marks.includes('failure')) return 'failed';
  const statuses = [test.attributes['status'], test.attributes['result']].map((status) => status?.toLowerCase() ?? '');
  if (statuses.some((status) => FAILED_STATUS.has(status))) return 'failed';
  if (marks.includes('skipped') || statuses.some((status) => SKIPPED_STATUS.has(status))) return 'skipped';
  return 'passed';
}

function count(tally: Tally, outcome: CaseOutcome, test: Case): void {
  tally.cases += 1;
  if (outcome !== 'passed') tally[outcome] += 1;
  for (const { mark } of test.marks) {
    if (mark === 'failure') tally.failureElements += 1;
    else if (mark === 'error') tally.errorElements += 1;
  }
}

function add(into: Tally, from: Tally): void {
  for (const key of Object.keys(into) as (keyof Tally)[]) into[key] += from[key];
}

function failureOf(test: Case): TestFailure {
  const { attributes } = test;
  const mark =
    test.marks.find(({ mark: kind }) => kind === 'error') ?? test.marks.find(({ mark: kind }) => kind === 'failure');
  const name = [attributes['classname'], attributes['name']]
    .filter((part) => part !== undefined && part !== '')
    .join(' › ');
  const place = locate(mark?.text ?? '');
  const line = attributes['line'];
  return {
    name: name.slice(0, 300) || 'a test without a name',
    file: place?.file ?? attributes['file'] ?? null,
    line: place?.line ?? (line !== undefined && /^\d+$/.test(line) ? parseCount(line, 'line') : null),
    message: firstLine(mark?.message ?? '') || firstLine(mark?.text ?? '') || 'no message',
  };
}
