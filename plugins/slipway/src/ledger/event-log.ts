import type { CommitReader, CommitWriter } from './commits';
import { decodeEvent, encodeEvent } from './event-codec';
import type { LedgerEventBody, StoredEvent, Stream } from './events';
import { LedgerError } from './ledger';
import { ledgerRef, type RefStore } from './refs';

/** Streams of events as chains of commits, each read once: later reads only take what was added. */
export interface EventLog {
  /** Events up to the stream's head as last seen, oldest first. @throws {LedgerError} on any event that can't be read. */
  read(stream: Stream): Promise<readonly StoredEvent[]>;
  /** Writes the event's commit on top of `events`. Nothing points to it yet. */
  prepare(
    stream: Stream,
    events: readonly StoredEvent[],
    event: { readonly id: string; readonly at: Date; readonly body: LedgerEventBody },
  ): Promise<StoredEvent>;
  /** Takes an event that was prepared, and is the stream's head by now, for read. */
  accept(stream: Stream, event: StoredEvent): void;
}

export function createEventLog(refs: RefStore, reader: CommitReader, writer: CommitWriter): EventLog {
  const known = new Map<Stream, readonly StoredEvent[]>();
  /** The events that each prepared one stands on. */
  const prepared = new WeakMap<StoredEvent, readonly StoredEvent[]>();

  return {
    async read(stream) {
      const head = refs.head(ledgerRef(stream));
      const before = known.get(stream) ?? [];
      if (head === null) return [];
      if (before.at(-1)?.commit === head) return before;
      const events = (await readOn(before, head)) ?? (await readOn([], head));
      if (events === null) {
        throw new LedgerError(
          `the history of ${ledgerRef(stream)} is not one chain of events`,
          'it was not written by Slipway: compare it with a clone of someone else',
        );
      }
      known.set(stream, events);
      return events;
    },
    async prepare(stream, events, { id, at, body }) {
      const event = { v: 1, id, at: at.toISOString(), by: await writer.person(), body } as const;
      const parent = events.at(-1);
      const message = encodeEvent(stream, { ...event, position: events.length });
      const parents = parent === undefined ? [] : [parent.commit];
      const stored = { ...event, commit: await writer.write(message, { parents, at, signed: true }) };
      prepared.set(stored, events);
      return stored;
    },
    accept(stream, event) {
      const before = prepared.get(event);
      if (before !== undefined && refs.head(ledgerRef(stream)) === event.commit) known.set(stream, [...before, event]);
    },
  };

  /** Null when the commits don't follow from `before` one by one. */
  async function readOn(before: readonly StoredEvent[], head: string): Promise<readonly StoredEvent[] | null> {
    const events = [...before];
    for (const link of await reader.chain(before.at(-1)?.commit ?? null, head)) {
      const parent = events.at(-1)?.commit ?? null;
      if (link.parents.length > 1 || (link.parents[0] ?? null) !== parent) return null;
      events.push(decodeEvent(link.commit, link.message, events.length));
    }
    return events.at(-1)?.commit === head ? events : null;
  }
}
