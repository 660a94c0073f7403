import type { Git } from '../io/git';
import { CommitStore } from './commit-store';
import type { HistoryCommit } from './history-commit';
import { HistoryError } from './history-error';
import { readLog } from './read-log';
import { surveyFrom } from './survey';

export type { HistoryCommit } from './history-commit';

export interface HistoryRange {
  /** Left out, with everything it holds; null for all of history. */
  readonly from: string | null;
  readonly to: string;
}

/**
 * Commits in `from..to`, newest first, a child always before its parents. One git process, whatever the number.
 * @throws {HistoryError} when a commit of the range is unknown.
 */
export async function readHistory(git: Git, range: HistoryRange): Promise<readonly HistoryCommit[]> {
  for (const id of [range.from, range.to]) {
    // Ids only: a name could start with a dash, or mean something else by the time it is asked for again.
    if (id !== null && !/^[0-9a-f]{40,64}$/.test(id)) {
      throw new HistoryError(
        'unknownCommit',
        `${JSON.stringify(id)} is not the full id of a commit`,
        'Resolve it first with: git rev-parse <name>',
      );
    }
  }
  const store = new CommitStore();
  await readLog(git, { from: [range.to], not: range.from === null ? [] : [range.from] }, { store, cut: () => false });
  const { nodes, read } = surveyFrom(store, store.number(range.to));
  return Array.from(nodes.subarray(0, read), (node) => store.commit(node));
}
