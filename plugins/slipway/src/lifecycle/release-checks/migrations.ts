import { mergePolicy } from '../../gates';
import { notApplicable } from '../../gates/check';
import { judgeRunningMigrations, type MigratedProject } from '../../gates/running-migrations';
import { readReport, ReportError, type MigrationReport } from '../../reports';
import type { ReportFile } from '../../gates';
import { productionEnvironment, productionRelease } from '../production';
import type { MemberEvidence, ReleaseCheck, ReleaseSubject } from './release-check';

/** What is new in the database does not break the release that production runs. */
export const migrationsCheck: ReleaseCheck = {
  id: 'migrations',
  title: 'Migrations beside the running release',
  run: async ({ context, situation, members }) => {
    const { config, world } = context;
    const none = (reason: string) => notApplicable('migrations', { notApplicable: reason }, 'count');
    const projects = members.flatMap((member) => migratedProject(context, member));
    if (projects.length === 0) return none('no project of the release has migrations');
    const running = productionRelease(config, situation);
    if (running === null) {
      const environment = productionEnvironment(config);
      return none(environment === null ? 'no environment is configured' : `nothing runs in ${environment} yet`);
    }
    const listed = await world.git.text(['ls-tree', '-r', '-z', '--name-only', running.commit]);
    const paths = new Set(listed.split('\0'));
    return judgeRunningMigrations({ ...running, holds: (path) => paths.has(path) }, projects);
  },
};

function migratedProject({ config }: ReleaseSubject['context'], { project, files }: MemberEvidence): MigratedProject[] {
  const policy = mergePolicy(config.gates, config.projects[project.name]).migrations;
  const migrations = files.flatMap((file) => reportOf(file)?.migrations ?? []);
  if ('notApplicable' in policy || migrations.length === 0) return [];
  return [{ name: project.name, root: project.root, policy, migrations }];
}

/** What can't be read was told when the member's verdict was made. */
function reportOf(file: ReportFile): MigrationReport | null {
  if (!('content' in file) || !file.wanted.includes('migrations')) return null;
  try {
    const { report } = readReport('auto', file.content);
    return report.kind === 'migrations' ? report : null;
  } catch (error) {
    if (error instanceof ReportError) return null;
    throw error;
  }
}
