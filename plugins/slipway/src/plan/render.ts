import { printableLine } from '../history/printable';
import { headerOf, shortId } from './classify';
import type { PlannedCommit, ReleasePlan } from './release-plan';

export interface RenderPlanOptions {
  /** How many commits each list shows at most; the rest are told by number. */
  readonly limit?: number;
}

/** A plan for a terminal: what, which projects and why, which commits count and which don't. One entry per line. */
export function renderPlan(plan: ReleasePlan, { limit = 20 }: RenderPlanOptions = {}): string[] {
  const counted = plan.commits.filter((commit) => commit.demands !== null);
  const skipped = plan.commits.filter((commit) => commit.demands === null);
  return [
    printableLine(
      `Release ${plan.version} (${plan.type}), ${plan.previous === null ? 'the first one' : `after ${plan.previous.tag}`}`,
    ),
    printableLine(`Tag ${plan.tag}, branch ${plan.branch}, planned at ${shortId(plan.commit)}`),
    '',
    ...table([['Project', 'Current', 'Next', 'Why'], ...plan.projects.flatMap(projectRows)]),
    ...list(`Commits that count (${counted.length}):`, counted, limit, (commit) => [
      shortId(commit.id),
      commit.demands ?? '',
      `${headerOf(commit)} [${commit.projects.join(', ')}]`,
    ]),
    ...list(`Commits that do not count (${skipped.length}):`, skipped, limit, (commit) => [
      shortId(commit.id),
      headerOf(commit),
      commit.skipped ?? 'demands nothing',
    ]),
  ];
}

/** A project and its first reasons; the list of commits below holds the others. */
function projectRows(project: ReleasePlan['projects'][number]): string[][] {
  const shown = project.reasons.slice(0, 3);
  const more = project.reasons.length - shown.length;
  if (more > 0) shown.push(`and ${more} more`);
  const [first = '', ...rest] = shown;
  return [[project.name, project.current, project.next, first], ...rest.map((reason) => ['', '', '', reason])];
}

function list(
  title: string,
  commits: readonly PlannedCommit[],
  limit: number,
  row: (commit: PlannedCommit) => string[],
): string[] {
  if (commits.length === 0) return [];
  const lines = table(commits.slice(0, limit).map(row)).map((line) => `  ${line}`);
  if (commits.length > limit) lines.push(`  and ${commits.length - limit} more`);
  return ['', title, ...lines];
}

/** Columns two spaces apart, the last one as long as it likes. Widths are capped so that one long cell moves only its own row. */
function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(printableLine));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.min(60, Math.max(...cells.map((row) => [...(row[column] ?? '')].length))),
  );
  return cells.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)),
      )
      .join('  ')
      .trimEnd(),
  );
}
