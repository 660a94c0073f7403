import { inconclusive } from '../../gates/check';
import { applyWaivers, dayOf } from '../../gates/waivers';
import { errorLine } from '../../io/error-message';
import { StoppedError } from '../../io/world';
import type { ReliedWaiver } from '../../ledger/events';
import { releaseChecks } from './index';
import type { ReleaseCheck, ReleaseCheckResult, ReleaseSubject } from './release-check';
import { judgeWaivers } from './waivers';

export interface ChecksRun {
  readonly results: readonly ReleaseCheckResult[];
  readonly waivers: readonly ReliedWaiver[];
}

/** Runs every check of the release, one after the other; waivers count for them as they do for the checks of projects. */
export async function runChecks(subject: ReleaseSubject, checks = releaseChecks): Promise<ChecksRun> {
  const results: ReleaseCheckResult[] = [];
  for (const check of checks) {
    subject.context.world.stop.check();
    results.push(waived(subject, await runOne(subject, check)));
  }
  const judged = [
    ...subject.members.flatMap(({ project, verdict }) =>
      verdict.checks.map((result) => ({ project: project.name, result })),
    ),
    ...results.map((result) => ({ project: null, result })),
  ];
  const { result, used } = judgeWaivers(subject, judged);
  return { results: [...results, result], waivers: used };
}

/** A check that fails to run judged nothing, and says why. */
async function runOne(subject: ReleaseSubject, check: ReleaseCheck): Promise<ReleaseCheckResult> {
  try {
    return await check.run(subject);
  } catch (error) {
    if (error instanceof StoppedError || subject.context.world.stop.requested) throw error;
    const message = errorLine(error);
    return inconclusive(check.id, null, `could not be judged: ${message}`, 'count');
  }
}

function waived({ waivers, now }: ReleaseSubject, found: ReleaseCheckResult): ReleaseCheckResult {
  if ('problem' in waivers) return found;
  const { result } = applyWaivers(found, waivers.waivers, { project: null, asOf: dayOf(now), unsettled: null });
  const { remedy, waitingFor } = found;
  return {
    ...result,
    ...(remedy === undefined ? {} : { remedy }),
    ...(waitingFor === undefined ? {} : { waitingFor }),
  };
}
