import type { Refusal } from '../ledger/outcome';
import type { TagFacts, TagRequest } from './inspect';

export type TagPlan =
  /** The tag marks the commit already, here and on the remote, and main holds it. */
  | { readonly kind: 'already' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | {
      readonly kind: 'go';
      readonly createTag: boolean;
      /** Commit that main must go on from; null where main does not exist yet. */
      readonly main: string | null;
    };

/** Decides from facts alone, before anything is written. A tag on the same commit is success, elsewhere a refusal. */
export function planTag(request: TagRequest, facts: TagFacts, mainHolds: boolean): TagPlan {
  const { tag, commit } = request;
  const places: readonly (readonly [string, string | null])[] = [
    ['here', facts.localTag],
    [`on ${facts.remote?.name}`, facts.remote?.tag ?? null],
  ];
  const elsewhere = places.filter(([, at]) => at !== null && at !== commit);
  if (elsewhere.length > 0) {
    return {
      kind: 'refused',
      refusals: elsewhere.map(([where, at]) => ({
        id: 'tagElsewhere',
        reason: `the tag ${tag} exists ${where} on another commit, ${at?.slice(0, 8)}, not on ${commit.slice(0, 8)}`,
        remedy: `look at it with: git show ${tag}; a published tag should not move, so release another version`,
      })),
    };
  }
  const everywhere = facts.localTag !== null && (facts.remote === null || facts.remote.tag !== null);
  if (everywhere && mainHolds) return { kind: 'already' };
  return {
    kind: 'go',
    createTag: facts.localTag === null,
    main: facts.remote === null ? facts.localMain : facts.remote.main,
  };
}
