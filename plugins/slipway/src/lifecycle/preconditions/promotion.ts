import { gt } from 'semver';
import type { ServiceDigests } from '../../ledger/events';
import { isHotfix } from '../../ledger/state';
import { isVersion } from '../../version/next-version';
import { includesAll, recordAtHead, releaseAtHead, servicesFor, subjectOf } from '../at-head';
import { atomisedTarget, environmentsBeforeTag } from '../chain';
import { command } from '../context';
import { productionEnvironment } from '../production';
import type { Situation } from '../situation';
import { unmet, type Check, type PreconditionId, type Subject, type Unmet } from './precondition';

export const deployed: Check = ({ context, situation, environment }) => {
  const current = environment === null ? null : (situation.environments.get(environment)?.current ?? null);
  if (current) return null;
  return unmet(
    'deployed',
    `nothing is deployed to ${environment}`,
    command(context, 'release-deploy', `--env=${environment}`),
    environment === null ? null : atomisedTarget('deploy', environment),
  );
};

export const notBad: Check = ({ context, situation, environment }) => {
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
};

/** Whether nothing newer serves there: that would be going back, and a deployment has no way to do so with care. */
export const notOlder: Check = ({ context, situation, environment }) => {
  const serving = environment === null ? null : (situation.environments.get(environment)?.current ?? null);
  const record = recordAtHead(situation) ?? subjectOf(situation).record;
  if (serving === null || record === null || !isVersion(serving.version) || !isVersion(record.version)) return null;
  if (!gt(serving.version, record.version)) return null;
  // A hotfix is made of what production runs: it passes environments that went on since.
  const passing = environment !== productionEnvironment(context.config);
  if (passing && record.plan !== null && isHotfix(record.plan)) return null;
  const env = `--env=${environment}`;
  return unmet(
    'notOlder',
    `${environment} serves ${serving.version}, which is newer than ${record.version}`,
    `to go back, roll back: ${command(context, 'release-rollback', env, `--to=${record.version}`)}`,
  );
};

export const promoted: Check = (subject) => {
  const { context, environment } = subject;
  const from = environment === null ? undefined : context.config.environments[environment]?.requires.verifiedIn;
  return from === undefined ? null : unverified('promoted', subject, from, environment);
};

export const verifiedBeforeTag: Check = (subject) =>
  environmentsBeforeTag(subject.context.config)
    .map((name) => unverified('verifiedBeforeTag', subject, name, name))
    .find((problem) => problem !== null) ?? null;

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
