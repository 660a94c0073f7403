import { gt } from 'semver';
import { tagOfVersion } from '../history/releases';
import { isFinalVersion, nextVersion } from '../version/next-version';
import { headerOf, shortId } from './classify';
import { PlanError } from './plan-error';
import type { PlanInput, PlanLine, Production } from './plan-input';
import type { PlannedCommit } from './release-plan';

/**
 * The release's own line as a hotfix sees it: the maths start from what production runs, whatever was released since.
 * @throws {PlanError} where nothing is in production, and where this is not a branch of its own that starts there.
 */
export function startHotfix(
  line: PlanLine,
  input: Pick<PlanInput, 'branch' | 'policy' | 'production' | 'recorded'>,
): PlanLine {
  const { production = null } = input;
  if (production === null) {
    throw new PlanError(
      'noProduction',
      'a hotfix starts from what production runs, and by the ledger nothing was ever deployed there',
      'Ask for a patch release instead: --type=patch',
    );
  }
  if (!isFinalVersion(production.version)) {
    throw new PlanError(
      'noProduction',
      `production runs ${production.version}, a pre-release, which is mended by the next one`,
      'Go on with it: fix on the branch it came from, and plan without --type=hotfix',
    );
  }
  const start = startCommands(production);
  if (!production.held) {
    throw new PlanError(
      'notFromProduction',
      `production runs ${production.version}, and this commit does not hold it`,
      start,
    );
  }
  // A plan that is made again was checked when it was made; the bump may have switched branches since.
  if (input.recorded === undefined && (input.branch === null || input.branch === input.policy.main)) {
    throw new PlanError(
      'notFromProduction',
      `a hotfix of ${production.version} needs a branch of its own, and ${input.branch === null ? 'no branch is checked out' : `this is ${input.branch}`}`,
      start,
    );
  }
  const { latest } = line.history;
  if (latest !== null && gt(latest.version, production.version)) {
    throw new PlanError(
      'notFromProduction',
      `production runs ${production.version}, but this branch holds ${latest.tag} already`,
      start,
    );
  }
  const { version, commit } = production;
  const stable = { version, commit, tag: production.tag ?? tagOfVersion(line.tagPattern, version) };
  return { ...line, history: { ...line.history, stable, latest: stable } };
}

function startCommands({ version, tag, commit }: Production): string {
  const branch = `hotfix/${nextVersion(version, 'patch')}`;
  return `git switch -c ${branch} ${tag ?? commit}, then git cherry-pick -x <the commits of the fix>, then plan again with --type=hotfix`;
}

/** @throws {PlanError} naming every commit that a hotfix may not hold. */
export function checkHotfixRange(
  commits: readonly PlannedCommit[],
  freeze: readonly string[],
  production: string,
): void {
  const wrong = commits.filter(
    ({ type, breaking, skippedAs }) =>
      !['merge', 'release', 'reverted', 'ignored'].includes(skippedAs ?? '') &&
      (breaking || type === null || !freeze.includes(type)),
  );
  if (wrong.length === 0) return;
  const named = wrong.map((commit) => `${shortId(commit.id)} ${headerOf(commit)}`);
  throw new PlanError(
    'notAHotfix',
    `a hotfix may hold commits of the types ${freeze.join(', ')} and nothing that breaks, but since ${production} there is ${named[0]}${named.length > 1 ? ` and ${named.length - 1} more` : ''}`,
    `Leave it out of this branch, or release it from the main branch; the types stand in slipway.json under release.freeze.types`,
    named,
  );
}
