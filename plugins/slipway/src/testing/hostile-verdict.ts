import fc from 'fast-check';
import type { CheckResult, Finding } from '../gates/check';
import type { JudgedReport, ProjectVerdict } from '../gates/judge';
import { SEVERITIES } from '../reports/report';
import { hostileText } from './hostile-text';
import { aVerdict } from './verdict';

const optional = { requiredKeys: ['title'] } as const;
const finding = fc.record(
  {
    title: hostileText,
    file: hostileText,
    line: fc.integer({ min: 1, max: 9999 }),
    detail: hostileText,
    severity: fc.constantFrom(...SEVERITIES),
    fix: hostileText,
    fingerprint: hostileText,
    waived: fc.record({ approver: hostileText, expiry: hostileText, reason: hostileText }),
  },
  { requiredKeys: [...optional.requiredKeys] },
) as fc.Arbitrary<Finding>;

const number = fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat());
const check: fc.Arbitrary<CheckResult> = fc.record({
  check: hostileText,
  verdict: fc.constantFrom('pass', 'fail', 'waived', 'inconclusive', 'notApplicable'),
  reason: hostileText,
  measured: number,
  limit: number,
  unit: fc.constantFrom('percent', 'milliseconds', 'count', 'hours'),
  findings: fc.array(finding, { maxLength: 3 }),
  warnings: fc.array(hostileText, { maxLength: 2 }),
});

function reportOf(text: string): JudgedReport {
  const origin = { measuredAt: text, validUntil: text, tool: text, toolVersion: text, database: text };
  return { path: text, sha256: 'a'.repeat(64), format: 'junit', origin, validUntil: text };
}

/** Verdicts in which every text is hostile. */
export const hostileVerdict: fc.Arbitrary<ProjectVerdict> = fc
  .tuple(hostileText, fc.array(check, { minLength: 1, maxLength: 4 }), hostileText)
  .map(([project, checks, text]) =>
    aVerdict(checks, { project, warnings: [text], validUntil: text, reports: [reportOf(text)] }),
  );
