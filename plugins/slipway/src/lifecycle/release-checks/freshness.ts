import { judgeFreshness, type DatedReport } from '../../gates/freshness';
import type { JudgedReport } from '../../gates';
import { reportReaders } from '../../reports/registry';
import type { StepContext } from '../context';
import type { ReleaseCheck } from './release-check';

/** Reports that age are young enough now: a verdict that came out of a cache knows nothing of the time that passed. */
export const freshnessCheck: ReleaseCheck = {
  id: 'freshness',
  title: 'Freshness of reports',
  run: async ({ context, members, now }) =>
    judgeFreshness(
      members.flatMap(({ project, verdict }) => verdict.reports.map((report) => dated(context, project.name, report))),
      now,
    ),
};

export function dated({ projects }: Pick<StepContext, 'projects'>, project: string, report: JudgedReport): DatedReport {
  const audits = projects.find(({ name }) => name === project)?.targets.includes('release-audit') ?? false;
  const gate = `npx nx run ${project}:release-gate`;
  const ages = isSecurity(report);
  return {
    project,
    path: report.path,
    ages,
    measuredAt: report.origin?.measuredAt ?? null,
    validUntil: report.validUntil,
    remedy:
      ages && audits ? `npx nx run ${project}:release-audit --skip-nx-cache && ${gate}` : `${gate} --skip-nx-cache`,
  };
}

function isSecurity({ format }: JudgedReport): boolean {
  return reportReaders.find((reader) => reader.format === format)?.kind === 'security';
}
