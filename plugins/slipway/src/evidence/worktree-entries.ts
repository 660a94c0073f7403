import { existsSync } from 'node:fs';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../io/error-code';
import { GitError, type Git } from '../io/git';
import { mayHoldVersion, type Blank } from './commit-entries';
import { blankedId, blobId, type TreeEntry } from './tree-digest';

/**
 * The files of the working tree below a path as a commit of them would hold them: tracked ones as they are now, and new ones
 * that are not ignored. Git itself hashes the contents, so conversions (line endings, large file storage) count as they do in commits.
 * @param includes which files count; others are not looked at
 */
export async function worktreeEntries(
  git: Git,
  root: string,
  blank: Blank,
  includes: (path: string) => boolean,
): Promise<readonly TreeEntry[]> {
  const literal = { env: { GIT_LITERAL_PATHSPECS: '1' } };
  const [staged, untracked, fileMode] = await Promise.all([
    git.text(['ls-files', '-z', '--stage', '--', root], literal),
    git.text(['ls-files', '-z', '--others', '--exclude-standard', '--', root], literal),
    git.text(['config', '--type=bool', '--default=true', 'core.fileMode']),
  ]);
  const modes = new Map(parseStage(staged).map((entry) => [entry.path, entry]));
  for (const path of untracked.split('\0')) if (path !== '') modes.set(path, { path, mode: '', blob: '' });

  const files = [...modes.values()].filter(({ path }) => includes(path));
  const seen = await Promise.all(files.map((file) => look(git, file, blank, fileMode === 'true')));
  const present = seen.filter((entry) => entry !== null);
  const open = present.filter((entry) => entry.blob === '');
  const ids = await hashFiles(
    git,
    open.map(({ path }) => path),
  );
  const idOf = new Map(open.map(({ path }, index) => [path, ids[index] ?? '']));
  return present.map((entry) => ({ ...entry, blob: idOf.get(entry.path) ?? entry.blob }));
}

/** One file: null where it is gone, without `blob` where git is to hash it. */
async function look(git: Git, staged: TreeEntry, blank: Blank, trustMode: boolean): Promise<TreeEntry | null> {
  const { path } = staged;
  const absolute = join(git.root, path);
  const stats = await lstat(absolute).catch(whenGone);
  if (stats === null) return null;
  if (stats.isSymbolicLink()) return { path, mode: '120000', blob: blobId(await readlink(absolute)) };
  if (stats.isDirectory()) return { path, mode: '160000', blob: await submodule(git, staged, absolute) };
  const executable = trustMode || staged.mode === '' ? (stats.mode & 0o100) !== 0 : staged.mode === '100755';
  const mode = executable ? '100755' : '100644';
  if (mayHoldVersion(blank, path)) {
    const blanked = blank(path, await readFile(absolute, 'utf8'));
    if (blanked !== null) return { path, mode, blob: blankedId(blanked) };
  }
  return { path, mode, blob: '' };
}

/** What is checked out there; the recorded commit where nothing is. A repository nobody tracks has no id that a commit could hold. */
async function submodule(git: Git, staged: TreeEntry, absolute: string): Promise<string> {
  if (staged.mode !== '160000') return 'untracked repository';
  return existsSync(join(absolute, '.git')) ? git.text(['-C', absolute, 'rev-parse', 'HEAD']) : staged.blob;
}

async function hashFiles(git: Git, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const args = ['hash-object', '--stdin-paths'];
  const result = await git.run(args, { input: `${paths.map(quote).join('\n')}\n` });
  const ids = result.stdout.trimEnd().split('\n');
  if (result.exitCode !== 0 || ids.length !== paths.length) throw new GitError(args, result);
  return ids;
}

/** Git takes one path a line, and C strings for those that a line can't hold. */
function quote(path: string): string {
  if (!/["\\\n\r]/.test(path)) return path;
  const escaped = path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped}"`;
}

/** `<mode> <id> <stage>\t<path>`, ended by NUL. */
function parseStage(output: string): TreeEntry[] {
  return output.split('\0').flatMap((line) => {
    const match = /^(\d{6}) ([0-9a-f]+) \d\t(.+)$/s.exec(line);
    return match ? [{ mode: match[1] ?? '', blob: match[2] ?? '', path: match[3] ?? '' }] : [];
  });
}

function whenGone(error: unknown): null {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}
