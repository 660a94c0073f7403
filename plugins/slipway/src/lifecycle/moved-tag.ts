import type { ReleaseState } from '../ledger/state';
import { PlanError } from '../plan/plan-error';
import type { ReleasePlan } from '../plan/release-plan';

/**
 * Makes sure that the last release is where everyone else has it: from a tag that was moved forward, a plan would pass over
 * commits without a word.
 * @throws {PlanError} where the tag here marks another commit than the ledger says was released.
 */
export function checkTagOf(
  { releases }: Pick<ReleaseState, 'releases'>,
  previous: ReleasePlan['previous'],
  remote: string,
): void {
  const made = previous === null ? null : (releases.get(previous.version)?.tag ?? null);
  if (previous === null || made === null || made.tag !== previous.tag || made.commit === previous.commit) return;
  const { tag, commit } = made;
  throw new PlanError(
    'tagMoved',
    `the tag ${tag} marks ${previous.commit.slice(0, 8)} here, but by the ledger ${previous.version} was released at ${commit.slice(0, 8)}`,
    `git fetch --force ${remote} tag ${tag}; where it was moved there too, bring it back: git tag -f -a -m ${tag} ${tag} ${commit}`,
  );
}
