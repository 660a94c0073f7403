import { producedFolder } from '../../gates/paths';
import { runIntegration } from '../../produce/integration';
import { result, type Step } from '../context';
import { stackStep } from './stack-step';

/** Runs a project's own tests against the test stack; their report is theirs. */
export const integration: Step = (context) =>
  stackStep(context, {
    key: 'integration',
    example: '{ "command": ["npm", "run", "test:integration"], "url": "http://127.0.0.1:${PORT}" }',
    would: ({ command }) => `run ${command.join(' ')} against the test stack`,
    work: async (settings, onStack) => {
      const { world, project } = context;
      const summary = await onStack(({ variables }) =>
        runIntegration(world, settings, variables, producedFolder(project, 'integration')),
      );
      return result({ kind: 'done', summary });
    },
  });
