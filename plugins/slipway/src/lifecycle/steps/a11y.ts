import { a11yReport, runA11y } from '../../produce/a11y/a11y';
import { removeReport } from '../../produce/report-file';
import { withTestStack } from '../../produce/test-stack';
import { result, type Step } from '../context';
import { isOutcome, ownProject, stackOptions, unconfigured } from './producer';

const EXAMPLE = '{ "url": "http://127.0.0.1:${PORT}", "pages": [{ "name": "start", "path": "/" }] }';

/** Lets axe look at pages of the test stack in a real browser. */
export const a11y: Step = async (context) => {
  const { world, config, project, dryRun } = context;
  const { root } = ownProject(context);
  const settings = config.projects[project]?.a11y;
  if (settings === undefined) return result(unconfigured(context, 'a11y', EXAMPLE));
  const stack = await stackOptions(context, 'a11y');
  if (isOutcome(stack)) return result(stack);
  if (dryRun) return result({ kind: 'wouldDo', summary: 'open pages of the test stack in a browser' });
  await removeReport(world.root, a11yReport(root));
  const { path, summary } = await withTestStack(world, stack, ({ variables }) =>
    runA11y(world, { project: root, config: settings, variables }),
  );
  return result({ kind: 'done', summary }, { reports: [path] });
};
