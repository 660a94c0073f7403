import type { DeployedRelease } from '../../ledger/events';
import type { Outcome } from '../../ledger/outcome';
import type { EnvironmentState } from '../../ledger/state';
import { applyUnderFence, problemsOf } from '../apply';
import type { ApplyResult, RunningService } from '../drivers/driver';
import { runningDigests, sameRelease, serves } from '../read-back';
import { rollBackTo } from '../rollback';
import { rollbackTarget } from '../rollback-target';
import { anchoredRelease } from '../rollback/anchored';
import { targetRefusals } from '../rollback/target-refusals';
import { conclude, type Deployment } from './deployment';
import type { PipelineStep } from './step';

type Unhealthy = Extract<ApplyResult, { kind: 'unhealthy' }>;
export type Applied = Extract<ApplyResult, { kind: 'applied' }>;

/** Makes the environment run the release, waits for health, and reads back what runs. The deployment's own intent and outcome tell of it. */
export function replaceServices(): PipelineStep<Applied> {
  let unhealthy: Unhealthy | null = null;
  return {
    name: null,
    probe: async () => ({ kind: 'needed' }),
    intent: ({ release }) => ({ detail: `run ${release.version}` }),
    async act({ session, driver, release, description }) {
      const result = await applyUnderFence(session, driver, release, description ?? undefined);
      if (result.kind === 'applied') return { kind: 'done', evidence: { detail: '' }, result };
      if (result.kind === 'unknown') return { ...result, remedy: null };
      unhealthy = result;
      return { kind: 'failed', reason: problemsOf(result), remedy: null };
    },
    compensate: (deployment, { reason }) =>
      unhealthy === null
        ? conclude(deployment, { kind: 'unknown', reason, findOut: deployment.session.commands.status }, reason)
        : takeBack(deployment, unhealthy),
  };
}

/** Rolls back what does not turn healthy, to the last verified release. */
async function takeBack(deployment: Deployment, result: Unhealthy): Promise<Outcome> {
  const { session, driver, release, id, state, before, verify, migrated } = deployment;
  const { environment, commands } = session;
  const services = runningDigests(result.running, Object.keys(release.services));
  const reason = `${release.version} in ${environment}: ${problemsOf(result)}`;
  if (!migrated && isKnown(state, before) && untouched(before, result))
    return conclude(deployment, { kind: 'failed', reason, remedy: commands.deploy }, reason, services);
  const to = (await sameAsItWas(deployment)) ?? rollbackTarget(state, release);
  const mixed = (extra: string, remedy = commands.deploy): Promise<Outcome> =>
    conclude(deployment, { kind: 'mixed', reason: `${reason}; ${extra}`, remedy }, `${reason}; ${extra}`, services);
  if (to === null) return mixed('no other release was verified there, so there is none to go back to');
  const refusals = await targetRefusals(session, driver, state, to);
  if (refusals.length > 0) {
    const why = refusals.map((refusal) => refusal.reason).join('; ');
    return mixed(`it can't be rolled back to ${to.version}: ${why}`, refusals[0]?.remedy ?? commands.rollback);
  }
  const request = { driver, automatic: true, reason, ...(verify === undefined ? {} : { verify }) };
  const outcome = await rollBackTo(session, request, { to, leaving: release, deployment: id });
  // The rollback has its own outcome; the deployment's says how it ended for the release.
  return conclude(deployment, outcome, reason, services);
}

/** The release itself, where it serves already and only its configuration is new: it goes back to what its anchor holds of it. */
async function sameAsItWas({ session, state, release, description }: Deployment): Promise<DeployedRelease | null> {
  const { current, verified, bad } = state;
  if (current === null || !sameRelease(current, release) || bad.has(release.version)) return null;
  if (!verified.some((one) => sameRelease(one, release))) return null;
  const { content } = await anchoredRelease(session.assets, state, release);
  return content === null || content.description === description ? null : release;
}

/** Whether what ran before this run is what serves by the ledger, and nothing that a run before it left behind. */
function isKnown({ current, unfinished, doubt }: EnvironmentState, before: readonly RunningService[]): boolean {
  return (unfinished === null && doubt === null) || (current !== null && serves(current, current.services, before));
}

/** Whether the very same containers run as before, so that the failure changed nothing. */
function untouched(before: readonly RunningService[], { running }: Unhealthy): boolean {
  const instances = (list: readonly RunningService[]) =>
    list
      .map(({ instance, running: up }) => `${instance} ${up}`)
      .sort()
      .join('\n');
  return before.length > 0 && instances(before) === instances(running);
}
