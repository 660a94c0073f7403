import type { ReportSample } from './sample';

function junit(suites: readonly (readonly string[])[]): string {
  const all = suites.flat();
  const count = (mark: string, cases: readonly string[]): number => cases.filter((test) => test.includes(mark)).length;
  const header = (cases: readonly string[]): string =>
    `tests="${cases.length}" failures="${count('<failure', cases)}" errors="${count('<error', cases)}" skipped="${count('<skipped', cases)}"`;
  const bodies = suites.map(
    (cases, index) =>
      `  <testsuite name="suite ${index}" ${header(cases)} time="0.5" timestamp="2026-11-01T10:00:00">\n${cases.join('\n')}\n  </testsuite>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="all" ${header(all)}>\n${bodies.join('\n')}\n</testsuites>\n`;
}

const passed = (name: string): string => `    <testcase classname="tickets.api" name="${name}" time="0.01"/>`;
const skipped = (name: string): string =>
  `    <testcase classname="tickets.api" name="${name}"><skipped message="later"/></testcase>`;
const failed = (name: string): string =>
  `    <testcase classname="tickets.api" name="${name}"><failure message="expected 200, got 500">at tickets/api.py:7: AssertionError</failure></testcase>`;
const errored = (name: string): string =>
  `    <testcase classname="tickets.api" name="${name}"><error type="KeyError"><![CDATA[no such key <id>]]></error></testcase>`;

export const junitSamples: readonly ReportSample[] = [
  {
    format: 'junit',
    check: 'tests',
    verdict: 'pass',
    content: junit([
      [passed('lists'), passed('opens'), skipped('exports')],
      [passed('closes'), passed('assigns')],
    ]),
    claims: ['<testsuites name="all" tests="5"', 'name="suite 0" tests="3"', 'name="suite 1" tests="2"'],
    parts: [passed('lists'), passed('assigns'), skipped('exports')],
  },
  {
    format: 'junit',
    check: 'tests',
    verdict: 'fail',
    content: junit([
      [passed('lists'), failed('opens'), passed('finds')],
      [passed('closes'), errored('assigns')],
      [failed('merges')],
    ]),
    evidence: [failed('opens'), errored('assigns'), failed('merges')],
    claims: ['<testsuites name="all" tests="6" failures="2', 'name="suite 2" tests="1'],
    parts: [failed('opens'), failed('merges')],
  },
];
