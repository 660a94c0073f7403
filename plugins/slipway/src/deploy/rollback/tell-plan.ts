import type { Clock } from '../../io/world';
import { showDuration } from '../duration';
import { runningDigests } from '../read-back';
import type { RollbackPlan } from './plan';

/** The plan in words for a person under stress. Names and hashes only, never a value. Pure. */
export function tellPlan(
  environment: string,
  plan: RollbackPlan,
  patience: number,
  clock: Pick<Clock, 'now'>,
): readonly string[] {
  const { to, parts, anchored, configuration, leaving } = plan;
  const from = leaving === null || leaving.version === to.version ? '' : ` from ${leaving.version}`;
  const lines = [`Rollback of ${environment}${from} to ${to.version}: ${parts.join(' and ')}`];
  if (plan.caution !== undefined) lines.push(`  CAUTION: ${plan.caution}`);
  if (parts.includes('application')) {
    const now = runningDigests(plan.running, Object.keys(to.services));
    for (const [service, image] of Object.entries(to.services)) {
      const before = now[service];
      lines.push(
        before === image
          ? `  ${service}: keeps ${short(image)}`
          : `  ${service}: ${before === undefined ? 'does not run' : short(before)} → ${short(image)}`,
      );
    }
    lines.push(
      anchored.content === null
        ? `  description: made anew from commit ${to.commit.slice(0, 10)}, because this host holds no snapshot of it${anchored.id === null ? '' : ` (${anchored.id})`}; the environment's files of today go into it`
        : `  description: byte for byte that of deployment ${anchored.id}`,
    );
  }
  lines.push(...tellSchema(plan, clock).map((line) => `  database: ${line}`));
  if (configuration !== null) {
    lines.push(`  configuration: as of deployment ${configuration.of}`);
    lines.push(...configuration.changes.map((change) => `    ${change}`));
  }
  lines.push(`  takes at most ${showDuration(patience)} until services are healthy, plus probes and database`);
  return lines;
}

function tellSchema({ schema, parts }: RollbackPlan, clock: Pick<Clock, 'now'>): readonly string[] {
  switch (schema.kind) {
    case 'none':
      return parts.length === 1 && parts[0] === 'configuration' ? [] : [`stays as it is: ${schema.why}`];
    case 'left':
      return [`stays as it is, and the older release may not run with it: ${schema.why}`];
    case 'refused':
      return schema.refusals.map(({ reason }) => reason);
    case 'restore': {
      const { id, takenAt } = schema.backup;
      const age = Math.max(0, clock.now().getTime() - Date.parse(takenAt));
      return [`restored from backup ${id}: EVERYTHING WRITTEN SINCE ${takenAt} (${showDuration(age)} ago) IS LOST`];
    }
    case 'reverse': {
      const how = {
        applicationFirst: 'after the older release serves',
        schemaFirst: 'before the older release starts, which needs what they took away',
        stopped: 'while the application is stopped, since neither release is known to run with both schemas',
      }[schema.order];
      const names = schema.plan.steps.map(({ name, effect }) => `${name} (${effect})`);
      return [`${names.join(', ')} are reversed from the image of ${schema.reversal.from.version}, ${how}`];
    }
  }
}

function short(image: string): string {
  return image.replace('sha256:', '').slice(0, 12);
}
