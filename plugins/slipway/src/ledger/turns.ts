import { createHash, randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../io/error-code';
import { isKnownDead, type ProcessIdentity } from './process-identity';

/**
 * Lets writers of one machine append one after the other, so that they don't waste their tries on each other. Nothing rests on it: who
 * has to wait too long, or can't write the file, goes on, and the push itself says who was first.
 */
export interface Turns {
  /** @param work is told whether someone else had a turn since this writer knew the ledger's state. */
  take<T>(work: (othersWrote: boolean) => Promise<T>): Promise<T>;
}

/** Milliseconds between two looks at a turn that someone else has, at most; and to wait for it. */
const POLL = 8;
const PATIENCE = 15_000;
/** Milliseconds that a turn takes at most: a fetch and a push that time out. */
const LONGEST = 3 * 60_000;

export interface TurnsOptions {
  /** Names the ledger: the same for everyone who writes to it. */
  readonly key: string;
  readonly me: ProcessIdentity;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Whether there is no time to wait: last words are written out of turn. */
  readonly hurried: () => boolean;
}

export function createTurns({ key, me, sleep, hurried }: TurnsOptions): Turns {
  const name = createHash('sha256').update(key).digest('hex').slice(0, 24);
  const path = join(tmpdir(), `slipway-${userInfo().uid}-${name}`);
  const [turn, last] = [`${path}.turn`, `${path}.last`];
  const id = randomUUID();
  let known = tryRead(last);

  return {
    async take(work) {
      const mine = await wait();
      try {
        const before = mine ? tryRead(last) : null;
        const othersWrote = !mine || (before !== known && before !== id);
        if (mine) writeFileSync(last, id);
        known = id;
        return await work(othersWrote);
      } finally {
        if (mine) rmSync(turn, { force: true });
      }
    },
  };

  async function wait(): Promise<boolean> {
    const until = performance.now() + PATIENCE;
    do {
      try {
        const file = openSync(turn, 'wx', 0o600);
        writeSync(file, JSON.stringify(me));
        closeSync(file);
        return true;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') return false;
      }
      if (isLeft()) rmSync(turn, { force: true });
      else await sleep(1 + Math.random() * POLL);
    } while (performance.now() < until && !hurried());
    return false;
  }

  /** Whether whoever has the turn has ended without giving it back. */
  function isLeft(): boolean {
    const text = tryRead(turn);
    if (text === null) return false;
    // Of another boot or container, which can't be asked.
    const age = Date.now() - (statSync(turn, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LONGEST) return true;
    if (text === '') return false;
    try {
      return isKnownDead(JSON.parse(text) as ProcessIdentity, me);
    } catch {
      // Written at this moment.
      return false;
    }
  }
}

function tryRead(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES') return null;
    throw error;
  }
}
