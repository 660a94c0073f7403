import { z } from 'zod';
import { errorMessage } from '../io/error-message';
import { envelopeSchema, isKnownKind, parseBody } from './event-schema';
import { eventSubject } from './event-subject';
import type { LedgerEventBody, StoredEvent, Stream } from './events';
import { LedgerError } from './ledger';

/** An event before it has a commit. */
export interface NewEvent extends Omit<StoredEvent, 'commit'> {
  /** How many events the stream holds before it: shows a chain that was cut short, e.g. by a shallow fetch. */
  readonly position: number;
}

const UPGRADE =
  'the commit was not written by Slipway, or by a newer one: compare with a clone of someone else, or upgrade nx-slipway';

/**
 * The message of an event's commit: a readable subject, then the event as JSON. Fields that no reader knows are left out.
 * @throws {LedgerError} on a body that could not be read back.
 */
export function encodeEvent(stream: Stream, event: NewEvent): string {
  const { v, id, at, by, position } = event;
  const body = checkedBody(event.body);
  return `${eventSubject(stream, body)}\n\n${JSON.stringify({ v, id, at, by, position, body }, null, 2)}\n`;
}

function checkedBody(body: LedgerEventBody): LedgerEventBody {
  let problem = 'no one writes events of a kind that is not known';
  try {
    if (body.kind !== 'other') return parseBody(body.kind, body);
  } catch (error) {
    problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
  }
  throw new LedgerError(
    `an event '${body.kind}' can't be recorded: ${problem}`,
    'this is a defect of Slipway: please report it',
  );
}

/**
 * Reads an event out of its commit's message. Kinds and versions of a newer Slipway become `other`.
 * @throws {LedgerError} naming the commit, when the message holds no event, or not the one that belongs to this position.
 */
export function decodeEvent(commit: string, message: string, position: number): StoredEvent {
  const start = message.indexOf('\n\n');
  if (start < 0) throw unreadable(commit, 'its message has no event');
  let json: unknown;
  try {
    json = JSON.parse(message.slice(start + 2));
  } catch (error) {
    throw unreadable(commit, errorMessage(error));
  }
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) throw unreadable(commit, z.prettifyError(parsed.error));
  const { v, id, at, by, body, position: written } = parsed.data;
  if (written !== position) {
    throw new LedgerError(
      `the ledger's event ${commit} says that ${written} events come before it, but ${position} are here: its history is incomplete`,
      "fetch the whole history, e.g. with 'git fetch --unshallow'",
    );
  }
  return { v: 1, id, at, by, commit, body: readBody(commit, v, body) };
}

function readBody(
  commit: string,
  v: number,
  body: { readonly kind: string; readonly version?: string },
): LedgerEventBody {
  if (v !== 1 || !isKnownKind(body.kind)) return { kind: 'other', version: body.version ?? '', name: body.kind };
  try {
    return parseBody(body.kind, body);
  } catch (error) {
    throw unreadable(commit, error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

function unreadable(commit: string, problem: string): LedgerError {
  return new LedgerError(`the ledger's event ${commit} can't be read: ${problem}`, UPGRADE);
}
