import type { Outcome } from '../../ledger/outcome';
import type { TestStackOptions } from '../../produce/test-stack';
import type { StepContext } from '../context';
import { readManifests } from '../manifests';

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

/** What a producer starts for itself, or the refusal where slipway.json has no test stack. */
export async function stackOptions(context: StepContext, purpose: string): Promise<TestStackOptions | Outcome> {
  const { config, project } = context;
  if (config.testStack === undefined)
    return {
      kind: 'refused',
      refusals: [
        {
          id: 'testStack',
          reason: `${context.target} of ${project} needs a test stack, and slipway.json has none`,
          remedy:
            'add it: "testStack": { "compose": "docker-compose.test.yml", "project": "acme-test", "ports": ["PORT"] }',
        },
      ],
    };
  const { blank } = await readManifests(context);
  return { config: config.testStack, images: config.images, blank, purpose: `${purpose}-${project}` };
}

export function isOutcome(value: TestStackOptions | Outcome): value is Outcome {
  return 'kind' in value;
}
