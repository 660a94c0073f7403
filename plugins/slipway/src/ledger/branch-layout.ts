import { z } from 'zod';
import type { Clock } from '../io/world';
import type { CommitReader, CommitWriter } from './commits';
import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';
import { decodeLock } from './lock-record';
import { isAncestor } from './ref-queries';
import { LEDGER_BRANCH, LOCKS, STREAMS } from './refs';
import type { Layout } from './remote-refs';

export interface BranchLayoutOptions {
  readonly git: LedgerGit;
  readonly reader: CommitReader;
  readonly writer: CommitWriter;
  readonly clock: Clock;
  readonly remote: string;
}

const schema = z.object({
  v: z.literal(1),
  refs: z.record(
    z.string().regex(/^refs\/slipway\/(?:ledger|lock)\/[a-z][a-z0-9-]*$/),
    z.string().regex(/^[0-9a-f]{40,64}$/),
  ),
});

/**
 * The ledger within one branch, for hosts that take no other refs or no atomic push: each commit of the branch says where every stream
 * and lock stands, and has the commit before it and what it moved as parents, so that all of them stay reachable. Moving the branch on
 * is a plain push; one that is no fast-forward is refused, which compares and swaps everything at once.
 *
 * Refs that an earlier setting of this ledger left are taken over by the first commit. They stay: whoever still writes there is
 * noticed.
 */
export function createBranchLayout({ git, reader, writer, clock, remote }: BranchLayoutOptions): Layout {
  let tip: string | null = null;
  let heads: ReadonlyMap<string, string> = new Map();

  return {
    patterns: [`${LEDGER_BRANCH}*`, `${STREAMS}*`, `${LOCKS}*`],
    async read(found) {
      tip = found.get(LEDGER_BRANCH) ?? null;
      const left = new Map([...found].filter(([ref]) => ref.startsWith(STREAMS) || ref.startsWith(LOCKS)));
      heads = tip === null ? left : await withLeft(await headsIn(tip), left);
      return heads;
    },
    async prepare(changes) {
      if (tip === null) await checkUnlocked();
      const next = new Map(heads);
      for (const { ref, to } of changes) next.set(ref, to);
      const names = changes.map(({ ref }) => ref.slice('refs/slipway/'.length)).join(', ');
      const refs = Object.fromEntries([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
      const message = `slipway: ${names}\n\n${JSON.stringify({ v: 1, refs }, null, 2)}\n`;
      const moving = tip === null ? [...next.values()] : changes.map(({ to }) => to);
      const parents = [...(tip === null ? [] : [tip]), ...new Set(moving)];
      const to = await writer.write(message, { parents, at: clock.now(), signed: false });
      const from = tip;
      return {
        args: [],
        moves: [{ ref: LEDGER_BRANCH, from, to }],
        done: () => {
          [tip, heads] = [to, next];
        },
      };
    },
    publish: () => null,
    explain: () => null,
  };

  async function headsIn(commit: string): Promise<ReadonlyMap<string, string>> {
    const message = await reader.message(commit);
    try {
      return new Map(Object.entries(schema.parse(JSON.parse(message.slice(message.indexOf('\n\n') + 2))).refs));
    } catch (error) {
      throw new LedgerError(
        `the branch slipway/ledger of '${remote}' can't be read at ${commit}: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`,
        'it was not written by Slipway, or by a newer one: compare it with a clone of someone else, or upgrade nx-slipway',
      );
    }
  }

  /** Events that were written to refs of their own after the branch began: those that go on from the branch count. */
  async function withLeft(
    inBranch: ReadonlyMap<string, string>,
    left: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string>> {
    const all = new Map(inBranch);
    for (const [ref, commit] of left) {
      if (!ref.startsWith(STREAMS)) continue;
      const head = inBranch.get(ref);
      if (head === undefined || (commit !== head && (await isAncestor(git, head, commit)))) all.set(ref, commit);
      else if (!(await isAncestor(git, commit, head))) {
        throw new LedgerError(
          `${ref} of '${remote}' holds events that its branch slipway/ledger does not: someone wrote there with another "ledger" in slipway.json`,
          `see them with 'git log ${head}..${commit}', write down elsewhere what matters, then remove them with 'git push ${remote} :${ref}'`,
        );
      }
    }
    return all;
  }

  /** @throws {LedgerError} while someone works on the refs that the branch takes over. */
  async function checkUnlocked(): Promise<void> {
    for (const [ref, commit] of heads) {
      if (!ref.startsWith(LOCKS)) continue;
      const record = decodeLock(commit, await reader.message(commit));
      if (record.state === 'free' || Date.parse(record.expires) <= clock.now().getTime()) continue;
      throw new LedgerError(
        `the ledger can't move to the branch slipway/ledger yet: ${record.holder} holds the lock of ${record.environment} for ${record.reason}`,
        `run the command again when that is done, or after ${record.expires}`,
      );
    }
  }
}
