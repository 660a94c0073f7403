import { producedFolder } from '../../gates/paths';
import { loadReport, runLoad } from '../../produce/load/load';
import { removeReport } from '../../produce/report-file';
import { withTestStack } from '../../produce/test-stack';
import { result, type Step } from '../context';
import { isOutcome, stackOptions, unconfigured } from './producer';

const EXAMPLE = '{ "url": "http://127.0.0.1:${PORT}", "scenarios": [{ "name": "start", "path": "/" }] }';

/** Load-tests the test stack. Pure enough to be cached: the same files under the same load. */
export const load: Step = async (context) => {
  const { world, config, project, dryRun } = context;
  const reports = producedFolder(project, 'load');
  const settings = config.projects[project]?.load;
  if (settings === undefined) return result(unconfigured(context, 'load', EXAMPLE));
  const stack = await stackOptions(context, 'load');
  if (isOutcome(stack)) return result(stack);
  if (dryRun) return result({ kind: 'wouldDo', summary: 'send load to the test stack' });
  await removeReport(world.root, loadReport(reports));
  const { path, summary } = await withTestStack(world, stack, ({ variables }) =>
    runLoad(world, { reports, config: settings, variables }),
  );
  return result({ kind: 'done', summary }, { reports: [path] });
};
