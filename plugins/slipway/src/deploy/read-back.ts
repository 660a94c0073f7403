import type { DeployedRelease, ServiceDigests } from '../ledger/events';
import type { ProblemKind, RunningService, ServiceProblem } from './drivers/driver';

/**
 * What differs between what was asked for and what runs. Empty only where every asked service runs exactly its image and is healthy.
 * A service without a healthcheck is not taken for healthy.
 */
export function compareRunning(
  asked: ServiceDigests,
  running: readonly RunningService[],
): readonly Omit<ServiceProblem, 'log'>[] {
  return [
    ...Object.entries(asked).flatMap(([service, image]) => {
      const instances = running.filter((item) => item.service === service);
      if (instances.length === 0) return [{ service, kind: 'missing' as const, problem: `${service} does not run` }];
      return instances.flatMap((instance) => problemOf(instance, image) ?? []);
    }),
    ...running.filter((item) => !Object.hasOwn(asked, item.service)).flatMap((item) => companionProblem(item) ?? []),
  ];
}

type Problem = Omit<ServiceProblem, 'log'>;

function problemOf(instance: RunningService, image: string): Problem | null {
  const { service } = instance;
  const problem = (kind: ProblemKind, text: string): Problem => ({ service, kind, problem: text });
  if (instance.image !== image) {
    return problem('wrongImage', `${service} runs ${shortImage(instance.image)} instead of ${shortImage(image)}`);
  }
  if (!instance.running) return problem('stopped', `${service} is not running (exit ${instance.exitCode})`);
  switch (instance.health) {
    case 'healthy':
      return null;
    case 'none':
      return problem('unknownHealth', `${service} has no healthcheck, so its health is unknown`);
    case 'starting':
      return problem('starting', `${service} is still not healthy`);
    case 'unhealthy':
      return problem('unhealthy', `${service} is unhealthy`);
  }
}

/** Services that come along, such as a database: no image of ours, and a one-shot may have ended well. */
function companionProblem(instance: RunningService): Problem | null {
  const { service } = instance;
  if (!instance.running && instance.exitCode !== 0) {
    return { service, kind: 'stopped', problem: `${service} is not running (exit ${instance.exitCode})` };
  }
  if (instance.running && instance.health === 'unhealthy') {
    return { service, kind: 'unhealthy', problem: `${service} is unhealthy` };
  }
  if (instance.running && instance.health === 'starting') {
    return { service, kind: 'starting', problem: `${service} is still not healthy` };
  }
  return null;
}

/** Whether exactly this release runs, healthy, deployed as this version and commit. */
export function serves(release: DeployedRelease, asked: ServiceDigests, running: readonly RunningService[]): boolean {
  return (
    Object.keys(asked).length > 0 &&
    compareRunning(asked, running).length === 0 &&
    running
      .filter((item) => Object.hasOwn(asked, item.service))
      .every(
        ({ versionless, release: deployed }) =>
          versionless === true || (deployed?.version === release.version && deployed.commit === release.commit),
      )
  );
}

/** The images that run, by service; where instances of one service differ, that service is left out. */
export function runningDigests(running: readonly RunningService[], services: readonly string[]): ServiceDigests {
  return Object.fromEntries(
    services.flatMap((service) => {
      const images = new Set(
        running.filter((item) => item.service === service && item.running).map((item) => item.image),
      );
      const [image] = images;
      return images.size === 1 && image !== undefined ? [[service, image]] : [];
    }),
  );
}

export function sameDigests(a: ServiceDigests, b: ServiceDigests): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

export function sameRelease(a: DeployedRelease, b: DeployedRelease): boolean {
  return a.version === b.version && a.commit === b.commit && sameDigests(a.services, b.services);
}

function shortImage(image: string): string {
  return image.slice(0, 'sha256:'.length + 12);
}
