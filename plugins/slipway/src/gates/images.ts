import type { CheckResult, Finding } from './check';

const CHECK = 'images';

/** What is known of a service's image. */
export interface ImageState {
  readonly service: string;
  /** `sha256:…` by the ledger; null where it holds none for this commit. */
  readonly digest: string | null;
  /** Digest of the build context that the ledger names, and that of the commit. */
  readonly recordedContext: string | null;
  readonly wantedContext: string;
  /** As the image names it; null where the engine's word was not recorded. */
  readonly user: string | null;
  /** Its own health check; null where it has none, undefined where the engine's word was not recorded. */
  readonly healthcheck: readonly string[] | null | undefined;
  /** What Compose makes of it, in each environment that deploys it. */
  readonly deployed: readonly DeployedService[];
}

export interface DeployedService {
  readonly environment: string;
  /** Path of the Compose file. */
  readonly file: string;
  /** `user:` of the service; null where it leaves the image's. */
  readonly user: string | null;
  /** `disabled` where it switches a health check off; `inherited` where it says nothing. */
  readonly healthcheck: 'own' | 'inherited' | 'disabled';
}

export interface ImagesPolicy {
  readonly healthcheck: boolean;
  readonly nonRoot: boolean;
}

/** Whether each image was built from the release's commit, tells its health, and runs as somebody else than root. */
export function judgeImages(images: readonly ImageState[], policy: ImagesPolicy): CheckResult {
  const findings = images.flatMap((image) => [
    ...originFindings(image),
    ...healthFindings(image, policy),
    ...userFindings(image, policy),
  ]);
  const asked = policy.healthcheck || policy.nonRoot;
  const unknown = images.filter(
    ({ user, healthcheck, digest }) => asked && digest !== null && (user === null || healthcheck === undefined),
  );
  const names = unknown.map(({ service }) => service).join(', ');
  const unsettled = `the ledger does not say what the engine knows of ${names}; record it: release-image`;
  const base = { check: CHECK, limit: 0, unit: 'count', findings } as const;
  if (findings.length > 0) {
    const more = findings.length === 1 ? '' : `, and ${findings.length - 1} more`;
    return {
      ...base,
      verdict: 'fail',
      reason: `${findings[0]?.title ?? ''}${more}`,
      measured: findings.length,
      // That an image is of another commit is no matter of opinion: it has no fingerprint, and can't be waived.
      blocking: findings.length,
      ...(unknown.length === 0 ? {} : { unsettled }),
    };
  }
  if (unknown.length > 0) return { ...base, verdict: 'inconclusive', reason: unsettled, measured: null };
  const kept = [policy.healthcheck ? ['a health check'] : [], policy.nonRoot ? ['a user other than root'] : []].flat();
  const services = images.map(({ service }) => service).join(', ');
  const origin = `${services}: built from this commit's files`;
  return { ...base, verdict: 'pass', reason: [origin, ...kept].join(', '), measured: 0 };
}

function originFindings({ service, digest, recordedContext, wantedContext }: ImageState): Finding[] {
  const fix = 'build it: release-image';
  if (digest === null || recordedContext === null)
    return [{ title: `no image of ${service} was recorded for this commit`, fix }];
  if (recordedContext === wantedContext) return [];
  return [{ title: `the image of ${service} was built from other files than this commit's`, detail: digest, fix }];
}

/** Its own word, or Compose's wherever it is deployed. */
function healthFindings({ service, healthcheck, deployed }: ImageState, policy: ImagesPolicy): Finding[] {
  if (!policy.healthcheck || healthcheck === undefined) return [];
  const bare = deployed.filter(
    (place) => place.healthcheck === 'disabled' || (place.healthcheck === 'inherited' && healthcheck === null),
  );
  const problem = (where: string, file?: string): Finding => ({
    title: `${service} has no health check${where}`,
    ...(file === undefined ? {} : { file }),
    fix: `add a healthcheck to the service ${service}, or HEALTHCHECK to its Dockerfile`,
    fingerprint: `${CHECK}:healthcheck:${service}${where === '' ? '' : `:${file ?? ''}`}`,
  });
  if (deployed.length === 0) return healthcheck === null ? [problem('')] : [];
  return bare.map(({ environment, file }) => problem(` in ${environment}`, file));
}

function userFindings({ service, user, deployed }: ImageState, policy: ImagesPolicy): Finding[] {
  if (!policy.nonRoot || user === null) return [];
  const problem = (where: string, who: string, file?: string): Finding => ({
    title: `${service} runs as root${where}`,
    ...(file === undefined ? {} : { file }),
    detail: who === '' ? 'the image names no user' : `its user is "${who}"`,
    fix: `name a user other than root in the Dockerfile of ${service}: USER 65532:65532`,
    fingerprint: `${CHECK}:root:${service}${file === undefined ? '' : `:${file}`}`,
  });
  if (deployed.length === 0) return isRoot(user) ? [problem('', user)] : [];
  return deployed
    .filter((place) => isRoot(place.user ?? user))
    .map(({ environment, file, user: own }) => problem(` in ${environment}`, own ?? user, file));
}

/** Nobody named is root; so is whoever has the number 0, whatever the group. A variable may be anybody. */
export function isRoot(user: string): boolean {
  const name = (user.split(':', 1)[0] ?? '').trim();
  return name === '' || name === 'root' || /^0+$/.test(name) || name.includes('$');
}
