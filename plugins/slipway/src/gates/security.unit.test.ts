import fc from 'fast-check';
import { SEVERITIES, type InventoryReport, type SecurityFinding, type SecurityReport } from '../reports/report';
import type { CheckResult, Evidence, JudgedProject, UnreadableReport } from './check';
import { securityCheck } from './security';
import { mergeFindings } from './vulnerabilities';

const PROJECT: JudgedProject = {
  name: 'web',
  root: 'packages/web',
  kind: 'npm',
  targets: [],
  documents: null,
  asOf: new Date(0),
};

function finding(more: Partial<SecurityFinding> = {}): SecurityFinding {
  return {
    id: 'GHSA-35jh-r3h4-6jhm',
    aliases: [],
    severity: 'high',
    title: 'Command injection',
    component: { ecosystem: 'npm', name: 'lodash', version: '4.17.20' },
    file: null,
    line: null,
    fixedIn: '4.17.21',
    url: null,
    ...more,
  };
}

const inSource = (line: number, more: Partial<SecurityFinding> = {}): SecurityFinding =>
  finding({ id: 'js/eval', title: 'eval', component: null, fixedIn: null, file: 'src/a.ts', line, ...more });

function report(findings: readonly SecurityFinding[], more: Partial<SecurityReport> = {}): SecurityReport {
  return { kind: 'security', findings, scanned: 312, unaudited: [], suppressed: 0, ...more };
}

const INVENTORY: InventoryReport = { kind: 'inventory', components: 312 };
const BROKEN: UnreadableReport = { path: 'reports/audit/pip-audit.json', reason: 'the file is empty' };

function judge(
  reports: readonly (SecurityReport | InventoryReport)[],
  failOn: 'critical' | 'high' | 'medium' | 'low' | 'info' = 'high',
  unreadable: readonly UnreadableReport[] = [],
): CheckResult {
  const looked = { kind: 'security', globs: [], root: 'packages/web', producers: ['npx nx run web:release-audit'] };
  const evidence: Evidence = { reports, unreadable, looked };
  return securityCheck.judge(evidence, { failOn, secrets: true }, PROJECT);
}

describe('the security check', () => {
  it('fails with what was found, worst first, and how to mend it', () => {
    const critical = finding({
      id: 'CVE-2021-44906',
      severity: 'critical',
      component: { ecosystem: 'npm', name: 'minimist', version: null },
    });
    expect(
      judge([report([finding({ url: 'https://a.test' }), critical, finding({ id: 'x', severity: 'low' })])]),
    ).toEqual({
      check: 'security',
      verdict: 'fail',
      reason: '1 critical and 1 high in 312 packages; none may be high or above',
      measured: 2,
      limit: 0,
      unit: 'count',
      findings: [
        {
          title: 'minimist: Command injection',
          severity: 'critical',
          detail: 'CVE-2021-44906',
          fix: 'npm install minimist@4.17.21',
          fingerprint: 'security:npm/minimist:CVE-2021-44906@critical',
        },
        {
          title: 'lodash 4.17.20: Command injection',
          severity: 'high',
          detail: 'GHSA-35jh-r3h4-6jhm · https://a.test',
          fix: 'npm install lodash@4.17.21',
          fingerprint: 'security:npm/lodash:GHSA-35jh-r3h4-6jhm@high',
        },
        { title: 'lodash 4.17.20: Command injection', severity: 'low', detail: 'x', fix: 'npm install lodash@4.17.21' },
      ],
      warnings: [],
    });
  });

  it.each([
    ['critical', 'high', 'pass'],
    ['high', 'high', 'fail'],
    ['high', 'unknown', 'fail'],
    ['critical', 'unknown', 'pass'],
    ['high', 'medium', 'pass'],
    ['medium', 'medium', 'fail'],
    ['low', 'info', 'pass'],
    ['info', 'info', 'fail'],
  ] as const)('with failOn %s takes a finding of %s severity for a %s', (failOn, severity, verdict) => {
    expect(judge([report([finding({ severity })])], failOn).verdict).toBe(verdict);
  });

  it('says that an unknown severity counts as high', () => {
    expect(judge([report([finding({ severity: 'unknown' })])]).reason).toBe(
      '1 of unknown severity (counts as high) in 312 packages; none may be high or above',
    );
  });

  it.each([
    ['nothing', report([]), 'nothing found in 312 packages'],
    ['only little', report([finding({ severity: 'low' })]), '1 low found, nothing at or above high in 312 packages'],
    ['nothing, among it does not say how many', report([], { scanned: null }), 'nothing found'],
    ['nothing in one package', report([], { scanned: 1 }), 'nothing found in 1 package'],
  ])('passes where a tool found %s', (_, one, reason) => {
    expect(judge([one])).toMatchObject({ verdict: 'pass', reason, measured: 0 });
  });

  it.each([
    ['there is no report', [], [], 'no security report in packages/web; make one with: npx nx run web:release-audit'],
    ['there is an inventory only', [INVENTORY], [], 'names no vulnerabilities'],
    ['nothing was looked at', [report([], { scanned: 0 })], [], 'a report says that nothing was looked at'],
    ['one of two looked at nothing', [report([]), report([], { scanned: 0 })], [], 'nothing was looked at'],
    [
      'another report is broken',
      [report([])],
      [BROKEN],
      "reports/audit/pip-audit.json can't be relied on: the file is empty",
    ],
    [
      'something was not audited',
      [report([finding({ severity: 'low' })], { unaudited: [{ name: 'desk', reason: 'not on PyPI' }] })],
      [],
      'could not be looked at: desk',
    ],
  ])('is inconclusive where %s', (_, reports, unreadable, reason) => {
    expect(judge(reports, 'high', unreadable)).toMatchObject({
      verdict: 'inconclusive',
      measured: null,
      reason: expect.stringContaining(reason) as string,
    });
  });

  it.each([
    ['another report is broken', [report([finding()])], [BROKEN], "can't be relied on"],
    ['not everything was audited', [report([finding()], { unaudited: [{ name: 'desk', reason: 'no' }] })], [], 'desk'],
    ['another one looked at nothing', [report([finding()]), report([], { scanned: 0 })], [], 'nothing was looked at'],
  ])('fails for what was found although %s, which a waiver does not settle', (_, reports, unreadable, unsettled) => {
    const result = judge(reports, 'high', unreadable);
    expect(result.verdict).toBe('fail');
    expect(result.unsettled).toContain(unsettled);
  });

  it('tells what was suppressed, and inventories beside it', () => {
    expect(judge([report([], { suppressed: 2 }), INVENTORY]).warnings).toEqual([
      '2 findings were suppressed in the reports themselves',
      '1 report is an inventory, which names no vulnerabilities',
    ]);
  });

  it('counts a vulnerability once, by whatever names and tools it is told, with the severity that any knows', () => {
    const pip = finding({
      id: 'PYSEC-2023-100',
      aliases: ['CVE-2023-36053'],
      severity: 'unknown',
      component: { ecosystem: 'pypi', name: 'django', version: '4.2.0' },
      fixedIn: '4.2.3',
    });
    const osv = { ...pip, id: 'GHSA-jh3w-4vvf-mjgr', aliases: ['PYSEC-2023-100'], severity: 'medium' as const };
    const trivy = { ...pip, id: 'CVE-2023-36053', aliases: [], severity: 'high' as const };
    const result = judge([report([pip]), report([osv]), report([trivy])]);
    expect(result.measured).toBe(1);
    expect(result.findings[0]).toMatchObject({
      severity: 'high',
      detail: 'GHSA-jh3w-4vvf-mjgr, CVE-2023-36053, PYSEC-2023-100',
      fix: 'pip: django>=4.2.3',
      fingerprint: 'security:pypi/django:GHSA-jh3w-4vvf-mjgr@high',
    });
  });

  it('keeps apart one advisory on two packages, and one package with two', () => {
    const other = finding({ component: { ecosystem: 'npm', name: 'lodash-es', version: '4.17.20' } });
    expect(judge([report([finding(), other, finding({ id: 'CVE-2020-8203' })])]).measured).toBe(3);
  });

  it("takes a tool's own remedy first", () => {
    expect(judge([report([finding({ fix: 'npm audit fix' })])]).findings[0]?.fix).toBe('npm audit fix');
  });

  it('knows findings in source again after their lines moved, but not when there are more', () => {
    const prints = (...findings: SecurityFinding[]): (string | undefined)[] =>
      judge([report(findings)]).findings.map(({ fingerprint }) => fingerprint);
    expect(prints(inSource(9))).toEqual(['security:js/eval:src/a.ts@high']);
    expect(prints(inSource(70))).toEqual(prints(inSource(9)));
    expect(prints(inSource(9), inSource(12))).toEqual(Array(2).fill('security:js/eval:src/a.ts@high,2'));
  });

  it('lists many findings up to a number, and says how many count', () => {
    const many = Array.from({ length: 600 }, (_, index) => finding({ id: `CVE-2020-${index}` }));
    const result = judge([report(many)]);
    expect(result).toMatchObject({ measured: 600, blocking: 600 });
    expect(result.findings).toHaveLength(501);
  });

  it.each([
    ['npm', null],
    ['python', null],
    ['docker', "no scanner reports on it; name one's reports under projects.web.reports.security in slipway.json"],
    ['other', "no scanner reports on it; name one's reports under projects.web.reports.security in slipway.json"],
  ] as const)('exempts a project of kind %s: %j', (kind, expected) => {
    expect(securityCheck.exempt({ ...PROJECT, kind })).toBe(expected);
  });
});

describe('merging findings', () => {
  const any = fc.record({
    id: fc.constantFrom('GHSA-a', 'CVE-1', 'CVE-2', 'PYSEC-3'),
    aliases: fc.uniqueArray(fc.constantFrom('GHSA-a', 'CVE-1', 'CVE-2', 'PYSEC-3'), { maxLength: 2 }),
    severity: fc.constantFrom(...SEVERITIES),
    component: fc.constantFrom(
      { ecosystem: 'npm', name: 'a', version: null },
      { ecosystem: 'npm', name: 'b', version: '1' },
    ),
  });
  const keys = (findings: readonly SecurityFinding[]): unknown[] =>
    mergeFindings(findings)
      .map(({ key, severity }) => [key, severity])
      .sort();

  it('comes to the same in any order', () => {
    fc.assert(
      fc.property(
        fc
          .array(any, { maxLength: 8 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(keys(shuffled.map(finding))).toEqual(keys(all.map(finding)));
        },
      ),
    );
  });

  it('never loses a known severity', () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (all) => {
        const worst = (list: readonly { severity: string }[]): string | undefined =>
          SEVERITIES.find((severity) => severity !== 'unknown' && list.some((one) => one.severity === severity));
        expect(worst(mergeFindings(all.map(finding)))).toBe(worst(all));
      }),
    );
  });
});
