import { audit as auditSchema } from '../../config/producers';
import { producedFolder } from '../../gates/paths';
import { runAudit } from '../../produce/audit/audit';
import { result, type Step } from '../context';
import { readManifests } from '../manifests';
import { ownProject, unconfigured } from './producer';

/** Asks for known vulnerabilities of what a project ships. Not pure: the answer is another one tomorrow, so it carries until when it is valid. */
export const audit: Step = async (context) => {
  const { world, config, project, dryRun } = context;
  const own = ownProject(context);
  const settings = config.projects[project]?.audit;
  if (settings === false) return result(unconfigured(context, 'audit', '{}'));
  if (dryRun) return result({ kind: 'wouldDo', summary: `ask for known vulnerabilities of ${project}` });
  const { blank } = await readManifests(context);
  const audited = await runAudit(
    {
      world,
      project: own.root,
      reports: producedFolder(project, 'audit'),
      config: settings ?? auditSchema.parse({}),
      images: config.images,
      blank,
    },
    own.kind,
  );
  return result(
    { kind: 'done', summary: audited.map(({ summary }) => summary).join('; ') },
    { reports: audited.map(({ path }) => path) },
  );
};
