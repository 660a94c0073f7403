import { createHash, randomUUID } from 'node:crypto';
import { link } from 'node:fs/promises';
import { currentProcess, isKnownDead, type ProcessIdentity } from '../ledger/process-identity';
import { BumpRefused } from './errors';
import {
  makeFolder,
  readIfThere,
  removeEmptyFolder,
  removeFile,
  unless,
  writeDurably,
  type StateFolder,
} from './state-folder';

export interface BumpLock {
  readonly owner: ProcessIdentity;
  release(): Promise<void>;
}

/**
 * One bump at a time in a work tree. A lock of a process that is gone is taken over.
 *
 * Taking over is a race between whoever comes next, and a lock file can't be swapped atomically. So the successor's claim is a
 * file named by a hash of what it succeeds: only one can make it, and should that one die too, its claim has a successor again.
 * @throws {BumpRefused} while the holder lives, or can't be told dead.
 */
export async function acquireLock(folder: StateFolder): Promise<BumpLock> {
  await makeFolder(folder.path);
  const owner = currentProcess();
  const id = randomUUID();
  const claim = `${folder.lock}.new-${id}`;
  await writeDurably(`${claim}`, JSON.stringify({ id, ...owner }), `${claim}.tmp`);
  try {
    for (;;) {
      const held = await claimChain(folder, claim, owner);
      if (held) return { owner, release: () => releaseAll(folder, held) };
    }
  } finally {
    await removeFile(claim);
  }
}

/** The lock files that are ours now, the first one first; null where the chain changed meanwhile. */
async function claimChain(
  folder: StateFolder,
  claim: string,
  owner: ProcessIdentity,
): Promise<readonly string[] | null> {
  const chain: string[] = [];
  let path = folder.lock;
  let first: string | null = null;
  for (;;) {
    chain.push(path);
    if (
      (await unless(
        ['EEXIST'],
        link(claim, path).then(() => true),
      )) === true
    )
      break;
    const text = (await readIfThere(path))?.toString('utf8') ?? null;
    if (text === null) return null;
    if (!isGone(text, owner)) throw new BumpRefused([heldBy(text, path)]);
    first ??= text;
    path = `${folder.lock}.after-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  }
  if (first === null) return chain;
  // The holder before us may have gone between our reading and our claim: then the chain starts anew.
  const still = (await readIfThere(folder.lock))?.toString('utf8');
  if (still === first) return chain;
  await removeFile(path);
  return null;
}

async function releaseAll(folder: StateFolder, held: readonly string[]): Promise<void> {
  // The first one first: whoever still reads the chain then sees that it changed.
  for (const path of held) await removeFile(path);
  await removeEmptyFolder(folder.path);
}

function isGone(text: string, me: ProcessIdentity): boolean {
  const other = parseOwner(text);
  if (other === null) return false;
  // The repository is on this machine's disk, so another boot of the same host is over.
  const rebooted = other.host === me.host && other.boot !== null && me.boot !== null && other.boot !== me.boot;
  return rebooted || isKnownDead(other, me);
}

function parseOwner(text: string): ProcessIdentity | null {
  try {
    const value = JSON.parse(text) as Partial<ProcessIdentity>;
    const { host, pid, started = null, boot = null, namespace = null } = value;
    return typeof host === 'string' && typeof pid === 'number' ? { host, pid, started, boot, namespace } : null;
  } catch {
    // Not ours, or damaged: nobody known holds it, so nobody can be told dead.
    return null;
  }
}

function heldBy(text: string, path: string): { readonly id: string; readonly reason: string; readonly remedy: string } {
  const owner = parseOwner(text);
  const who = owner === null ? 'an unknown process' : `process ${owner.pid} on ${owner.host}`;
  return {
    id: 'bumpRunning',
    reason: `another bump is running in this work tree (${who})`,
    remedy: `wait until it is done; if no such process runs any more, remove ${path} and run again`,
  };
}
