import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';
import type { RefChange, RefStore } from './refs';

/** Refs of this repository below a prefix, by name. */
export async function listRefs(git: LedgerGit, prefix: string): Promise<Map<string, string>> {
  const text = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', prefix]);
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) refs.set(line.slice(space + 1), line.slice(0, space));
  }
  return refs;
}

/** Whether one of the refs is no longer where the change expects it. */
export function moved(store: Pick<RefStore, 'head'>, changes: readonly RefChange[]): boolean {
  return changes.some((change) => store.head(change.ref) !== change.from);
}

/**
 * Whether changes are in force after all, although the reply was lost. They went in together or not at all, so one that is proven
 * proves the others: a ref that points to ours, or an event's commit that others went on from.
 */
export async function taken(
  git: LedgerGit,
  store: Pick<RefStore, 'head'>,
  changes: readonly RefChange[],
): Promise<boolean> {
  for (const { ref, to } of changes) {
    const head = store.head(ref);
    if (head === null) continue;
    if (head === to || (await isAncestor(git, to, head))) return true;
  }
  return false;
}

/** @throws {LedgerError} when a commit is missing or broken. */
export async function isAncestor(git: LedgerGit, older: string, newer: string): Promise<boolean> {
  const result = await git.run(['merge-base', '--is-ancestor', older, newer]);
  if (result.exitCode > 1) {
    throw new LedgerError(
      `the ledger's history can't be read: ${result.stderr.trim()}`,
      "check the repository with 'git fsck'",
    );
  }
  return result.exitCode === 0;
}
