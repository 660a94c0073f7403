import { decodeEvent } from './event-codec';
import type { LedgerEventBody, StoredEvent } from './events';
import { LedgerError } from './ledger';
import type { RawCommit } from './raw-commits';

/** Milliseconds by which an event may be older than the one before it: the clocks of those who wrote them differ. */
const TOLERANCE = 5 * 60_000;

export interface AuditedStream {
  readonly events: readonly StoredEvent[];
  /** What is wrong with it, each naming its commit; empty: nothing is. */
  readonly problems: readonly string[];
}

/**
 * Holds a stream's commits, oldest first, against everything that is true of those that Slipway writes.
 * @param unverified ids of signed commits whose signature does not verify, with the reason.
 */
export function auditStream(commits: readonly RawCommit[], unverified: ReadonlyMap<string, string>): AuditedStream {
  const events: StoredEvent[] = [];
  const problems: string[] = [];
  const ids = new Map<string, string>();
  const intents = new Set<string>();
  let signed: string | null = null;
  let before: RawCommit | null = null;
  commits.forEach((commit, position) => {
    const name = commit.id.slice(0, 12);
    const wrong = (problem: string) => problems.push(`${name}: ${problem}`);
    if (!commit.genuine) wrong('its content is not what its id says');
    if (commit.parents.length > 1 || commit.parents[0] !== before?.id)
      wrong(
        before === null
          ? 'it has a parent, and none is here'
          : 'it does not follow the event before it: the stream is no chain',
      );
    if (!EMPTY_TREES.includes(commit.tree)) wrong('it holds files; events hold none');
    if (commit.signed) {
      signed ??= name;
      const why = unverified.get(commit.id);
      if (why !== undefined) wrong(`its signature does not verify: ${why}`);
    } else if (signed !== null) wrong(`nobody signed it, although ${signed} before it is signed`);
    const event = decode(commit, position, wrong);
    if (event !== null) {
      if (event.by !== commit.author) wrong(`it says that ${event.by} wrote it, its commit says ${commit.author}`);
      if (Math.floor(Date.parse(event.at) / 1_000) !== commit.authored)
        wrong(`it says ${event.at}, its commit says ${new Date(commit.authored * 1_000).toISOString()}`);
      const last = events.at(-1);
      if (last !== undefined && Date.parse(event.at) < Date.parse(last.at) - TOLERANCE)
        wrong(`it is of ${event.at}, before ${last.at} of the event before it`);
      const twin = ids.get(event.id);
      if (twin !== undefined) wrong(`it bears the id of ${twin}`);
      ids.set(event.id, name);
      const begun = intentOf(event.body);
      if (begun !== null && !intents.has(begun)) wrong(`${event.body.kind} of ${begun} has no intent before it`);
      const begins = beginningOf(event.body);
      if (begins !== null) intents.add(begins);
      events.push(event);
    }
    before = commit;
  });
  return { events, problems };
}

/** Of SHA-1 and SHA-256 repositories. */
const EMPTY_TREES = [
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
];

function decode(commit: RawCommit, position: number, wrong: (problem: string) => void): StoredEvent | null {
  try {
    return decodeEvent(commit.id, commit.message, position);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    wrong(error.message);
    return null;
  }
}

/** What an intent begins, in words that its outcome shares; null for other events. */
function beginningOf(body: LedgerEventBody): string | null {
  switch (body.kind) {
    case 'bump.intent':
    case 'tag.intent':
      return `${body.kind.replace('.intent', '')} ${body.version}`;
    case 'deploy.intent':
    case 'rollback.intent':
      return `${body.kind.replace('.intent', '')} ${body.deployment}`;
    case 'step.intent':
      return `${body.step} in ${body.deployment}`;
    default:
      return null;
  }
}

/** What an outcome ends; null for other events. */
function intentOf(body: LedgerEventBody): string | null {
  switch (body.kind) {
    case 'bump.outcome':
    case 'tag.outcome':
      return `${body.kind.replace('.outcome', '')} ${body.version}`;
    case 'deploy.outcome':
    case 'rollback.outcome':
      return `${body.kind.replace('.outcome', '')} ${body.deployment}`;
    case 'step.outcome':
      return `${body.step} in ${body.deployment}`;
    default:
      return null;
  }
}
