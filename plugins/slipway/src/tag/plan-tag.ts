import type { Refusal } from '../ledger/outcome';
import { allMarked, type TagFacts, type TagRequest } from './inspect';

export type TagPlan =
  /** The tags mark the commit already, here and on the remote, and main is where it belongs. */
  | { readonly kind: 'already' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'go' };

/**
 * Decides from facts alone, before anything is written. Tags on the same commit are success, a single one elsewhere a refusal.
 * @param settled whether main needs nothing any more: it holds the release, or is not to take it.
 */
export function planTag(request: TagRequest, facts: TagFacts, settled: boolean): TagPlan {
  const { tags, commit } = request;
  const places: readonly (readonly [string, ReadonlyMap<string, string>])[] = [
    ['here', facts.localTags],
    [`on ${facts.remote?.name}`, facts.remote?.tags ?? new Map()],
  ];
  const refusals = tags.flatMap(({ name }) =>
    places.flatMap(([where, marks]): readonly Refusal[] => {
      const at = marks.get(name);
      if (at === undefined || at === commit) return [];
      return [
        {
          id: 'tagElsewhere',
          reason: `the tag ${name} exists ${where} on another commit, ${at.slice(0, 8)}, not on ${commit.slice(0, 8)}`,
          remedy: `look at it with: git show ${name}; a published tag should not move, so release another version`,
        },
      ];
    }),
  );
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const everywhere =
    allMarked(request, facts.localTags) && (facts.remote === null || allMarked(request, facts.remote.tags));
  return { kind: everywhere && settled ? 'already' : 'go' };
}
