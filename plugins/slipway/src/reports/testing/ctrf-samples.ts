import type { ReportSample } from './sample';

const STATUSES = ['passed', 'failed', 'skipped', 'pending', 'other'] as const;
type Status = (typeof STATUSES)[number];

const test = (name: string, status: Status): string =>
  JSON.stringify({
    name,
    status,
    duration: 12,
    suite: ['tickets'],
    ...(status === 'failed' || status === 'other'
      ? { message: 'expected 200, got 500', filePath: 'src/a.test.ts', line: 9 }
      : {}),
  });

function ctrf(tests: readonly string[]): string {
  const counts = STATUSES.map(
    (status) => `"${status}":${tests.filter((one) => one.includes(`"status":"${status}"`)).length}`,
  );
  return `{"reportFormat":"CTRF","specVersion":"0.0.0","results":{"tool":{"name":"vitest","version":"4.0.1"},"summary":{"tests":${tests.length},${counts.join(',')},"start":1793000000000,"stop":1793000001000},"tests":[${tests.join(',')}]}}`;
}

const BROKEN = [test('opens', 'failed'), test('assigns', 'other'), test('merges', 'failed')] as const;

export const ctrfSamples: readonly ReportSample[] = [
  {
    format: 'ctrf',
    check: 'tests',
    verdict: 'pass',
    content: ctrf([
      test('lists', 'passed'),
      test('finds', 'passed'),
      test('prints', 'skipped'),
      test('sorts', 'pending'),
    ]),
    claims: ['"tests":4', '"passed":2', '"failed":0', '"other":0'],
    parts: [`${test('lists', 'passed')},`, `,${test('sorts', 'pending')}`],
  },
  {
    format: 'ctrf',
    check: 'tests',
    verdict: 'fail',
    content: ctrf([test('lists', 'passed'), BROKEN[0], BROKEN[1], test('finds', 'passed'), BROKEN[2]]),
    evidence: BROKEN,
    claims: ['"tests":5', '"failed":2', '"other":1'],
    parts: BROKEN.map((one) => `,${one}`),
  },
];
