import type { LedgerEventBody, StoredEvent, Stream } from '../ledger/events';
import { FenceLostError, LockHeldError, type HeldLock, type Ledger, type LockInfo } from '../ledger/ledger';

export interface MemoryLedger extends Ledger {
  /** Kinds of a stream's events, oldest first. */
  kinds(stream: Stream): readonly string[];
  bodies(stream: Stream): readonly LedgerEventBody[];
  /** Appends as if it had happened before. */
  given(stream: Stream, ...bodies: readonly LedgerEventBody[]): Promise<void>;
  /** As if someone else had taken the lock over. */
  steal(environment: string): void;
}

/** A ledger for unit tests that keeps to the contract, in memory. Event n is written n seconds after the epoch. */
export function createMemoryLedger(by = 'Test <test@example.com>'): MemoryLedger {
  const streams = new Map<Stream, StoredEvent[]>();
  const locks = new Map<string, { info: LockInfo; generation: number }>();
  let count = 0;
  let generation = 0;

  const eventsOf = (stream: Stream): StoredEvent[] => {
    const events = streams.get(stream) ?? [];
    streams.set(stream, events);
    return events;
  };

  const append = async (
    stream: Stream,
    body: LedgerEventBody,
    options: Parameters<Ledger['append']>[2] = {},
  ): Promise<StoredEvent> => {
    const events = eventsOf(stream);
    await options.lock?.check();
    const standing = options.unless?.(events) ?? null;
    if (standing !== null) return standing;
    count += 1;
    const event: StoredEvent = {
      v: 1,
      id: `event-${count}`,
      at: new Date(count * 1_000).toISOString(),
      by,
      commit: count.toString(16).padStart(40, '0'),
      body,
    };
    events.push(event);
    return event;
  };

  return {
    read: async (stream) => [...eventsOf(stream)],
    refresh: async () => undefined,
    append,
    acquire: async (environment, { reason, ttl = 600_000, version = '', steal, command }): Promise<HeldLock> => {
      const held = locks.get(environment);
      if (held && steal === undefined) throw new LockHeldError(held.info, null, command ?? null);
      if (held && steal !== undefined) {
        const from = `${held.info.holder} (process ${held.info.pid} on ${held.info.host}, for ${held.info.reason})`;
        await append(environment, { kind: 'lock.taken', version, from, reason: 'it was broken', stolen: steal });
      }
      generation += 1;
      const mine = generation;
      const info: LockInfo = {
        environment,
        holder: by,
        host: 'test',
        pid: 1,
        reason,
        since: new Date(0).toISOString(),
        expires: new Date(ttl).toISOString(),
      };
      locks.set(environment, { info, generation: mine });
      return {
        info,
        undisturbed: true,
        check: async () => {
          if (locks.get(environment)?.generation !== mine) {
            throw new FenceLostError(`the lock of ${environment} is held by someone else by now`, 'run the step again');
          }
        },
        release: async () => {
          if (locks.get(environment)?.generation === mine) locks.delete(environment);
        },
      };
    },
    lock: async (environment) => locks.get(environment)?.info ?? null,
    kinds: (stream) => eventsOf(stream).map((event) => event.body.kind),
    bodies: (stream) => eventsOf(stream).map((event) => event.body),
    given: async (stream, ...bodies) => {
      for (const body of bodies) await append(stream, body);
    },
    steal: (environment) => {
      generation += 1;
      const held = locks.get(environment);
      if (held) locks.set(environment, { info: { ...held.info, holder: 'Other <other@example.com>' }, generation });
    },
  };
}
