import { EnvFileError } from '../../deploy/env-file';
import { readEnvironmentFiles } from '../../deploy/environment-files';
import type { LockInfo } from '../../ledger/ledger';
import { resolveVariables, VariableError } from '../../verify/variables';
import { auditStatus } from '../audit-status';
import { result, type Step, type StepContext } from '../context';
import { portCommand, readForwardPorts } from '../forward-ports';
import { openRelease } from '../open-release';
import { policyOf, type PolicyStatus } from '../policy-status';
import { nextStep, progressOf } from '../progress';
import { releaseAtHead, subjectOf } from '../at-head';
import { unmetOf } from '../preconditions';
import { mainHere } from '../record-forward-ports';
import { readSituation, type Situation } from '../situation';
import { renderStatus } from '../render-status';
import { signOffsOf, type SignOff } from '../sign-offs';
import { STEPS } from '../steps';

/** What serves in one environment, as `--json` gives it too. */
export interface EnvironmentStatus {
  readonly environment: string;
  readonly version: string | null;
  readonly commit: string | null;
  /** Image id by service. */
  readonly services: Readonly<Record<string, string>>;
  readonly health: 'healthy' | 'unhealthy' | 'unknown' | null;
  /** ISO 8601, UTC. */
  readonly since: string | null;
  readonly by: string | null;
  readonly url: string | null;
  /** What was cut off or left in doubt, e.g. `deploy 1.2.0 did not finish`. */
  readonly trouble: string | null;
  readonly lastFailure: string | null;
  readonly lock: LockInfo | null;
  /** What keeps this commit's release from being deployed here; empty where it serves already or nothing does. */
  readonly blockedBy: readonly string[];
  readonly policy: PolicyStatus;
}

export interface Status {
  /** The release of the commit that is checked out, else the one that is open. */
  readonly release: {
    readonly version: string;
    readonly commit: string;
    /** npm's dist-tag; null where the plan named none. */
    readonly distTag: string | null;
    readonly steps: readonly { readonly target: string; readonly done: boolean }[];
    /** Who signed this commit off, in which roles. */
    readonly signOffs: readonly SignOff[];
  } | null;
  /** Every release that is open, of this commit or not: one from main and a hotfix may be so side by side. */
  readonly open: readonly {
    readonly version: string;
    readonly type: string;
    readonly branch: string;
    readonly tagged: boolean;
  }[];
  /** What hotfixes brought to production and main still lacks. */
  readonly forwardPorts: readonly {
    readonly version: string;
    /** Full ids. */
    readonly missing: readonly string[];
    /** Branch that lacks them. */
    readonly branch: string;
    /** The command that brings them there. */
    readonly command: string;
  }[];
  readonly environments: readonly EnvironmentStatus[];
  readonly next: {
    readonly target: string;
    readonly command: string;
    readonly blockedBy: readonly { readonly reason: string; readonly remedy: string }[];
  } | null;
}

export interface StatusOptions {
  /** Verifies the ledger instead. */
  readonly audit?: boolean;
}

/** What is where, since when, by whom, and what blocks the next step. Reads only. */
export const status: Step<StatusOptions> = async (context, { audit = false }) => {
  if (audit) return auditStatus(context);
  const situation = await readSituation(context);
  const found = await statusOf(context, situation);
  return result(
    { kind: 'done', summary: summaryOf(found) },
    { ...found },
    renderStatus(found, { now: context.world.clock.now(), color: context.color }),
  );
};

export async function statusOf(context: StepContext, situation: Situation): Promise<Status> {
  const { record, dossier } = subjectOf(situation);
  const next = nextStep(context, situation);
  const open = await openRelease(context, situation);
  const blockedBy = open.kind === 'elsewhere' ? [open.refusal] : (next?.blockedBy ?? []);
  // A plan that leaves out what a hotfix mended would take it away from production again.
  const unported = next?.step.step === 'plan' ? situation.forwardPorts.filter(({ missing }) => missing.length > 0) : [];
  return {
    release:
      record === null
        ? null
        : {
            version: record.version,
            commit: dossier?.commit ?? record.bump?.commit ?? record.plan?.commit ?? '',
            distTag: record.plan?.distTag ?? null,
            steps: progressOf(context, situation).map(({ step, done }) => ({ target: step.target, done })),
            signOffs: signOffsOf(situation),
          },
    open: situation.release.opens.map(({ version, type, branch }) => ({
      version,
      type,
      branch,
      tagged: (situation.release.releases.get(version)?.tag ?? null) !== null,
    })),
    forwardPorts: await forwardPortsOf(context, situation),
    environments: await Promise.all(
      Object.keys(context.config.environments).map((name) => environmentStatus(context, situation, name)),
    ),
    next:
      next === null
        ? null
        : {
            target: next.step.target,
            command: `npx nx run ${context.owner}:${next.step.target}`,
            blockedBy: [
              ...blockedBy.map(({ reason, remedy }) => ({ reason, remedy })),
              ...unported.map(({ version, missing }) => ({
                reason: `${context.config.release.main} lacks what hotfix ${version} mended in production`,
                remedy: portCommand(context.config.release.main, missing),
              })),
            ],
          },
  };
}

/** As far as main is known here. */
async function forwardPortsOf(context: StepContext, { release }: Situation): Promise<Status['forwardPorts']> {
  if (release.forwardPorts.length === 0) return [];
  const main = await mainHere(context);
  if (main === null) return [];
  const branch = context.config.release.main;
  return (await readForwardPorts(context.world.git, release, main)).flatMap(({ version, missing }) =>
    missing.length === 0 ? [] : [{ version, missing, branch, command: portCommand(branch, missing) }],
  );
}

async function environmentStatus(
  context: StepContext,
  situation: Situation,
  environment: string,
): Promise<EnvironmentStatus> {
  const state = situation.environments.get(environment);
  const current = state?.current ?? null;
  const dossier = releaseAtHead(situation);
  const serves = dossier !== null && current?.commit === dossier.commit;
  const problems =
    dossier === null || serves ? [] : unmetOf(STEPS.deploy.preconditions, { context, situation, environment });
  const cut = state?.unfinished ?? null;
  // A release that failed before the last deployment is history.
  const last = state?.history.findLast(({ kind }) => kind === 'deploy')?.release.version;
  return {
    environment,
    version: current?.version ?? null,
    commit: current?.commit ?? null,
    services: current?.services ?? {},
    health: current?.health ?? null,
    since: current?.since ?? null,
    by: current?.by ?? null,
    url: await urlOf(context, environment),
    trouble:
      cut !== null
        ? `${cut.kind === 'deploy.intent' ? `the deployment of ${cut.version}` : 'a rollback'} did not finish`
        : state?.doubt
          ? state.doubt.reason
          : null,
    lastFailure: (last === undefined ? undefined : state?.bad.get(last)) ?? null,
    lock: await context.ledger.lock(environment),
    blockedBy: problems.map(({ reason }) => reason),
    policy: await policyOf(context, situation, environment),
  };
}

/** Where people find it; null where none is configured or its variables can't be told here. */
async function urlOf(context: StepContext, environment: string): Promise<string | null> {
  const config = context.config.environments[environment];
  if (config?.url === undefined) return null;
  try {
    const { missing, variables } = await readEnvironmentFiles(context.world.root, config.envFiles);
    return missing.length > 0 ? null : resolveVariables(config.url, variables);
  } catch (error) {
    // Whoever needs them is told by the step that does; status still shows the rest.
    if (error instanceof EnvFileError || error instanceof VariableError) return null;
    throw error;
  }
}

function summaryOf(status: Status): string {
  const ports = status.forwardPorts.map(({ version }) => `; the forward-port of hotfix ${version} is open`);
  const debts = status.environments.flatMap(({ policy }) => policy.debts);
  const overdue = debts.filter((debt) => debt.overdue).length;
  const owed =
    debts.length === 0
      ? ''
      : `; ${debts.length === 1 ? 'a debt' : `${debts.length} debts`} of emergencies open${overdue > 0 ? `, ${overdue} OVERDUE` : ''}`;
  return `${releaseSummary(status)}${ports.join('')}${owed}`;
}

function releaseSummary({ release, environments, next }: Status): string {
  const where = environments
    .filter(({ version }) => version !== null)
    .map(({ environment, version }) => `${version} in ${environment}`);
  const serving = where.length > 0 ? where.join(', ') : 'nothing is deployed';
  if (release === null) return `${serving}; no release is open`;
  if (next === null) return `${serving}; ${release.version} has arrived`;
  return `${serving}; the next step of ${release.version} is ${next.target}`;
}
