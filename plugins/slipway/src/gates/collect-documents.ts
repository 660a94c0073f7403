import { existsSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { glob } from 'tinyglobby';
import type { GatesConfig } from '../config/schema';
import { errorCode } from '../io/error-code';
import { errorMessage } from '../io/error-message';
import type { ProjectDocuments, UnreadableReport } from './check';
import { ENV_EXAMPLE } from './documents/env-example';

export interface DocumentOptions {
  /** Roots of projects inside this one, relative to the workspace: their files are theirs. */
  readonly nested?: readonly string[];
  /** Where the descriptions of the API lie, which may be among the reports. */
  readonly apiSchema?: GatesConfig['documentation']['apiSchema'];
}

const DOCUMENTS = [
  '**/*.{md,markdown,mdown}',
  'README*',
  '**/{docker-,}compose*.{yml,yaml}',
  `**/${ENV_EXAMPLE}`,
  '**/*.py',
];
/** Made by tools, or somebody else's. */
const NEVER = [
  ...['node_modules', '.git', '.nx', '.slipway', '.venv', 'venv', 'site-packages', '__pycache__', '.tox'],
  ...['.pytest_cache', '.ruff_cache', '.mypy_cache', 'htmlcov'],
].map((folder) => `**/${folder}/**`);
const NEVER_AT_ROOT = ['dist', 'build', 'coverage', 'reports', 'test-results', 'target', 'tmp'].map(
  (folder) => `${folder}/**`,
);
/** What tests read says nothing of what a deployment needs; migrations read nothing. */
const PYTHON_TESTS = ['**/{tests,test,migrations}/**/*.py', '**/test_*.py', '**/*_test.py', '**/conftest.py'];
/** A module without any of these reads no variable, and hands none on. */
const READS_ENVIRONMENT = /environ|getenv|\benv\b|decouple/i;

const MAX_FILES = 10_000;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
const READERS = 16;

/**
 * The text files of a project that the documentation check reads: Markdown, Compose files, examples of variables, Python modules
 * that read the environment, and the descriptions of its API. Bounded; what is too large or can't be read is told.
 * @param root absolute path of the workspace
 * @param project its root relative to the workspace
 */
export async function collectDocuments(
  root: string,
  project: string,
  { nested = [], apiSchema }: DocumentOptions = {},
): Promise<ProjectDocuments> {
  const inside = nested.map((path) => (project === '.' ? path : path.slice(project.length + 1)));
  const found = await glob(DOCUMENTS, {
    cwd: join(root, project),
    ignore: [...NEVER, ...NEVER_AT_ROOT, ...PYTHON_TESTS, ...inside.map((path) => `${path}/**`)],
    onlyFiles: true,
    dot: true,
    expandDirectories: false,
    followSymbolicLinks: false,
  });
  const named = apiSchema === undefined ? [] : [apiSchema.file, apiSchema.generated];
  const paths = [...found, ...named].map((path) => posix.join(project, path)).sort();
  const unique = [...new Set([ENV_EXAMPLE, ...paths])];
  const unreadable: UnreadableReport[] = [];
  if (unique.length > MAX_FILES)
    unreadable.push({ path: project, reason: `it has more than ${MAX_FILES} documents and modules` });

  const files: { path: string; content: string }[] = [];
  let left = MAX_TOTAL_BYTES;
  const wanted = unique.slice(0, MAX_FILES);
  for (let at = 0; at < wanted.length; at += READERS) {
    const batch = wanted.slice(at, at + READERS);
    for (const [index, read] of (await Promise.all(batch.map((path) => readDocument(root, path)))).entries()) {
      const path = batch[index] ?? '';
      if (read === null || ('content' in read && isSilent(path, read.content))) continue;
      if ('reason' in read) unreadable.push({ path, reason: read.reason });
      else if (read.content.length > left)
        unreadable.push({ path, reason: 'the documents before it are too large together' });
      else {
        left -= read.content.length;
        files.push({ path, content: read.content });
      }
    }
  }
  return { files, unreadable, exists: (path) => existsSync(join(root, path)) };
}

function isSilent(path: string, content: string): boolean {
  return path.endsWith('.py') && !READS_ENVIRONMENT.test(content);
}

/** Null where nothing is there, or a link: what it leads to is read where it lies. */
async function readDocument(root: string, path: string): Promise<{ content: string } | { reason: string } | null> {
  try {
    const stats = await lstat(join(root, path));
    if (!stats.isFile()) return null;
    if (stats.size > MAX_FILE_BYTES) return { reason: `it is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB` };
    return { content: await readFile(join(root, path), 'utf8') };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    return { reason: `it can't be read: ${errorMessage(error)}` };
  }
}
