import type { CommitReader } from './commits';
import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';
import { isAncestor } from './ref-queries';
import { STREAMS, updateRefInput, type RefChange } from './refs';

type Refs = ReadonlyMap<string, string>;

/**
 * `refs/slipway/ledger/<stream>` of this repository, which follow the remote's by fast-forward only: they are what people read with
 * `git log`, they keep every event that was ever seen here, and they show when the remote's history was rewritten or emptied.
 */
export interface LocalCopy {
  /** What is wrong where the remote's refs don't go on from those `here`; else null. */
  compare(here: Refs, seen: Refs): Promise<LedgerError | null>;
  /** Moves the refs here to where the remote's are. `busy` when another process was in the way. */
  follow(here: Refs, seen: Refs): Promise<'done' | 'busy'>;
}

export interface LocalCopyOptions {
  readonly git: LedgerGit;
  readonly reader: CommitReader;
  readonly remote: string;
  /** The command that publishes a stream that only this clone has; null: there is none. */
  readonly publish: (ref: string) => string | null;
}

export function createLocalCopy({ git, reader, remote, publish }: LocalCopyOptions): LocalCopy {
  return {
    async compare(here, seen) {
      for (const { ref, from, to } of movesOf(here, seen)) {
        if (from !== null && !(await goesOn(from, to))) return diverged(ref, from, to);
      }
      for (const [ref, commit] of here) {
        if (ref.startsWith(STREAMS) && !seen.has(ref)) return diverged(ref, commit, null);
      }
      return null;
    },
    async follow(here, seen) {
      const changes = movesOf(here, seen);
      if (changes.length === 0) return 'done';
      const result = await git.once(['update-ref', '--stdin'], { input: updateRefInput(changes) });
      return result.exitCode === 0 ? 'done' : 'busy';
    },
  };

  /** Reads the events between, which whoever asks for the stream's events needs anyway. */
  async function goesOn(from: string, to: string): Promise<boolean> {
    const [first] = await reader.chain(from, to);
    return (first?.parents.length === 1 && first.parents[0] === from) || isAncestor(git, from, to);
  }

  async function diverged(ref: string, here: string, there: string | null): Promise<LedgerError> {
    if (there === null || (await isAncestor(git, there, here))) {
      const command = publish(ref);
      return new LedgerError(
        `${ref} holds events here that the remote '${remote}' does not have; others can't see them, so nothing may rely on them`,
        `${command === null ? '' : `publish them with '${command}', or `}forget them with 'git update-ref -d ${ref}'`,
      );
    }
    return new LedgerError(
      `${ref} has another history on the remote '${remote}' than was seen here before: it was rewritten`,
      `compare 'git log ${ref}' with 'git log ${there}'; to follow the remote, run 'git update-ref -d ${ref}'`,
    );
  }
}

function movesOf(here: Refs, seen: Refs): readonly RefChange[] {
  return [...seen].flatMap(([ref, to]) => {
    const from = here.get(ref) ?? null;
    return ref.startsWith(STREAMS) && from !== to ? [{ ref, from, to }] : [];
  });
}
