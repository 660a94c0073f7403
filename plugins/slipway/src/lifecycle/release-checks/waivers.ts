import { inconclusive, type CheckResult } from '../../gates/check';
import { dayOf, unusedWaivers, waiverFlaw, type JudgedCheck } from '../../gates/waivers';
import type { ReliedWaiver } from '../../ledger/events';
import type { ReleaseSubject } from './release-check';

export interface WaiversJudged {
  readonly result: CheckResult;
  /** Those that let something pass. */
  readonly used: readonly ReliedWaiver[];
}

/** Every waiver that let something pass still holds today; those that nothing needs are told. */
export function judgeWaivers({ waivers: set, now }: ReleaseSubject, judged: readonly JudgedCheck[]): WaiversJudged {
  if ('problem' in set) return { result: inconclusive('waivers', null, set.problem, 'count'), used: [] };
  const findings = judged.flatMap(({ result }) => result.findings.filter(({ waived }) => waived !== undefined));
  const used = set.waivers.filter((waiver) =>
    findings.some(
      ({ fingerprint, waived }) =>
        fingerprint === waiver.fingerprint && waived?.approver === waiver.approver && waived.expiry === waiver.expiry,
    ),
  );
  const unknown = findings.filter(({ fingerprint }) => !used.some((waiver) => waiver.fingerprint === fingerprint));
  const today = dayOf(now);
  const problems = [
    ...unknown.map(({ fingerprint }) => `${fingerprint ?? 'a finding'} was waived, but no waiver says so now`),
    ...used.flatMap((waiver) => {
      const severity = findings.find(({ fingerprint }) => fingerprint === waiver.fingerprint)?.severity ?? null;
      return waiverFlaw(waiver, severity, today)?.message ?? [];
    }),
  ];
  const warnings = unusedWaivers(set.waivers, judged).map(({ message }) => message);
  return {
    result: {
      check: 'waivers',
      verdict: problems.length > 0 ? 'fail' : set.waivers.length === 0 ? 'notApplicable' : 'pass',
      reason: problems.length > 0 ? problems.join('; ') : reasonOf(used.length, set.waivers.length),
      measured: used.length,
      limit: null,
      unit: 'count',
      findings: problems.map((title) => ({ title })),
      ...(warnings.length > 0 ? { warnings } : {}),
    },
    used: used.map(({ fingerprint, owner, approver, reason, expiry }) => ({
      fingerprint,
      owner,
      approver,
      reason,
      expiry,
    })),
  };
}

function reasonOf(used: number, all: number): string {
  if (all === 0) return 'there are no waivers';
  return used === 0 ? 'no waiver was needed' : used === 1 ? 'one waiver is in force' : `${used} waivers are in force`;
}
