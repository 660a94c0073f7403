import {
  imagesOf,
  recordAtHead,
  releaseAtHead,
  serviceNames,
  servicesFor,
  subjectOf,
  uncheckedRelease,
} from '../at-head';
import { command } from '../context';
import { short, unmet, type Check } from './precondition';

export const bumped: Check = ({ context, situation }) => {
  const { record } = subjectOf(situation);
  // Past the commit of its tag the next release begins, and that has no bump yet.
  const over = record !== null && record.tag !== null && recordAtHead(situation) === null;
  if (!over && (record?.bump ?? null) !== null) return null;
  const reason = `commit ${short(situation.tree.head)} is no release commit`;
  return unmet('bumped', reason, command(context, 'release-bump'), 'release-bump');
};

export const built: Check = ({ context, situation }) => {
  const { head } = situation.tree;
  if (Object.keys(context.config.images).length === 0) return null;
  if (imagesOf(context.config, subjectOf(situation).record, head) !== null) return null;
  return unmet(
    'built',
    `the ledger does not hold all images for commit ${short(head)}`,
    command(context, 'release-image'),
    'release-image',
  );
};

export const images: Check = ({ context, situation, environment }) => {
  if (servicesFor(context.config, situation, environment) !== null) return null;
  // Where there is no dossier, that is told by the precondition of that name.
  if (uncheckedRelease(context.config, situation, environment) !== null) return null;
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
};
