import { deployedRelease } from '../ledger/deployed-release';
import type { DeployedRelease } from '../ledger/events';
import type { Refusal } from '../ledger/outcome';
import type { EnvironmentState, Movement } from '../ledger/state';
import type { RunningService } from './drivers/driver';
import { sameDigests, sameRelease } from './read-back';

type Identity = Pick<DeployedRelease, 'version' | 'services'>;

function same(a: Identity, b: Identity): boolean {
  return a.version === b.version && sameDigests(a.services, b.services);
}

/** The rollback that is to be gone on with: it was cut off, or stopped, or failed half-way; null where none is. */
export function openRollback({ unfinished, doubt, history }: EnvironmentState): Movement | null {
  if (unfinished === null) return doubt?.kind === 'rollback' ? doubt : null;
  // Begun after whatever ended in doubt.
  if (unfinished.kind === 'deploy.intent') return null;
  return (
    history.findLast(({ kind, deployment }) => kind === 'rollback' && deployment === unfinished.deployment) ?? null
  );
}

/** The release that a rollback would leave: what a deployment last put in place, finished or not; never what a rollback is on its way to. */
export function leavingRelease(state: EnvironmentState): DeployedRelease | null {
  const { unfinished, doubt, current } = state;
  if (unfinished?.kind === 'deploy.intent') return deployedRelease(unfinished);
  const open = openRollback(state);
  return open === null ? (doubt?.release ?? current) : (open.before ?? current);
}

/**
 * A recorded release that runs, whole or in part, although the ledger has no doubt that another one serves: what a deployment put in place
 * that was held up while its lock was stolen. Null where nobody recorded what runs.
 */
export function strayRelease(
  { unfinished, doubt, current, history }: EnvironmentState,
  running: readonly RunningService[],
): DeployedRelease | null {
  if (unfinished !== null || doubt !== null || current === null) return null;
  const stray = history.findLast(({ release: { services } }) =>
    running.some(({ service, image }) => services[service] === image && current.services[service] !== image),
  );
  return stray === undefined ? null : deployedRelease(stray.release);
}

/**
 * What may serve although the ledger can't tell, since its deployment, or the rollback to it, has no good end; null where it is known which
 * release serves.
 */
export function doubtfulRelease({ unfinished, doubt, current }: EnvironmentState): DeployedRelease | null {
  const begun = unfinished?.kind === 'rollback.intent' ? unfinished.to : unfinished;
  const put = [begun, doubt?.release].find((release) => release != null && !(current && sameRelease(release, current)));
  return put == null ? null : deployedRelease(put);
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
  const open = openRollback(state)?.deployment;
  const last = state.history.at(-1);
  const undone =
    open === undefined
      ? last
      : state.history.findLast(({ kind, deployment }) => kind === 'deploy' && deployment === open);
  return undone?.kind === 'deploy' && sameRelease(undone.release, leaving) ? undone.deployment : null;
}

function isBad(state: EnvironmentState, { version }: Identity): boolean {
  return state.bad.has(version);
}
