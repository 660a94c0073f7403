import type { DeployedRelease, ServiceDigests } from '../ledger/events';
import { isHotfix, type Recorded, type ReleaseRecord } from '../ledger/state';
import type { StepContext } from './context';
import type { Situation } from './situation';

/**
 * All that the ledger holds of the release that the checked-out commit belongs to, by its dossier. Null for one that was given up,
 * or planned and bumped anew since: what was found out about the old commit says nothing of it.
 */
export function recordAtHead({ release, tree }: Situation): ReleaseRecord | null {
  return (
    [...release.releases.values()]
      .reverse()
      .find((record) => record.abandoned === null && standing(record, record.dossiers.get(tree.head)) !== null) ?? null
  );
}

/** The release of the checked-out commit that was given up; null where none was. */
export function abandonedAtHead({ release, tree }: Situation): Recorded<'abandoned'> | null {
  const record = [...release.releases.values()].reverse().find(({ dossiers }) => dossiers.has(tree.head));
  return record?.abandoned ?? null;
}

/** The dossier itself, where it is about the bump that the latest plan led to. */
function standing(record: ReleaseRecord, dossier: Recorded<'check'> | undefined): Recorded<'check'> | null {
  return dossier !== undefined && record.bump?.from === dossier.gated ? dossier : null;
}

/** The dossier of the checked-out commit, passed or not. */
export function dossierAtHead(situation: Situation): Recorded<'check'> | null {
  return recordAtHead(situation)?.dossiers.get(situation.tree.head) ?? null;
}

/** The passing dossier of the checked-out commit; what tag and deployment rely on. */
export function releaseAtHead(situation: Situation): Recorded<'check'> | null {
  const dossier = dossierAtHead(situation);
  return dossier?.passed === true ? dossier : null;
}

/** Sign-offs of this very commit. They may come before its dossier, which relies on some of them. */
export function approvalsAtHead(situation: Situation): readonly Recorded<'approval'>[] {
  const { head } = situation.tree;
  return subjectOf(situation).record?.approvals.filter(({ commit }) => commit === head) ?? [];
}

/**
 * Which of the open releases the work tree is about, by the name of its branch or the commit that was planned; else the one that
 * starts from main. Whether that commit really holds it, is another question.
 */
export function openAtHead({ release: { opens }, tree }: Situation): Recorded<'planned'> | undefined {
  const latestFirst = [...opens].reverse();
  return (
    latestFirst.find((open) => tree.branch !== null && (open.branch === tree.branch || open.base === tree.branch)) ??
    latestFirst.find((open) => open.commit === tree.head) ??
    latestFirst.find((open) => !isHotfix(open))
  );
}

/**
 * What was planned on the very commit of a tagged release, and is not bumped yet: after a pre-release its next stage, or the final
 * version, which need no commit in between.
 */
export function nextAtHead(situation: Situation): Recorded<'planned'> | undefined {
  const { release, tree } = situation;
  const tagged = recordAtHead(situation);
  if ((tagged?.tag ?? null) === null) return undefined;
  return release.opens.find(
    ({ version, commit }) =>
      commit === tree.head && version !== tagged?.version && release.releases.get(version)?.bump === null,
  );
}

/** A release with the dossier that it goes on with; the dossier is null until its latest bump passed. */
export interface Subject {
  readonly record: ReleaseRecord | null;
  readonly dossier: Recorded<'check'> | null;
}

/**
 * The release that status speaks of: that of the checked-out commit, else the open one. One that was planned on another commit and
 * written nothing yet is none; nor is a tagged one that failed somewhere: a fix comes next, not that release again.
 */
export function subjectOf(situation: Situation): Subject {
  const { release, tree, environments } = situation;
  const next = nextAtHead(situation);
  if (next !== undefined) return { record: release.releases.get(next.version) ?? null, dossier: null };
  const atHead = recordAtHead(situation);
  if (atHead !== null) return { record: atHead, dossier: releaseAtHead(situation) };
  const none: Subject = { record: null, dossier: null };
  const open = openAtHead(situation);
  const record = open && release.releases.get(open.version);
  if (open === undefined || record === undefined) return none;
  if (record.bump === null) {
    return tree.head === open.commit || tree.branch === open.branch ? { record, dossier: null } : none;
  }
  const failed = [...environments.values()].some(({ bad }) => bad.has(open.version));
  if (record.tag !== null && failed) return none;
  const dossier = standing(record, record.dossier ?? undefined);
  return { record, dossier: dossier?.passed === true ? dossier : null };
}

/** Digests of the images that the ledger holds for a commit of the release; null while they are not all there. */
export function imagesOf(
  config: StepContext['config'],
  record: ReleaseRecord | null,
  commit: string,
): ServiceDigests | null {
  const images = record?.images;
  return images?.commit === commit ? chosen(images.services, Object.keys(config.images)) : null;
}

/**
 * Digests that the environment gets: those that the release's dossier was made for, as long as the ledger holds no others for its commit.
 * Without environment: of all services. Null while they are not all there, and for a dossier that names none (Slipway before 0.2).
 */
export function servicesOf(
  config: StepContext['config'],
  { record, dossier }: Subject,
  environment: string | null,
): ServiceDigests | null {
  const checked = dossier?.images;
  const built = record?.images;
  if (!dossier || checked === undefined || built?.commit !== dossier.commit) return null;
  if (!includesAll(built.services, checked)) return null;
  return chosen(checked, serviceNames(config, environment));
}

/** Where a release's images of these services were pushed to; null where one of them was pushed nowhere. */
export function referencesOf(record: ReleaseRecord | null, services: ServiceDigests): ServiceDigests | null {
  const pushed = record?.images?.references;
  return pushed === undefined ? null : chosen(pushed, Object.keys(services));
}

function chosen(services: ServiceDigests, names: readonly string[]): ServiceDigests | null {
  const entries = names.flatMap((name): [string, string][] => {
    const digest = services[name];
    return digest === undefined ? [] : [[name, digest]];
  });
  return entries.length === names.length && names.length > 0 ? Object.fromEntries(entries) : null;
}

/** The commit that a release goes on with: the one that was checked, else what is checked out on its branch, else the bump's. */
export function commitOf({ record, dossier }: Subject, { tree }: Situation): string | null {
  if (dossier !== null) return dossier.commit;
  if (record === null || record.bump === null) return null;
  const here =
    tree.branch === record.plan?.branch || record.dossiers.has(tree.head) || record.images?.commit === tree.head;
  return here ? tree.head : record.bump.commit;
}

/** The same for the checked-out commit. */
export function servicesFor(
  config: StepContext['config'],
  situation: Situation,
  environment: string | null,
): ServiceDigests | null {
  return servicesOf(config, { record: recordAtHead(situation), dossier: releaseAtHead(situation) }, environment);
}

/**
 * What an environment would get of the checked-out commit where it passed no check: its release is bumped, and its images are built.
 * Only the emergency lane goes by it. Null where there is no such release, where it was given up, and where it did pass.
 */
export function uncheckedRelease(
  config: StepContext['config'],
  situation: Situation,
  environment: string | null,
): DeployedRelease | null {
  const { record } = subjectOf(situation);
  if (record === null || record.abandoned !== null || releaseAtHead(situation) !== null) return null;
  const commit = situation.tree.head;
  const images = imagesOf(config, record, commit);
  const services = images === null ? null : chosen(images, serviceNames(config, environment));
  if (services === null) return null;
  const references = referencesOf(record, services);
  return { version: record.version, commit, services, ...(references && { references }) };
}

export function serviceNames(config: StepContext['config'], environment: string | null): readonly string[] {
  const own = environment === null ? undefined : config.environments[environment]?.services;
  return own ?? Object.keys(config.images);
}

export function includesAll(have: ServiceDigests, wanted: ServiceDigests): boolean {
  return Object.entries(wanted).every(([service, digest]) => have[service] === digest);
}
