import type { Ledger } from '../ledger/ledger';

/** A ledger that is opened on first use: steps that never look into it (a gate) never touch its refs or the remote. */
export function lazyLedger(open: () => Ledger | Promise<Ledger>): Ledger {
  let opened: Promise<Ledger> | null = null;
  const ledger = (): Promise<Ledger> => (opened ??= Promise.resolve(open()));
  return {
    read: async (stream) => (await ledger()).read(stream),
    // Opening reads the remote as well: asking it twice would tell nothing new.
    refresh: async () => (opened === null ? void (await ledger()) : (await ledger()).refresh()),
    append: async (stream, body, options) => (await ledger()).append(stream, body, options),
    acquire: async (environment, options) => (await ledger()).acquire(environment, options),
    lock: async (environment) => (await ledger()).lock(environment),
  };
}
