import { producedFolder } from '../../gates/paths';
import { runIntegration } from '../../produce/integration';
import { withTestStack } from '../../produce/test-stack';
import { result, type Step } from '../context';
import { isOutcome, stackOptions, unconfigured } from './producer';

const EXAMPLE = '{ "command": ["npm", "run", "test:integration"], "url": "http://127.0.0.1:${PORT}" }';

/** Runs a project's own tests against the test stack; their report is theirs. */
export const integration: Step = async (context) => {
  const { world, config, project, dryRun } = context;
  const settings = config.projects[project]?.integration;
  if (settings === undefined) return result(unconfigured(context, 'integration', EXAMPLE));
  const stack = await stackOptions(context, 'integration');
  if (isOutcome(stack)) return result(stack);
  if (dryRun) return result({ kind: 'wouldDo', summary: `run ${settings.command.join(' ')} against the test stack` });
  const summary = await withTestStack(world, stack, ({ variables }) =>
    runIntegration(world, settings, variables, producedFolder(project, 'integration')),
  );
  return result({ kind: 'done', summary });
};
