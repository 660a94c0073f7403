// Stamps say what something was made from, so that it is made again only when that changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** @param {string} file @param {string} expected */
export function hasStamp(file, expected) {
  return existsSync(file) && readFileSync(file, 'utf8').trim() === expected;
}

export function writeStamp(file, value) {
  writeFileSync(file, `${value}\n`);
}

/** sha256 over texts, each kept apart from the next. */
export function hashOf(...texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest('hex');
}

/** sha256 over the names and contents of files below folders; `skip` leaves files and folders out by name. */
export function hashOfFiles(root, entries, skip = () => false) {
  const hash = createHash('sha256');
  for (const file of entries.flatMap((entry) => filesBelow(join(root, entry), skip)).sort()) {
    hash.update(`${relative(root, file)}\n`).update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return hash.digest('hex');
}

function filesBelow(path, skip) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !skip(entry.name))
      .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name), skip) : [join(path, entry.name)]));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}
