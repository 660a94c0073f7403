// What kind of machine this is, and where the set-up may keep its own files on it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} Machine
 * @property {string} id `debian`, `ubuntu`, `fedora`, `darwin`, …
 * @property {string} codename `bookworm`, `noble`, … or empty
 * @property {number} version `12`, `24.04`, … or 0
 * @property {boolean} debianLike apt-get may be used
 * @property {boolean} root
 */

/** @returns {Machine} */
export function machine() {
  const release = existsSync('/etc/os-release') ? readOsRelease(readFileSync('/etc/os-release', 'utf8')) : {};
  const id = release.ID ?? process.platform;
  return {
    id,
    codename: release.VERSION_CODENAME ?? '',
    version: Number(release.VERSION_ID ?? 0),
    debianLike: id === 'debian' || id === 'ubuntu',
    root: process.getuid?.() === 0,
  };
}

/** @param {string} text @returns {Record<string, string>} */
export function readOsRelease(text) {
  const pairs = [...text.matchAll(/^([A-Z_]+)=(?:"([^"]*)"|(.*))$/gm)];
  return Object.fromEntries(pairs.map(([, key, quoted, plain]) => [key, quoted ?? plain ?? '']));
}

/** Logs, locks and private apt state; outside every repository. */
export function cacheDir() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway-setup');
}

/** The log of one step, by name. */
export function logFile(name) {
  return join(cacheDir(), 'logs', `${name}.log`);
}

/** Short, file-name-safe stand-in for any text. */
export function shortHash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
