import type { RunningService } from '../deploy/drivers/driver';
import { compareRunning, serves } from '../deploy/read-back';
import type { DeployedRelease } from '../ledger/events';
import { impossible, type Attempt } from './attempt';

/** What the engine says about a release that should run; passed where exactly it runs, as it was deployed, and is healthy. Pure. */
export function judgeRunning(release: DeployedRelease, running: readonly RunningService[]): Attempt {
  if (serves(release, release.services, running)) {
    const count = Object.keys(release.services).length;
    return { result: 'passed', seen: count === 1 ? '1 service as deployed' : `${count} services as deployed` };
  }
  const problems = compareRunning(release.services, running);
  // Somebody changed what runs: going back over that unasked could undo a repair.
  const drift = problems.filter(({ kind }) => kind === 'wrongImage');
  if (drift.length > 0) return impossible(`${texts(drift)}: something else than Slipway changed it`);
  const unclear = problems.filter(({ kind }) => kind === 'starting' || kind === 'unknownHealth' || kind === 'engine');
  if (problems.length > unclear.length) return { result: 'failed', seen: texts(problems) };
  if (unclear.length > 0) return impossible(texts(unclear));
  return impossible(`its containers were not deployed as ${release.version}: something else than Slipway changed them`);
}

function texts(problems: readonly { readonly problem: string }[]): string {
  return problems.map(({ problem }) => problem).join('; ');
}
