import { randomBytes } from 'node:crypto';
import { EngineError } from '../image/engine';
import type { DeployedRelease } from '../ledger/events';
import type { ApplyResult, Driver } from './drivers/driver';
import { stopReason, wasStopped, type Session } from './session';

/** How applying a release ended; `unknown` where nobody can say how far it got. */
export type Application = ApplyResult | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Applies a release, fence checked before, and says afterwards what is known.
 * @param description to bring back byte for byte; default: what commit and environment's files give.
 */
export async function applyUnderFence(
  session: Session,
  driver: Driver,
  release: DeployedRelease,
  description?: string,
): Promise<Application> {
  const { world, lock } = session;
  await lock.check();
  world.stop.check();
  session.touched = true;
  try {
    const result = await driver.apply(release, {
      guard: () => guard(session),
      ...(description === undefined ? {} : { description }),
    });
    if (result.kind === 'unhealthy') {
      for (const { service, problem, log } of result.problems) {
        world.log.warn(`${problem}${log.length > 0 ? `; the last lines of ${service}:` : ''}`);
        for (const line of log) world.log.warn(`    ${line}`);
      }
    }
    return result;
  } catch (error) {
    if (wasStopped(error, world))
      return { kind: 'unknown', reason: `${stopReason(world)} while services were being replaced` };
    if (error instanceof EngineError) return { kind: 'unknown', reason: error.message };
    throw error;
  }
}

/** What must hold before each side effect: nobody stopped us, and the lock is still ours. */
export async function guard({ world, lock }: Session): Promise<void> {
  world.stop.check();
  await lock.check();
}

/** All that is wrong, in one clause. */
export function problemsOf(result: Extract<ApplyResult, { kind: 'unhealthy' }>): string {
  return result.problems.map(({ problem }) => problem).join('; ');
}

/** Identity of one deployment: readable, and never given twice. */
export function newDeployment(version: string): string {
  return `${version}-${randomBytes(4).toString('hex')}`;
}

/** For a summary: `backend 0123456789ab, frontend …`. */
export function showServices(release: DeployedRelease): string {
  return Object.entries(release.services)
    .map(([service, image]) => `${service} ${image.replace('sha256:', '').slice(0, 12)}`)
    .join(', ');
}
