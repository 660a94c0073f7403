import { proveBump } from '../../bump/proof';
import { releaseFolder } from '../../bump/record';
import { unreleasedVersions, type ReleasedVersions } from '../../bump/released-versions';
import { CHANGELOG, RELEASES } from '../manifests';
import type { ReleaseCheck, ReleaseSubject } from './release-check';
import { problemsResult } from './verdict-result';

/**
 * The bump touched nothing but versions, changelog and record, so what was judged before it holds after it; and commits since then left
 * versions and record alone.
 */
export const bumpCheck: ReleaseCheck = {
  id: 'bump',
  title: 'Bump',
  run: async (subject) => {
    const { context, manifests, gated, bumped } = subject;
    const proof = await proveBump(context.world.git, gated, bumped, {
      ...releasedOf(subject),
      repositories: [...manifests.names.images],
      changelog: CHANGELOG,
      releases: RELEASES,
    });
    const violations = proof.ok
      ? []
      : proof.violations.map(({ path, reason }) => `the bump changed ${path}: ${reason}`);
    const problems = [...violations, ...(await versionProblems(subject))];
    return problemsResult('bump', problems, 'the bump touched only versions, changelog and record');
  },
};

/** Commits after the bump are judged like any other, but versions are left out of that: they must stay the released one. */
async function versionProblems(subject: ReleaseSubject): Promise<readonly string[]> {
  const { context, manifests, release, bumped, commit } = subject;
  if (bumped === commit) return [];
  const at = `at ${commit.slice(0, 8)}`;
  const reasons = unreleasedVersions(manifests.contents, releasedOf(subject), manifests.names, at);
  const record = `${releaseFolder(RELEASES, release.version)}/release.json`;
  const kept = await context.world.git.run(['diff', '--quiet', bumped, commit, '--', record]);
  return kept.exitCode === 0 ? reasons : [...reasons, `${record} was changed after the bump`];
}

/** What Slipway 0.1 planned has no tags, and one version for all. */
function releasedOf({ context: { members }, release: { version, projects, tags } }: ReleaseSubject): ReleasedVersions {
  return { version, tags: tags ?? [{ version, projects }], members };
}
