import { producedFolder } from '../../gates/paths';
import { loadReport, runLoad } from '../../produce/load/load';
import { removeReport } from '../../produce/report-file';
import { result, type Step } from '../context';
import { stackStep } from './stack-step';

/** Load-tests the test stack. Pure enough to be cached: the same files under the same load. */
export const load: Step = (context) =>
  stackStep(context, {
    key: 'load',
    example: '{ "url": "http://127.0.0.1:${PORT}", "scenarios": [{ "name": "start", "path": "/" }] }',
    would: () => 'send load to the test stack',
    work: async (config, onStack) => {
      const { world, project } = context;
      const reports = producedFolder(project, 'load');
      await removeReport(world.root, loadReport(reports));
      const { path, summary } = await onStack(({ variables }) => runLoad(world, { reports, config, variables }));
      return result({ kind: 'done', summary }, { reports: [path] });
    },
  });
