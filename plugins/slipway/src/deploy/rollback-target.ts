import { deployedRelease } from '../ledger/deployed-release';
import type { DeployedRelease } from '../ledger/events';
import type { Refusal } from '../ledger/outcome';
import type { EnvironmentState } from '../ledger/state';
import { sameDigests, sameRelease } from './read-back';

type Identity = Pick<DeployedRelease, 'version' | 'services'>;

function same(a: Identity, b: Identity): boolean {
  return a.version === b.version && sameDigests(a.services, b.services);
}

/** The release that a rollback would leave: what a deployment last put in place, finished or not. */
export function leavingRelease(state: EnvironmentState): DeployedRelease | null {
  const { unfinished, doubt, current } = state;
  if (unfinished?.kind === 'deploy.intent') {
    return deployedRelease(unfinished);
  }
  return doubt?.release ?? current;
}

/** The release verified last that did not turn bad and is not the one to be left; null where there is none. */
export function rollbackTarget(state: EnvironmentState, leaving: Identity | null): DeployedRelease | null {
  const target = state.verified.findLast(
    (release) => !isBad(state, release) && (leaving === null || !same(release, leaving)),
  );
  return target === undefined ? null : deployedRelease(target);
}

/** The named release, where it was verified here and did not turn bad since; else why it can't be gone back to. */
export function namedTarget(state: EnvironmentState, environment: string, version: string): DeployedRelease | Refusal {
  const verified = state.verified.findLast((release) => release.version === version);
  if (verified === undefined) {
    const known = [
      ...new Set(state.verified.filter((release) => !isBad(state, release)).map((release) => release.version)),
    ];
    return {
      id: 'rollbackTarget',
      reason: `${version} was never verified in ${environment}`,
      remedy: known.length === 0 ? 'deploy a release that is healthy' : `go back to one of ${known.join(', ')}`,
    };
  }
  const bad = state.bad.get(version);
  if (bad !== undefined) {
    return {
      id: 'rollbackTarget',
      reason: `${version} turned bad in ${environment}: ${bad}`,
      remedy: 'name another version, or deploy and verify this one again',
    };
  }
  return deployedRelease(verified);
}

/** Id that a rollback is recorded by: the deployment that it undoes, so that both can be told together; null where none stands for it. */
export function undoneDeployment(state: EnvironmentState, leaving: DeployedRelease | null): string | null {
  if (leaving === null) return null;
  const last = state.history.at(-1);
  return last?.kind === 'deploy' && sameRelease(last.release, leaving) ? last.deployment : null;
}

function isBad(state: EnvironmentState, { version }: Identity): boolean {
  return state.bad.has(version);
}
