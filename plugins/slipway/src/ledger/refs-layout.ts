import { LedgerError } from './ledger';
import { LEDGER_BRANCH, LOCKS, STREAMS } from './refs';
import type { Layout } from './remote-refs';

/** Each stream and lock is a ref of its own; several move in one atomic push. */
export function createRefsLayout(remote: string): Layout {
  return {
    patterns: [`${STREAMS}*`, `${LOCKS}*`, `${LEDGER_BRANCH}*`],
    async read(found) {
      if (found.has(LEDGER_BRANCH)) {
        throw new LedgerError(
          `the remote '${remote}' keeps its ledger in the branch slipway/ledger, and nothing else counts there`,
          'set "release": { "ledger": "branch" } in slipway.json',
        );
      }
      return new Map([...found].filter(([ref]) => ref.startsWith(STREAMS) || ref.startsWith(LOCKS)));
    },
    async prepare(changes) {
      const leases = changes.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ''}`);
      return {
        args: ['--atomic', ...leases],
        moves: changes,
        settings: ['-c', `remote.${remote}.fetch=${STREAMS}*:${STREAMS}*`],
      };
    },
    publish: (ref) => `git push ${remote} ${ref}:${ref}`,
    explain(said) {
      if (!/does not support --atomic/i.test(said)) return null;
      return new LedgerError(
        `the remote '${remote}' can't take several refs in one atomic push, which the ledger needs`,
        'keep the ledger in a branch: set "release": { "ledger": "branch" } in slipway.json, or host it on a server that can (receive.advertiseAtomic)',
      );
    },
  };
}
