import fc from 'fast-check';
import type { Log, Result, Run } from 'sarif';
import type { CheckResult } from '../gates/check';
import { readReport } from '../reports';
import { hostileVerdict } from '../testing/hostile-verdict';
import { aCheck, aVerdict } from '../testing/verdict';
import { verdictSarif } from './verdict-sarif';

const PLACES = { root: 'packages/backend', workspace: '/w' };
const REPORT = {
  path: 'packages/backend/reports/junit.xml',
  sha256: 'a'.repeat(64),
  format: 'junit' as const,
  origin: null,
  validUntil: null,
};

function runOf(...checks: readonly CheckResult[]): Run {
  const log = JSON.parse(verdictSarif(aVerdict(checks, { reports: [REPORT] }), PLACES)) as Log;
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

function resultsOf(...checks: readonly CheckResult[]): Result[] {
  return runOf(...checks).results ?? [];
}

const failing = (findings: CheckResult['findings']): CheckResult =>
  aCheck({ check: 'tests', verdict: 'fail', reason: '1 of 2 failed', findings });

describe('a verdict as SARIF', () => {
  it('has a rule for each check, and a result for each finding with its place', () => {
    const run = runOf(
      failing([{ title: 'test_close', file: 'tickets/test api#1.py', line: 17, detail: 'no' }]),
      aCheck(),
    );
    expect(run.tool.driver).toMatchObject({
      name: 'nx-slipway',
      version: '1.0.0',
      rules: [{ id: 'tests' }, { id: 'coverage' }],
    });
    expect(run.automationDetails).toEqual({ id: 'slipway/backend/' });
    expect(run.results).toEqual([
      {
        ruleId: 'tests',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'test_close\nno' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'packages/backend/tickets/test%20api%231.py', uriBaseId: '%SRCROOT%' },
              region: { startLine: 17 },
            },
            logicalLocations: [{ name: 'backend', kind: 'module' }],
          },
        ],
      },
    ]);
  });

  it('says of a failing check without findings why it fails, at the report that it was judged from', () => {
    expect(resultsOf(failing([{ title: 'and 3 more' }]))).toMatchObject([
      {
        level: 'error',
        message: { text: '1 of 2 failed; and 3 more' },
        locations: [{ physicalLocation: { artifactLocation: { uri: REPORT.path } } }],
      },
    ]);
  });

  it('tells a file outside of the workspace in words', () => {
    expect(resultsOf(failing([{ title: 'x', file: '/usr/lib/a.js', line: 3 }]))).toMatchObject([
      {
        message: { text: 'x (/usr/lib/a.js:3)' },
        locations: [{ physicalLocation: { artifactLocation: { uri: REPORT.path } } }],
      },
    ]);
  });

  it.each([
    ['critical', 'fail', 'error'],
    ['high', 'fail', 'error'],
    ['unknown', 'fail', 'error'],
    ['medium', 'fail', 'warning'],
    ['low', 'fail', 'note'],
    ['info', 'pass', 'note'],
    ['medium', 'pass', 'warning'],
  ] as const)('gives a finding of %s severity in a check that is %s the level %s', (severity, verdict, level) => {
    expect(resultsOf(aCheck({ verdict, findings: [{ title: 'x', severity }] }))).toMatchObject([{ level }]);
  });

  it('names the waiver of a finding, and the same finding alike whatever its state', () => {
    const waived = { approver: 'Ada', expiry: '2026-12-15', reason: 'build only' };
    const fingerprint = 'security:npm/lodash:GHSA-1@high';
    expect(resultsOf(aCheck({ verdict: 'waived', findings: [{ title: 'x', fingerprint, waived }] }))).toMatchObject([
      {
        suppressions: [
          { kind: 'external', status: 'accepted', justification: 'waived by Ada until 2026-12-15: build only' },
        ],
        partialFingerprints: { 'slipway/v1': 'security:npm/lodash:GHSA-1' },
      },
    ]);
  });

  it('is unsuccessful where something could not be judged, so that no result is no pass', () => {
    const doubt = aCheck({ check: 'performance', verdict: 'inconclusive', reason: 'no report', measured: null });
    expect(runOf(aCheck(), doubt)).toMatchObject({
      results: [],
      invocations: [
        {
          executionSuccessful: false,
          toolExecutionNotifications: [{ level: 'error', message: { text: 'performance is inconclusive: no report' } }],
        },
      ],
    });
    expect(runOf(aCheck()).invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  });

  it('leaves out what does not apply', () => {
    const off = aCheck({ verdict: 'notApplicable', findings: [{ title: 'x', severity: 'high' }] });
    expect(resultsOf(off)).toEqual([]);
  });

  it('is read back by our own reader: what is waived as suppressed, what could not be judged as no report', () => {
    fc.assert(
      fc.property(hostileVerdict, (verdict) => {
        const text = verdictSarif(verdict, PLACES);
        const doubtful = verdict.checks.some((check) => check.verdict === 'inconclusive');
        if (doubtful) {
          expect(() => readReport('sarif', text)).toThrow(expect.objectContaining({ problem: 'toolError' }) as Error);
          return;
        }
        const results = (JSON.parse(text) as Log).runs[0]?.results ?? [];
        const suppressed = results.filter(({ suppressions }) => suppressions !== undefined).length;
        const { report } = readReport('auto', text);
        expect(report).toMatchObject({ kind: 'security', suppressed, unaudited: [] });
        expect(report.kind === 'security' && report.findings).toHaveLength(results.length - suppressed);
      }),
      { numRuns: 200 },
    );
  });

  it('makes neither links nor placeholders of texts, and only relative, encoded places, whatever a report holds', () => {
    fc.assert(
      fc.property(hostileVerdict, (verdict) => {
        const text = verdictSarif(verdict, PLACES);
        expect(text).not.toMatch(/\p{Cs}/u);
        const [run] = (JSON.parse(text) as Log).runs;
        const rules = run?.tool.driver.rules ?? [];
        expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
        for (const { message, locations, ruleId, ruleIndex = -1 } of run?.results ?? []) {
          expect(rules[ruleIndex]?.id).toBe(ruleId);
          expect(message.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(|(?<!\{)\{\d+\}|[^\P{Cc}\n]/u);
          const uri = locations?.[0]?.physicalLocation?.artifactLocation?.uri;
          if (uri === undefined) continue;
          expect(uri).toMatch(/^(?:[\w.~-]|%[0-9A-F]{2})+(?:\/(?:[\w.~-]|%[0-9A-F]{2})+)*\/?$/);
          expect(new URL(uri, 'https://host.example/r/').pathname.startsWith('/r/')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
