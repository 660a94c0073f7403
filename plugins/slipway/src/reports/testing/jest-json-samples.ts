import type { ReportSample } from './sample';

type Status = 'passed' | 'failed' | 'pending' | 'todo';

const test = (name: string, status: Status): string =>
  JSON.stringify({
    ancestorTitles: ['tickets'],
    duration: 4,
    failureMessages:
      status === 'failed' ? ['Error: expected 200\n    at Object.<anonymous> (/w/src/a.test.ts:9:3)'] : [],
    fullName: `tickets ${name}`,
    location: null,
    status,
    title: name,
  });

function suite(name: string, tests: readonly string[]): string {
  const status = tests.some((one) => one.includes('"status":"failed"')) ? 'failed' : 'passed';
  return `{"assertionResults":[${tests.join(',')}],"endTime":1793000001000,"message":"","name":"/w/src/${name}.test.ts","startTime":1793000000000,"status":"${status}","summary":""}`;
}

function jest(suites: readonly string[]): string {
  const all = suites.join('');
  const count = (status: Status): number => all.split(`"status":"${status}","title"`).length - 1;
  const total = count('passed') + count('failed') + count('pending') + count('todo');
  return `{"numFailedTests":${count('failed')},"numPassedTests":${count('passed')},"numPendingTests":${count('pending')},"numRuntimeErrorTestSuites":0,"numTodoTests":${count('todo')},"numTotalTests":${total},"openHandles":[],"startTime":1793000000000,"success":${count('failed') === 0},"testResults":[${suites.join(',')}],"wasInterrupted":false}`;
}

const BROKEN = [test('opens', 'failed'), test('assigns', 'failed')];

export const jestJsonSamples: readonly ReportSample[] = [
  {
    format: 'jest-json',
    check: 'tests',
    verdict: 'pass',
    content: jest([
      suite('list', [test('lists', 'passed'), test('finds', 'passed'), test('sorts', 'todo')]),
      suite('detail', [test('opens', 'passed'), test('prints', 'pending')]),
    ]),
    claims: ['"numTotalTests":5', '"numPassedTests":3', '"numFailedTests":0'],
    parts: [`${test('lists', 'passed')},`, `,${test('prints', 'pending')}`],
  },
  {
    format: 'jest-json',
    check: 'tests',
    verdict: 'fail',
    content: jest([
      suite('list', [test('lists', 'passed'), BROKEN[0] ?? '']),
      suite('detail', [test('prints', 'passed'), test('closes', 'passed'), BROKEN[1] ?? '']),
    ]),
    evidence: BROKEN,
    claims: ['"numFailedTests":2', '"numTotalTests":5'],
    parts: BROKEN.map((one) => `,${one}`),
  },
];
