import { producedFolder } from '../../gates/paths';
import { a11yReport, runA11y } from '../../produce/a11y/a11y';
import { removeReport } from '../../produce/report-file';
import { withTestStack } from '../../produce/test-stack';
import { result, type Step } from '../context';
import { isOutcome, stackOptions, unconfigured } from './producer';

const EXAMPLE = '{ "url": "http://127.0.0.1:${PORT}", "pages": [{ "name": "start", "path": "/" }] }';

/** Lets axe look at pages of the test stack in a real browser. */
export const a11y: Step = async (context) => {
  const { world, config, project, dryRun } = context;
  const reports = producedFolder(project, 'a11y');
  const settings = config.projects[project]?.a11y;
  if (settings === undefined) return result(unconfigured(context, 'a11y', EXAMPLE));
  const stack = await stackOptions(context, 'a11y');
  if (isOutcome(stack)) return result(stack);
  if (dryRun) return result({ kind: 'wouldDo', summary: 'open pages of the test stack in a browser' });
  await removeReport(world.root, a11yReport(reports));
  const { path, summary } = await withTestStack(world, stack, ({ variables }) =>
    runA11y(world, { reports, config: settings, variables }),
  );
  return result({ kind: 'done', summary }, { reports: [path] });
};
