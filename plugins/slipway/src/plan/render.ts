import { printableLine } from '../history/printable';
import { headerOf, shortId } from './classify';
import type { PlannedCommit, ReleasePlan } from './release-plan';

export interface RenderPlanOptions {
  /** How many commits each list shows at most; the rest are told by number. */
  readonly limit?: number;
  /** The same for projects. */
  readonly projects?: number;
}

/** A plan for a terminal: what, which projects and why, which commits count and which don't. One entry per line. */
export function renderPlan(plan: ReleasePlan, { limit = 20, projects = 50 }: RenderPlanOptions = {}): string[] {
  const counted = plan.commits.filter((commit) => commit.demands !== null);
  const skipped = plan.commits.filter((commit) => commit.demands === null);
  return [
    printableLine(
      `Release ${plan.version} (${plan.type}), ${plan.previous === null ? 'the first one' : `after ${plan.previous.tag}`}`,
    ),
    printableLine(`${tagsOf(plan)}, branch ${plan.branch}, planned at ${shortId(plan.commit)}`),
    ...hints(plan).map(printableLine),
    '',
    ...projectTable(plan, projects),
    ...list(`Commits that count (${counted.length}):`, counted, limit, (commit) => [
      shortId(commit.id),
      commit.demands ?? '',
      `${headerOf(commit)} [${namesOf(commit.projects, 5)}]${commit.prerelease === null ? '' : ` in ${commit.prerelease}`}`,
    ]),
    ...list(`Commits that do not count (${skipped.length}):`, skipped, limit, (commit) => [
      shortId(commit.id),
      headerOf(commit),
      commit.skipped ?? 'demands nothing',
    ]),
  ];
}

function tagsOf({ tag, tags }: ReleasePlan): string {
  const names = [tag, ...tags.slice(1).map(({ name }) => name)];
  return `${names.length > 1 ? 'Tags' : 'Tag'} ${namesOf(names, 5)}`;
}

/** What is out of the ordinary about the release. */
function hints(plan: ReleasePlan): string[] {
  const found: string[] = [];
  const stage = /-([A-Za-z][0-9A-Za-z-]*)/.exec(plan.version)?.[1];
  if (stage !== undefined) {
    found.push(`A pre-release (${stage}); later ones go on with it, and --graduate finishes it`);
  }
  if (plan.type === 'hotfix') {
    found.push(
      `A hotfix of ${plan.previous?.version ?? 'production'} on ${plan.base}; the fix is to be brought to main as well`,
    );
  }
  if (plan.distTag !== 'latest' && plan.distTag !== stage) {
    found.push(`A higher version is out already, so npm gets it as ${plan.distTag}, not as latest`);
  }
  if (plan.override !== null) found.push(`Against the rules, because: ${plan.override}`);
  return found;
}

function projectTable({ projects }: ReleasePlan, limit: number): string[] {
  const bumped = projects.filter(({ current, next }) => current !== next);
  const rest = projects.length - bumped.length;
  return [
    ...table([['Project', 'Current', 'Next', 'Why'], ...bumped.slice(0, limit).flatMap(projectRows)]),
    ...(bumped.length > limit ? [`and ${bumped.length - limit} more that get a new version`] : []),
    ...(rest > 0 ? [`${rest} ${rest === 1 ? 'project keeps its version' : 'projects keep their versions'}`] : []),
  ];
}

function namesOf(names: readonly string[], limit: number): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
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
