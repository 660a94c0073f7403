import { closest } from '../config/suggest';
import type { ServiceDigests } from '../ledger/events';
import type { Outcome, Refusal } from '../ledger/outcome';
import {
  abandonedAtHead,
  approvalsAtHead,
  dossierAtHead,
  imagesOf,
  includesAll,
  openAtHead,
  recordAtHead,
  releaseAtHead,
  serviceNames,
  servicesFor,
  subjectOf,
} from './at-head';
import { atomisedTarget, chainOf, environmentsBeforeTag } from './chain';
import { command, type StepContext } from './context';
import { backupProblem, rehearsalProblem, type Waiting } from './deployment-checks';
import { portCommand } from './forward-ports';
import { productionEnvironment } from './production';
import type { Situation } from './situation';
import { cachedMembers, expired } from './standing-dossier';

export type PreconditionId =
  | 'environmentKnown'
  | 'treeClean'
  | 'bumped'
  | 'built'
  | 'dossier'
  | 'fresh'
  | 'ownVerdicts'
  | 'images'
  | 'promoted'
  | 'tagged'
  | 'approved'
  | 'rehearsed'
  | 'backedUp'
  | 'notBad'
  | 'deployed'
  | 'forwardPorted'
  | 'verifiedBeforeTag';

/** A precondition that does not hold. */
export interface Unmet extends Refusal {
  /** The chain's step that makes it hold, where one does: under --dry-run that step only would have. */
  readonly madeBy: string | null;
  /** Set where a person has to act. */
  readonly waitingFor: { readonly on: string; readonly run: string } | null;
}

interface Subject {
  readonly context: Pick<StepContext, 'owner' | 'config'>;
  readonly situation: Situation;
  /** The environment in question; null for steps that have none. */
  readonly environment: string | null;
}

type Check = (subject: Subject) => Unmet | null;

/**
 * Every precondition of the lifecycle, once: steps refuse by it, status tells what blocks by it.
 * Each looks only at the situation; none has an effect.
 */
export const PRECONDITIONS: Readonly<Record<PreconditionId, Check>> = {
  environmentKnown: ({ context, environment }) => {
    const known = Object.keys(context.config.environments);
    if (environment !== null && known.includes(environment)) return null;
    if (known.length === 0)
      return unmet(
        'environmentKnown',
        'no environment is configured',
        'describe one under "environments" in slipway.json',
      );
    const choices = known.map((name) => `--env=${name}`).join(' or ');
    if (environment === null || environment === '')
      return unmet('environmentKnown', 'the environment is missing', `say which one: ${choices}`);
    const meant = closest(environment, known);
    return unmet(
      'environmentKnown',
      `there is no environment "${environment}"${meant === null ? '' : ` (did you mean "${meant}"?)`}`,
      `say which one: ${choices}`,
    );
  },

  treeClean: ({ situation: { tree } }) => {
    if (tree.dirty.length === 0) return null;
    const shown = tree.dirty.slice(0, 3).join(', ');
    const more = tree.dirty.length > 3 ? ` and ${tree.dirty.length - 3} more` : '';
    return unmet(
      'treeClean',
      `the work tree has changes that no commit holds: ${shown}${more}`,
      'commit or stash them: git stash --include-untracked',
    );
  },

  bumped: ({ context, situation }) => {
    const { record } = subjectOf(situation);
    // Past the commit of its tag the next release begins, and that has no bump yet.
    const over = record !== null && record.tag !== null && recordAtHead(situation) === null;
    if (!over && (record?.bump ?? null) !== null) return null;
    const reason = `commit ${short(situation.tree.head)} is no release commit`;
    return unmet('bumped', reason, command(context, 'release-bump'), 'release-bump');
  },

  built: ({ context, situation }) => {
    const { head } = situation.tree;
    if (Object.keys(context.config.images).length === 0) return null;
    if (imagesOf(context.config, subjectOf(situation).record, head) !== null) return null;
    return unmet(
      'built',
      `the ledger does not hold all images for commit ${short(head)}`,
      command(context, 'release-image'),
      'release-image',
    );
  },

  dossier: ({ context, situation }) => {
    if (releaseAtHead(situation)) return null;
    const { head } = situation.tree;
    const check = command(context, 'release-check');
    const failed = dossierAtHead(situation);
    const waitingFor = failed?.waiting ?? null;
    if (waitingFor !== null)
      return {
        ...unmet('dossier', `${waitingFor.on} is missing`, `${waitingFor.run}, then: ${check}`, 'release-check'),
        waitingFor,
      };
    if (failed)
      return unmet(
        'dossier',
        `the ledger's dossier for commit ${short(head)} did not pass: ${failed.reasons.join('; ')}`,
        `mend that, then: ${check}`,
        'release-check',
      );
    const abandoned = abandonedAtHead(situation);
    if (abandoned)
      return unmet(
        'dossier',
        `release ${abandoned.version} of commit ${short(head)} was given up: ${abandoned.reason}`,
        `git checkout ${context.config.release.main}, and release anew: ${command(context, 'release-plan')}`,
      );
    const open = openAtHead(situation);
    const dossier = open && situation.release.releases.get(open.version)?.dossier;
    const remedy =
      open !== undefined && dossier?.passed === true && dossier.commit !== head
        ? `git checkout ${open.branch} (${dossier.version} passed at ${short(dossier.commit)}), or release this commit: ${check}`
        : check;
    return unmet('dossier', `the ledger holds no passing dossier for commit ${short(head)}`, remedy, 'release-check');
  },

  fresh: ({ context, situation }) => {
    const dossier = releaseAtHead(situation);
    const gone = dossier === null ? null : expired(dossier, situation.now);
    return gone === null ? null : unmet('fresh', gone, command(context, 'release-check'), 'release-check');
  },

  ownVerdicts: ({ context, situation, environment }) => {
    const trusts = environment === null || (context.config.environments[environment]?.trustRemoteCache ?? true);
    const dossier = releaseAtHead(situation);
    if (trusts || dossier === null) return null;
    const cached = cachedMembers(dossier);
    if (cached.length === 0) return null;
    return unmet(
      'ownVerdicts',
      `${environment} trusts no cache, and the verdicts of ${cached.join(', ')} may have come out of one`,
      command(context, 'release-check', '--skip-nx-cache'),
    );
  },

  images: ({ context, situation, environment }) => {
    if (servicesFor(context.config, situation, environment) !== null) return null;
    if (environment !== null && serviceNames(context.config, environment).length === 0)
      return unmet(
        'images',
        `no service is deployed to ${environment}`,
        `name at least one under "environments.${environment}.services" in slipway.json, or leave the key out for all`,
      );
    const { head } = situation.tree;
    const built = imagesOf(context.config, recordAtHead(situation), head) !== null;
    const dossier = releaseAtHead(situation);
    if (built && dossier !== null)
      return unmet(
        'images',
        dossier.images === undefined
          ? `the dossier of commit ${short(head)} names no images: an older Slipway made it`
          : `the images of commit ${short(head)} are not those that its dossier was made for`,
        command(context, 'release-check'),
        'release-check',
      );
    return unmet(
      'images',
      `the ledger does not hold all images for commit ${short(head)}`,
      command(context, 'release-image'),
      'release-image',
    );
  },

  notBad: ({ context, situation, environment }) => {
    const dossier = releaseAtHead(situation);
    const state = environment === null ? undefined : situation.environments.get(environment);
    const bad = dossier === null ? undefined : state?.bad.get(dossier.version);
    if (!dossier || bad === undefined) return null;
    // What failed was another commit: this one may hold the fix.
    const last = state?.history.findLast(({ release }) => release.version === dossier.version);
    if (last !== undefined && last.release.commit !== dossier.commit) return null;
    return unmet(
      'notBad',
      `it failed there before: ${bad}`,
      `release a fix, or try it once more: ${command(context, 'release-deploy', `--env=${environment}`, '--retry')}`,
    );
  },

  promoted: (subject) => {
    const { context, environment } = subject;
    const from = environment === null ? undefined : context.config.environments[environment]?.requires.verifiedIn;
    return from === undefined ? null : unverified('promoted', subject, from, environment);
  },

  verifiedBeforeTag: (subject) =>
    environmentsBeforeTag(subject.context.config)
      .map((name) => unverified('verifiedBeforeTag', subject, name, name))
      .find((problem) => problem !== null) ?? null,

  tagged: ({ context, situation, environment }) => {
    if (environment === null || context.config.environments[environment]?.requires.tag !== true) return null;
    const dossier = releaseAtHead(situation);
    if (dossier && recordAtHead(situation)?.tag?.commit === dossier.commit) return null;
    return unmet(
      'tagged',
      `commit ${short(situation.tree.head)} is not tagged as a release`,
      command(context, 'release-tag'),
      'release-tag',
    );
  },

  approved: ({ context, situation, environment }) => {
    const roles = environment === null ? [] : (context.config.environments[environment]?.requires.approvals ?? []);
    const missing = roles.filter((role) => !approvalsAtHead(situation).some((approval) => approval.role === role));
    const first = missing[0];
    if (first === undefined) return null;
    const on = missing.map((role) => `the sign-off of the ${role}`).join(' and ');
    const run = missing.map((role) => command(context, 'release-approve', `--as=${role}`)).join(' && ');
    return { ...unmet('approved', `${on} is missing for ${environment}`, run), waitingFor: { on, run } };
  },

  rehearsed: ({ context, situation, environment }) =>
    awaited('rehearsed', environment === null ? null : rehearsalProblem(context, situation, environment)),

  backedUp: ({ context, situation, environment }) =>
    awaited('backedUp', environment === null ? null : backupProblem(context, situation, environment)),

  forwardPorted: ({ context, situation, environment }) => {
    // Only production has what a release without it would take away again.
    if (environment !== null && environment !== productionEnvironment(context.config)) return null;
    const plan = recordAtHead(situation)?.plan ?? null;
    const port = situation.forwardPorts.find(({ version, missing }) => {
      const opened = situation.release.releases.get(version)?.forwardPort;
      // The plan's reason speaks of what was known then.
      const leftOut = plan !== null && (plan.override ?? null) !== null && opened != null && opened.at <= plan.at;
      return missing.length > 0 && !leftOut;
    });
    if (plan === null || port === undefined) return null;
    const picks = port.missing.map(short).join(' ');
    const remedy =
      recordAtHead(situation)?.tag === null
        ? `get it on ${plan.branch}: git cherry-pick -x ${picks}, then ${command(context, 'release-check')}`
        : `release anew what has it: ${portCommand(context.config.release.main, port.missing)}, then ${command(context, 'release-plan')}`;
    return unmet(
      'forwardPorted',
      `release ${plan.version} lacks what hotfix ${port.version} mended in production (${picks})`,
      remedy,
    );
  },

  deployed: ({ context, situation, environment }) => {
    const current = environment === null ? null : (situation.environments.get(environment)?.current ?? null);
    if (current) return null;
    return unmet(
      'deployed',
      `nothing is deployed to ${environment}`,
      command(context, 'release-deploy', `--env=${environment}`),
      environment === null ? null : atomisedTarget('deploy', environment),
    );
  },
};

/** Those of `ids` that do not hold, in the order given. An unknown environment hides the rest: they would only repeat it. */
export function unmetOf(ids: readonly PreconditionId[], subject: Subject): readonly Unmet[] {
  const found: Unmet[] = [];
  for (const id of ids) {
    const problem = PRECONDITIONS[id](subject);
    if (!problem) continue;
    found.push(problem);
    if (id === 'environmentKnown') break;
  }
  return found;
}

/** These ask for the dossier themselves: without one they would only repeat that it is missing. */
const BY_DOSSIER: readonly PreconditionId[] = [
  'images',
  'notBad',
  'promoted',
  'verifiedBeforeTag',
  'tagged',
  'approved',
  'rehearsed',
  'forwardPorted',
];

/** What is worth telling a person of `problems`. */
export function telling(problems: readonly Unmet[]): readonly Unmet[] {
  if (!problems.some(({ id }) => id === 'dossier')) return problems;
  return problems.filter(({ id }) => !BY_DOSSIER.some((other) => other === id));
}

/** What a step says when preconditions do not hold: it waits where only people are missing, else it refuses. */
export function refusalOf(problems: readonly Unmet[]): Outcome {
  const waiting =
    problems.length > 0 && problems.every((problem) => problem.waitingFor !== null) ? problems[0]?.waitingFor : null;
  if (waiting) return { kind: 'waiting', ...waiting };
  return { kind: 'refused', refusals: problems.map(({ id, reason, remedy }) => ({ id, reason, remedy })) };
}

/**
 * Splits what does not hold, for a dry run: what would come first, by an earlier step of the chain or a person, and the rest.
 */
export function forDryRun(
  problems: readonly Unmet[],
  target: string,
  config: StepContext['config'],
): { readonly after: readonly string[]; readonly real: readonly Unmet[] } {
  const chain = chainOf(config).map((step) => step.target);
  const earlier = new Set(chain.slice(0, Math.max(0, chain.indexOf(target))));
  const before = ({ madeBy, waitingFor }: Unmet): string | null => {
    if (waitingFor !== null) return `${waitingFor.on} (${waitingFor.run})`;
    return madeBy !== null && earlier.has(madeBy) ? madeBy : null;
  };
  return {
    after: [...new Set(problems.flatMap((problem) => before(problem) ?? []))],
    real: problems.filter((problem) => before(problem) === null),
  };
}

/** What is the matter unless an environment verified the very digests that `receiver` gets. */
function unverified(
  id: PreconditionId,
  { context, situation }: Subject,
  environment: string,
  receiver: string | null,
): Unmet | null {
  const services = servicesFor(context.config, situation, receiver);
  if (services && verifiedIn(situation, environment, services)) return null;
  const verify = atomisedTarget('verify', environment);
  const version = releaseAtHead(situation)?.version ?? 'this release';
  const remedy = `npx nx run ${context.owner}:${verify}`;
  return unmet(id, `${environment} has not verified the digests of ${version}`, remedy, verify);
}

/** Whether an environment verified these very digests, and neither they nor this release turned bad there since. */
function verifiedIn(situation: Situation, environment: string, services: ServiceDigests): boolean {
  const state = situation.environments.get(environment);
  const version = releaseAtHead(situation)?.version;
  if (!state || (version !== undefined && state.bad.has(version))) return false;
  return state.verified.some((release) => includesAll(release.services, services) && !state.bad.has(release.version));
}

/** What a person has to do first. */
function awaited(id: PreconditionId, problem: Waiting | null): Unmet | null {
  if (problem === null) return null;
  const { reason, on, run } = problem;
  return { ...unmet(id, reason, run), waitingFor: { on, run } };
}

function unmet(id: PreconditionId, reason: string, remedy: string, madeBy: string | null = null): Unmet {
  return { id, reason, remedy, madeBy, waitingFor: null };
}

export function short(commit: string): string {
  return commit === '' ? '(none)' : commit.slice(0, 8);
}
