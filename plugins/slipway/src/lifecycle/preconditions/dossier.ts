import { abandonedAtHead, dossierAtHead, openAtHead, releaseAtHead } from '../at-head';
import { command } from '../context';
import { cachedMembers, expired } from '../standing-dossier';
import { short, unmet, type Check } from './precondition';

export const dossier: Check = ({ context, situation }) => {
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
};

export const fresh: Check = ({ context, situation }) => {
  const dossier = releaseAtHead(situation);
  const gone = dossier === null ? null : expired(dossier, situation.now);
  return gone === null ? null : unmet('fresh', gone, command(context, 'release-check'), 'release-check');
};

export const ownVerdicts: Check = ({ context, situation, environment }) => {
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
};
