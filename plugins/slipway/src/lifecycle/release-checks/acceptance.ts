import { notApplicable } from '../../gates/check';
import { approvalsAtHead } from '../at-head';
import { command } from '../context';
import type { ReleaseCheck } from './release-check';

/** The named roles signed off this very commit. */
export const acceptanceCheck: ReleaseCheck = {
  id: 'acceptance',
  title: 'Acceptance',
  run: async ({ context, situation, commit }) => {
    const policy = context.config.gates.acceptance;
    if ('notApplicable' in policy) return notApplicable('acceptance', policy, 'count');
    const { roles } = policy;
    if (roles.length === 0)
      return notApplicable('acceptance', { notApplicable: 'gates.acceptance.roles names nobody' }, 'count');
    const given = approvalsAtHead(situation).filter((approval) => approval.commit === commit);
    const missing = roles.filter((role) => !given.some((approval) => approval.role === role));
    const base = { check: 'acceptance', measured: roles.length - missing.length, limit: roles.length } as const;
    if (missing.length === 0)
      return {
        ...base,
        verdict: 'pass',
        reason: roles
          .map((role) => `${role}: ${given.find((approval) => approval.role === role)?.by ?? ''}`)
          .join(', '),
        unit: 'count',
        findings: [],
      };
    const on = missing.map((role) => `the sign-off of the ${role}`).join(' and ');
    const run = missing.map((role) => command(context, 'release-approve', `--as=${role}`)).join(' && ');
    return {
      ...base,
      verdict: 'fail',
      reason: `${on} is missing`,
      unit: 'count',
      findings: missing.map((role) => ({ title: `nobody signed off as ${role}`, fingerprint: `acceptance:${role}` })),
      remedy: run,
      waitingFor: { on, run },
    };
  },
};
