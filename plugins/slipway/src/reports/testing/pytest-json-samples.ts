import type { ReportSample } from './sample';

const OK = '{"duration":0.001,"outcome":"passed"}';
const BAD =
  '{"duration":0.002,"outcome":"failed","crash":{"path":"/w/tickets/test_api.py","lineno":12,"message":"assert 500 == 200"},"longrepr":"E   assert 500 == 200\\n\\ntickets/test_api.py:12: AssertionError"}';
const GONE = '{"duration":0,"outcome":"skipped","longrepr":"later"}';

type Outcome = 'passed' | 'failed' | 'error' | 'skipped' | 'xfailed' | 'xpassed';
const STAGES: Readonly<Record<Outcome, string>> = {
  passed: `"setup":${OK},"call":${OK},"teardown":${OK}`,
  xpassed: `"setup":${OK},"call":${OK},"teardown":${OK}`,
  failed: `"setup":${OK},"call":${BAD},"teardown":${OK}`,
  error: `"setup":${BAD},"teardown":${OK}`,
  skipped: `"setup":${GONE},"teardown":${OK}`,
  xfailed: `"setup":${OK},"call":${GONE},"teardown":${OK}`,
};

const test = (name: string, outcome: Outcome): string =>
  `{"nodeid":"tickets/test_api.py::test_${name}","lineno":10,"outcome":"${outcome}","keywords":["test_${name}"],${STAGES[outcome]}}`;

function pytest(tests: readonly string[], exitcode: number): string {
  const count = (outcome: Outcome): number =>
    tests.filter((one) => one.includes(`"lineno":10,"outcome":"${outcome}"`)).length;
  const counts = (Object.keys(STAGES) as Outcome[])
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `"${outcome}":${count(outcome)}`);
  return `{"created":1793000000.25,"duration":0.5,"exitcode":${exitcode},"root":"/w","environment":{"Packages":{"pytest":"9.0.1"}},"summary":{${counts.join(',')},"total":${tests.length},"collected":${tests.length}},"collectors":[{"nodeid":"","outcome":"passed","result":[{"nodeid":"tickets","type":"Package"}]}],"tests":[${tests.join(',')}]}`;
}

const BROKEN = [test('opens', 'failed'), test('assigns', 'error'), test('merges', 'failed')] as const;

export const pytestJsonSamples: readonly ReportSample[] = [
  {
    format: 'pytest-json',
    check: 'tests',
    verdict: 'pass',
    content: pytest(
      [
        test('lists', 'passed'),
        test('finds', 'xfailed'),
        test('opens', 'passed'),
        test('prints', 'skipped'),
        test('sorts', 'xpassed'),
      ],
      0,
    ),
    claims: ['"total":5', '"passed":2', '"xfailed":1', '"exitcode":0'],
    parts: [`${test('lists', 'passed')},`, `,${test('sorts', 'xpassed')}`],
  },
  {
    format: 'pytest-json',
    check: 'tests',
    verdict: 'fail',
    content: pytest([test('lists', 'passed'), BROKEN[0], test('finds', 'passed'), BROKEN[1], BROKEN[2]], 1),
    evidence: BROKEN,
    claims: ['"total":5', '"failed":2', '"error":1'],
    parts: BROKEN.map((one) => `,${one}`),
  },
];
