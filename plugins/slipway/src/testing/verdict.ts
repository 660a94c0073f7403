import { slipwaySchema } from '../config/schema';
import type { CheckResult } from '../gates/check';
import type { ProjectVerdict } from '../gates/judge';
import { mergePolicy } from '../gates/policy';
import { worstVerdict } from '../gates/verdict';

const POLICY = mergePolicy(slipwaySchema.parse({}).gates);

/** A check that passed, for what a test says of it. */
export function aCheck(check: Partial<CheckResult> = {}): CheckResult {
  return {
    check: 'coverage',
    verdict: 'pass',
    reason: '91.2 % of 500 lines covered, at least 80 % asked for',
    measured: 91.2,
    limit: 80,
    unit: 'percent',
    findings: [],
    ...check,
  };
}

/** The verdict over some checks, under the default policy. */
export function aVerdict(checks: readonly CheckResult[], more: Partial<ProjectVerdict> = {}): ProjectVerdict {
  return {
    v: 2,
    project: 'backend',
    verdict: worstVerdict(checks.map(({ verdict }) => verdict)),
    reason: checks.map(({ check, reason }) => `${check}: ${reason}`).join('; '),
    checks,
    reports: [],
    policy: POLICY,
    asOf: '2026-11-22',
    validUntil: null,
    waivers: [],
    warnings: [],
    subject: '0'.repeat(64),
    tool: { name: 'nx-slipway', version: '1.0.0' },
    ...more,
  };
}
