// One set-up at a time for what a machine or a clone has once: several tests and a demo may start together.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir } from './machine.mjs';
import { SetupError } from './run.mjs';

/**
 * Runs `work` while no other process of this user holds the lock of this name. A lock whose holder is gone is taken over.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {number} [patience] Milliseconds to wait for another holder.
 * @returns {Promise<T>}
 */
export async function withLock(name, work, patience = 15 * 60_000) {
  const folder = join(cacheDir(), 'locks');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  const giveUp = Date.now() + patience;
  while (!take(file)) {
    const holder = readHolder(file);
    if (holder !== undefined && !alive(holder)) putAside(file, holder);
    else if (Date.now() > giveUp)
      throw new SetupError(`Process ${holder} holds ${file} for too long. If it is not a set-up, remove the file.`);
    else await sleep(250);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The holder's process id; undefined while the file is being written or was just removed. */
function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of several that find the same dead holder, the rename lets one win; a lock that was taken meanwhile is put back. */
function putAside(file, deadHolder) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (readHolder(aside) !== deadHolder) linkSync(aside, file);
    rmSync(aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** @param {number} pid */
export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
