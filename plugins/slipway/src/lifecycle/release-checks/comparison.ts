import { inScope, scopeOf } from '../../evidence/scope';
import { notApplicable } from '../../gates/check';
import { judgeComparison, type ComparedProject } from '../../gates/comparison';
import { measuredReports } from '../../gates/measured-counts';
import { mergePolicy } from '../../gates';
import { DIFF_OPTIONS, parseAddedLines } from '../../history/diff-lines';
import type { Git } from '../../io/git';
import type { Recorded } from '../../ledger/state';
import type { ReleaseCheck, ReleaseSubject } from './release-check';

/** Tests and coverage beside those of the last release, and the lines that changed since. */
export const comparisonCheck: ReleaseCheck = {
  id: 'comparison',
  title: 'Comparison with the last release',
  run: async (subject) => {
    const { context, last, members } = subject;
    if (last === null)
      return notApplicable('comparison', { notApplicable: 'no release came before it to compare with' }, 'count');
    const dossier = dossierOf(subject, last);
    const roots = members.map(({ project }) => project.root);
    const lines = roots.length === 0 ? [] : [...(await changedLines(context.world.git, subject, last.commit, roots))];
    const projects = members.map(({ project, files }): ComparedProject => {
      const scope = scopeOf(project, context.projects);
      return {
        name: project.name,
        root: project.root,
        policy: mergePolicy(context.config.gates, context.config.projects[project.name]).coverage,
        reports: measuredReports(files),
        last: dossier?.members.find((member) => member.project === project.name)?.counts ?? null,
        changed: new Map(lines.filter(([path]) => inScope(path, scope))),
      };
    });
    return judgeComparison(last.version, projects);
  },
};

/** What was found out about the commit that was released; null for a release that something else made. */
function dossierOf(
  { situation }: ReleaseSubject,
  { version, commit }: NonNullable<ReleaseSubject['last']>,
): Recorded<'check'> | null {
  const dossier = situation.release.releases.get(version)?.dossiers.get(commit);
  return dossier?.passed === true ? dossier : null;
}

/** Lines that were added or changed since a commit, but for the bump itself, by path relative to the workspace. */
async function changedLines(
  git: Git,
  { gated, bumped, commit }: Pick<ReleaseSubject, 'gated' | 'bumped' | 'commit'>,
  since: string,
  roots: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const before = await addedLines(git, since, gated, roots);
  if (bumped === commit) return before;
  // What came after the bump moves lines of the files that it touches.
  const names = ['diff', '--name-only', '-z', '--no-renames', '--relative', bumped, commit, '--', ...roots];
  const touched = new Set((await git.text(names)).split('\0'));
  const now = await addedLines(git, since, commit, roots);
  return new Map([
    ...[...before].filter(([path]) => !touched.has(path)),
    ...[...now].filter(([path]) => touched.has(path)),
  ]);
}

async function addedLines(
  git: Git,
  from: string,
  to: string,
  roots: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  // The workspace may be a folder of its repository.
  const diff = await git.text(['diff', ...DIFF_OPTIONS, '--relative', from, to, '--', ...roots]);
  const { files } = parseAddedLines(diff === '' ? '' : `${diff}\n`);
  return new Map(files.map(({ path, lines }) => [path, lines.map(({ line }) => line)]));
}
