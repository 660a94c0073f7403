import { compare, gt } from 'semver';
import type { TaggedRelease } from '../history/releases';
import { isVersion } from '../version/next-version';
import { PlanError } from './plan-error';
import type { PlanInput, PlanLine, PlanProject } from './plan-input';

/** A line with the version that its members have. */
export interface LineState extends PlanLine {
  readonly members: readonly PlanProject[];
  readonly current: string;
  /** Where its maths start; null where nothing stable was released. */
  readonly stable: TaggedRelease | null;
}

/**
 * Reads the version of each line from its members' manifests, and holds it against the line's tags.
 * @throws {PlanError} when members of a line disagree, when a version is none, and when it is not the last one tagged.
 */
export function readLineStates({ lines, projects }: Pick<PlanInput, 'lines' | 'projects'>): readonly LineState[] {
  if (projects.length === 0) {
    throw new PlanError(
      'noProjects',
      'the release has no projects',
      'Name them in slipway.json under release.projects, or give a project a version',
    );
  }
  const byName = new Map(projects.map((project) => [project.name, project]));
  return lines.map((line) => {
    const members = line.projects.flatMap((name) => byName.get(name) ?? []);
    return { ...line, members, current: currentVersion(members, line.history), stable: line.history.stable };
  });
}

/** The version all members of a line have, which is also its last tag's. */
function currentVersion(members: readonly PlanProject[], { stable, latest }: PlanLine['history']): string {
  const [first] = members;
  if (first === undefined) throw new TypeError('a line has no members');
  const table = members.map(({ name, current }) => `${name}: ${current}`);
  for (const { name, current } of members) {
    if (!isVersion(current)) {
      throw new PlanError(
        'invalidVersion',
        `the manifest of ${name} has the version ${JSON.stringify(current)}, which is not a semantic version`,
        'Set it to MAJOR.MINOR.PATCH, e.g. 1.0.0',
      );
    }
  }
  const last = latest ?? stable;
  if (members.some(({ current }) => current !== first.current)) {
    const highest = members.map(({ current }) => current).reduce((a, b) => (gt(b, a) ? b : a));
    throw new PlanError(
      'versionsDisagree',
      `projects that are released together have different versions: ${table.join(', ')}`,
      `Set all of them to ${last?.version ?? highest} in a commit of its own`,
      table,
    );
  }
  const whose = `${members.length === 1 ? `the manifest of ${first.name} has` : 'the manifests have'} version ${first.current}`;
  const order = last === null ? 0 : compare(first.current, last.version);
  if (last !== null && order < 0) {
    throw new PlanError(
      'behindTag',
      `${whose}, which is lower than the last release, ${last.tag}`,
      `Set ${members.length === 1 ? 'it' : 'them'} to ${last.version} in a commit of its own, or remove the tag if it was never a release: git tag -d ${last.tag}`,
      table,
    );
  }
  if (last !== null && order > 0) {
    throw new PlanError(
      'aheadOfTag',
      `${whose}, but the last release that is tagged is ${last.tag}`,
      `If it was released, fetch its tag: git fetch --tags. Otherwise finish or tag that release, or set the ${members.length === 1 ? 'manifest' : 'manifests'} back to ${last.version} in a commit of its own`,
      table,
    );
  }
  return first.current;
}
