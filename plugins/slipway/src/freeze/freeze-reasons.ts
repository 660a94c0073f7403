import type { FreezeBreach } from './feature-freeze';

/** So many are told one by one: a merge of main may bring hundreds. */
const SHOWN = 5;

/** What a dossier says of the commits that the freeze does not allow, each with what to do. */
export function freezeReasons(breaches: readonly FreezeBreach[]): readonly string[] {
  const shown = breaches.slice(0, SHOWN).map(({ id, header, reason, merge }) => {
    const what = `feature freeze: ${short(id)} "${header}" ${reason}`;
    if (merge === null) return `${what}; take it back with git revert ${short(id)}, or plan a new release`;
    // The revert of a merge of main would travel to main with the release, and take everything back there.
    return `${what}, came with the merge ${short(merge)}; go back to before it with git reset --keep ${short(merge)}~1, or plan a new release`;
  });
  const more = breaches.length - shown.length;
  return more === 0 ? shown : [...shown, `feature freeze: ${more} more commits after the bump are not allowed either`];
}

function short(id: string): string {
  return id.slice(0, 8);
}
