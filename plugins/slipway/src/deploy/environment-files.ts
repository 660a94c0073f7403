import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { EnvironmentConfig } from '../config/schema';
import { parseEnvFile } from './env-file';
import { readTextIfThere } from '../io/read-if-there';

/** The files of variables of one environment, as they are on this host. */
export interface EnvironmentFiles {
  /** Absolute paths of those that exist, in order. */
  readonly paths: readonly string[];
  /** Workspace paths of required files that do not exist. */
  readonly missing: readonly string[];
  /** Later files win. */
  readonly variables: ReadonlyMap<string, string>;
  /** Feeds every file's path and content to a hash, which is all that may leave this host. */
  addTo(hash: Hash): void;
}

/** @throws {EnvFileError} when a file is malformed; its message holds no value. */
export async function readEnvironmentFiles(
  root: string,
  files: EnvironmentConfig['envFiles'],
): Promise<EnvironmentFiles> {
  const found: { path: string; content: string }[] = [];
  const missing: string[] = [];
  let variables: ReadonlyMap<string, string> = new Map();
  for (const file of files) {
    const content = await readTextIfThere(join(root, file.path));
    if (content === null) {
      if (file.required) missing.push(file.path);
      continue;
    }
    found.push({ path: file.path, content });
    variables = new Map([...variables, ...parseEnvFile(file.path, content, variables)]);
  }
  return {
    paths: found.map((file) => join(root, file.path)),
    missing,
    variables,
    addTo: (hash) => {
      for (const file of found) hash.update(`${file.path}\0${digest(file.content)}\n`);
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
