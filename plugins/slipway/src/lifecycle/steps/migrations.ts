import { migrations as migrationsSchema } from '../../config/producers';
import { producedFolder } from '../../gates/paths';
import { inspectMigrations } from '../../produce/migrations/migrations';
import { result, type Step } from '../context';
import { ownProject, unconfigured } from './producer';

/** Asks Django about a project's migrations. It reads code alone, so what it finds stays true as long as the code is the same. */
export const migrations: Step = async (context) => {
  const { world, config, project, dryRun } = context;
  const own = ownProject(context);
  const settings = config.projects[project];
  if (settings?.migrations === false) return result(unconfigured(context, 'migrations', '{}'));
  if (dryRun) return result({ kind: 'wouldDo', summary: `ask Django about the migrations of ${project}` });
  const { path, summary } = await inspectMigrations({
    world,
    project: own.root,
    reports: producedFolder(project, 'migrations'),
    config: settings?.migrations ?? migrationsSchema.parse({}),
    python: settings?.python ?? null,
  });
  return result({ kind: 'done', summary }, { reports: [path] });
};
