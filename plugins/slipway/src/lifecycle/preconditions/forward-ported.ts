import { recordAtHead } from '../at-head';
import { command } from '../context';
import { portCommand } from '../forward-ports';
import { productionEnvironment } from '../production';
import { short, unmet, type Check } from './precondition';

export const forwardPorted: Check = ({ context, situation, environment }) => {
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
};
