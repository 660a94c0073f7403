import { abandon } from '../steps/abandon';
import { approve } from '../steps/approve';
import { bump } from '../steps/bump';
import { check } from '../steps/check';
import { plan } from '../steps/plan';
import { status } from '../steps/status';
import type { Desk, RunOptions } from './desk';

/** The steps of a release, each run in the desk of the moment. */
export function runners(at: () => Desk) {
  return {
    plan: (options = {}, how?: RunOptions) => at().run(plan, options, { target: 'release-plan', ...how }),
    bump: (how?: RunOptions) => at().run(bump, {}, { target: 'release-bump', ...how }),
    check: (how?: RunOptions) => at().run(check, {}, { target: 'release-check', ...how }),
    abandon: (how?: RunOptions) => at().run(abandon, { reason: 'superseded' }, { target: 'release-abandon', ...how }),
    approve: (as = 'release-manager', how?: RunOptions) =>
      at().run(approve, { as }, { target: 'release-approve', ...how }),
    status: () => at().run(status, {}, { target: 'release-status' }),
  };
}
