import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';
import { listRefs, moved, taken } from './ref-queries';
import { updateRefInput, type RefStore } from './refs';

/** What git says when another process moves the same refs at this moment. */
const RACE = /cannot lock ref|unable to create .*\.lock|File exists/i;

/** A ledger that no one else sees: the repository has no such remote. */
export function createLocalRefs(git: LedgerGit): RefStore {
  let heads = new Map<string, string>();
  let readAt = Number.NEGATIVE_INFINITY;
  const store: RefStore = {
    async refresh() {
      heads = await listRefs(git, 'refs/slipway/');
      readAt = performance.now();
    },
    head: (ref) => heads.get(ref) ?? null,
    age: () => performance.now() - readAt,
    async move(changes) {
      const result = await git.once(['update-ref', '--stdin'], { input: updateRefInput(changes) });
      if (result.exitCode === 0) {
        for (const { ref, to } of changes) heads.set(ref, to);
        return 'done';
      }
      await store.refresh();
      if (await taken(git, store, changes)) return 'done';
      if (moved(store, changes) || RACE.test(result.stderr) || result.cut !== null) return 'raced';
      throw new LedgerError(
        `the ledger could not be written: ${result.stderr.trim()}`,
        'check that the repository is writable',
      );
    },
  };
  return store;
}
