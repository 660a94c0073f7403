import { PROJECT_CHECKS } from '../config/gates/gates';
import { checkOf, type JudgedReport, type ProjectVerdict } from '../gates/judge';
import { reportReaders } from '../reports/registry';

/** The reports that one check of a verdict was judged from. */
export function reportsOf({ reports }: Pick<ProjectVerdict, 'reports'>, check: string): readonly JudgedReport[] {
  const id = PROJECT_CHECKS.find((name) => name === check);
  const kinds = id === undefined ? [] : checkOf(id).kinds;
  return reports.filter(({ format }) =>
    reportReaders.some((reader) => reader.format === format && kinds.includes(reader.kind)),
  );
}

/** What a person calls a report's format, e.g. `JUnit XML`. */
export function formatTitle(format: JudgedReport['format']): string {
  return reportReaders.find((reader) => reader.format === format)?.title ?? format;
}

/** For people, e.g. `Test coverage`; the bare name where the check is none of a project. */
export function checkTitle(check: string): string {
  const id = PROJECT_CHECKS.find((name) => name === check);
  return id === undefined ? check : checkOf(id).title;
}
