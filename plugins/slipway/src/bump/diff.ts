import type { Git } from '../io/git';

export interface ChangedPath {
  readonly path: string;
  /** `A`, `M`, `D` or `T`; renames count as removal and addition. */
  readonly status: string;
  /** As git writes them: `100644`, `100755`, `120000`, `160000`, `000000` for none. */
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldBlob: string;
  readonly newBlob: string;
}

/**
 * What differs between two commits or trees, in the whole repository.
 * Paths are relative to the folder that git runs in; those outside start with `../`.
 */
export async function changedPaths(git: Git, from: string, to: string): Promise<readonly ChangedPath[]> {
  const prefix = await git.text(['rev-parse', '--show-prefix']);
  const raw = await git.text(['diff-tree', '-r', '--raw', '-z', '--no-renames', '--no-abbrev', from, to]);
  const fields = raw.split('\0');
  const changes: ChangedPath[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(fields[at] ?? '');
    if (!match) throw new Error(`git diff-tree printed "${fields[at]}", which is no change`);
    const [, oldMode = '', newMode = '', oldBlob = '', newBlob = '', status = ''] = match;
    changes.push({ path: relativeTo(prefix, fields[at + 1] ?? ''), status, oldMode, newMode, oldBlob, newBlob });
  }
  return changes;
}

/** @param prefix the workspace inside the repository, ending with `/`; empty for its top. */
function relativeTo(prefix: string, path: string): string {
  if (path.startsWith(prefix)) return path.slice(prefix.length);
  return '../'.repeat(prefix.split('/').length - 1) + path;
}
