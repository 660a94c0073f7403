import { LedgerError } from '../../ledger/ledger';
import { command } from '../context';
import { ago } from '../render-status';
import type { Check } from './check';
import { bad, good } from './diagnosis';

/** Who holds the environments. */
export const checkLocks: Check = {
  name: 'locks',
  async examine({ context, environments }) {
    const { ledger, world } = context;
    const now = world.clock.now();
    try {
      await ledger.refresh();
      return await Promise.all(
        environments.map(async ({ name }) => {
          const lock = await ledger.lock(name);
          const title = `lock of ${name}`;
          if (lock === null) return good(title, 'free');
          const held = `held by ${lock.holder} (process ${lock.pid} on ${lock.host}) since ${ago(lock.since, now)} for ${lock.reason}`;
          if (Date.parse(lock.expires) > now.getTime()) return good(title, held);
          return bad(
            title,
            `${held}; not renewed since, it ran out ${ago(lock.expires, now)}`,
            `the next step takes it by itself; see what was left: ${command(context, 'release-status')}`,
          );
        }),
      );
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      return [bad('ledger', error.message, error.remedy)];
    }
  },
};
