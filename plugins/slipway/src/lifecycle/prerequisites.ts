import type { Refusal } from '../ledger/outcome';
import { chainOf } from './chain';
import type { StepContext } from './context';

/**
 * Members and targets that the chain relies on and the workspace does not have. Nx drops an edge to a missing project or
 * target without a word, so a gate that is not there would be a gate that never fails.
 */
export function missingTargets(
  context: Pick<StepContext, 'projects' | 'members' | 'owner' | 'config'>,
): readonly Refusal[] {
  const targetsOf = (name: string): readonly string[] =>
    context.projects.find((project) => project.name === name)?.targets ?? [];
  const wanted = [
    ...context.members.map(({ name }) => ({ project: name, target: 'release-gate' })),
    ...context.members.flatMap(({ name }) =>
      (context.config.projects[name]?.producers ?? []).map((target) => ({ project: name, target })),
    ),
    ...chainOf(context.config).map(({ target }) => ({ project: context.owner, target })),
  ];
  const unknown = Object.keys(context.config.projects).filter(
    (name) => !context.projects.some((project) => project.name === name),
  );
  return [
    ...unknown.map((name) => ({
      id: 'projectMissing',
      reason: `slipway.json configures the project "${name}", which the workspace does not have`,
      remedy: 'correct the name under "projects" in slipway.json',
    })),
    ...wanted
      .filter(({ project, target }) => !targetsOf(project).includes(target))
      .map(({ project, target }) => ({
        id: 'targetMissing',
        reason: `${project} has no target ${target}, which the release relies on`,
        remedy: `npx nx show project ${project}; is it excluded from the nx-slipway plugin in nx.json?`,
      })),
  ];
}
