import type { Outcome } from '../../ledger/outcome';
import type { StepContext } from '../context';

type Project = StepContext['projects'][number];
type ProjectConfig = StepContext['config']['projects'][string];

/** The project whose target runs. */
export function ownProject({ project, projects }: Pick<StepContext, 'project' | 'projects'>): Project {
  const own = projects.find(({ name }) => name === project);
  if (!own) throw new Error(`${project} is not a project of this workspace`);
  return own;
}

/** What has to be configured before a producer can run; the target may be there although nobody configured it. */
export function unconfigured(
  context: Pick<StepContext, 'project'>,
  key: keyof ProjectConfig,
  example: string,
): Outcome {
  return {
    kind: 'refused',
    refusals: [
      {
        id: 'unconfigured',
        reason: `${context.project} has no "${key}" in slipway.json`,
        remedy: `add it: "projects": { "${context.project}": { "${key}": ${example} } }`,
      },
    ],
  };
}
