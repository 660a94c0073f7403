import { approvalsAtHead, recordAtHead, releaseAtHead } from '../at-head';
import { command } from '../context';
import { short, unmet, type Check } from './precondition';

export const tagged: Check = ({ context, situation, environment }) => {
  if (environment === null || context.config.environments[environment]?.requires.tag !== true) return null;
  const dossier = releaseAtHead(situation);
  if (dossier && recordAtHead(situation)?.tag?.commit === dossier.commit) return null;
  return unmet(
    'tagged',
    `commit ${short(situation.tree.head)} is not tagged as a release`,
    command(context, 'release-tag'),
    'release-tag',
  );
};

export const approved: Check = ({ context, situation, environment }) => {
  const roles = environment === null ? [] : (context.config.environments[environment]?.requires.approvals ?? []);
  const missing = roles.filter((role) => !approvalsAtHead(situation).some((approval) => approval.role === role));
  const first = missing[0];
  if (first === undefined) return null;
  const on = missing.map((role) => `the sign-off of the ${role}`).join(' and ');
  const run = missing.map((role) => command(context, 'release-approve', `--as=${role}`)).join(' && ');
  return { ...unmet('approved', `${on} is missing for ${environment}`, run), waitingFor: { on, run } };
};
