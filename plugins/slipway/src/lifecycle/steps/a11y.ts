import { producedFolder } from '../../gates/paths';
import { a11yReport, runA11y } from '../../produce/a11y/a11y';
import { removeReport } from '../../produce/report-file';
import { result, type Step } from '../context';
import { stackStep } from './stack-step';

/** Lets axe look at pages of the test stack in a real browser. */
export const a11y: Step = (context) =>
  stackStep(context, {
    key: 'a11y',
    example: '{ "url": "http://127.0.0.1:${PORT}", "pages": [{ "name": "start", "path": "/" }] }',
    would: () => 'open pages of the test stack in a browser',
    work: async (config, onStack) => {
      const { world, project } = context;
      const reports = producedFolder(project, 'a11y');
      await removeReport(world.root, a11yReport(reports));
      const { path, summary } = await onStack(({ variables }) => runA11y(world, { reports, config, variables }));
      return result({ kind: 'done', summary }, { reports: [path] });
    },
  });
