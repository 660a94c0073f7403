import type { Outcome } from '../../ledger/outcome';
import { withTestStack, type TestStack, type TestStackOptions } from '../../produce/test-stack';
import { result, type StepContext, type StepResult } from '../context';
import { readManifests } from '../manifests';
import { unconfigured } from './producer';

type ProjectConfig = StepContext['config']['projects'][string];

/** A producer that works with the test stack. */
export interface StackStep<K extends keyof ProjectConfig> {
  /** Of its settings, below a project. */
  readonly key: K;
  /** What its settings may look like. */
  readonly example: string;
  /** What it would do, for a dry run. */
  readonly would: (settings: NonNullable<ProjectConfig[K]>) => string;
  /** @param onStack starts the stack, and removes it afterwards */
  readonly work: (
    settings: NonNullable<ProjectConfig[K]>,
    onStack: <T>(use: (stack: TestStack) => Promise<T>) => Promise<T>,
  ) => Promise<StepResult>;
}

/** Does its work where it is configured, and slipway.json has a test stack. */
export async function stackStep<K extends keyof ProjectConfig>(
  context: StepContext,
  { key, example, would, work }: StackStep<K>,
): Promise<StepResult> {
  const { world, config, project, dryRun } = context;
  const settings = config.projects[project]?.[key];
  if (settings === undefined || settings === null) return result(unconfigured(context, key, example));
  const stack = await stackOptions(context, key);
  if (isOutcome(stack)) return result(stack);
  if (dryRun) return result({ kind: 'wouldDo', summary: would(settings) });
  return work(settings, (use) => withTestStack(world, stack, use));
}

/** What a producer starts for itself, or the refusal where slipway.json has no test stack. */
async function stackOptions(context: StepContext, purpose: string): Promise<TestStackOptions | Outcome> {
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

function isOutcome(value: TestStackOptions | Outcome): value is Outcome {
  return 'kind' in value;
}
