import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from '../io/git';
import type { ProcessIdentity } from '../ledger/process-identity';
import type { ReleasePlan } from '../plan/release-plan';
import { storedIds } from './commit-files';
import type { FileEdit } from './file-edit';
import { several } from './several';
import {
  readIfThere,
  removeFile,
  syncFolder,
  unless,
  writeDurably,
  type FileAttributes,
  type StateFolder,
} from './state-folder';

/** What undoes or finishes a bump, written before its first change. Contents are base64: files come back byte for byte. */
export interface Journal {
  readonly v: 1;
  /** Names the temporary files of this bump. */
  readonly id: string;
  readonly owner: ProcessIdentity;
  readonly version: string;
  /** The planned commit, where HEAD stood. */
  readonly from: string;
  /** Full names of refs: the one HEAD was on, and the release branch. */
  readonly head: string;
  readonly branch: string;
  /** Whether the release branch was not there before. */
  readonly creates: boolean;
  readonly files: readonly JournalFile[];
  /** Folders that were not there before, the deepest first. */
  readonly folders: readonly string[];
}

export interface JournalFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
  /** Those of the file that is there, else the usual ones. */
  readonly attributes: FileAttributes;
  /** Id of the blob that `after` is stored as. */
  readonly blob: string;
}

export interface JournalInput {
  readonly id: string;
  readonly owner: ProcessIdentity;
  readonly plan: Pick<ReleasePlan, 'version' | 'commit'>;
  readonly head: string;
  readonly branch: string;
  readonly creates: boolean;
  readonly edits: readonly FileEdit[];
}

/** Reads what is there now. */
export async function makeJournal(git: Git, root: string, input: JournalInput): Promise<Journal> {
  const { id, owner, plan, head, branch, creates } = input;
  const blobs = await storedIds(git, new Map(input.edits.map(({ path, after }) => [path, after])), plan.commit);
  const folders = new Set<string>();
  const files = await several(input.edits, async ({ path, after }): Promise<JournalFile> => {
    const full = join(root, path);
    const before = await readIfThere(full);
    const stat = before === null ? null : await lstat(full);
    // Where a file is, its folders are.
    for (let folder = dirname(path); before === null && folder !== '.'; folder = dirname(folder)) {
      if ((await unless(['ENOENT', 'ENOTDIR'], lstat(join(root, folder)))) === null) folders.add(folder);
    }
    return {
      path,
      before: before?.toString('base64') ?? null,
      after: Buffer.from(after, 'utf8').toString('base64'),
      attributes: {
        mode: stat === null ? 0o666 & ~process.umask() : stat.mode & 0o7777,
        // Only root can, and need, give a file back to its owner.
        owner: stat === null || process.getuid?.() !== 0 ? null : { uid: stat.uid, gid: stat.gid },
      },
      blob: blobs.get(path) ?? '',
    };
  });
  const deepestFirst = [...folders].sort((a, b) => b.split('/').length - a.split('/').length);
  return {
    v: 1,
    id,
    owner,
    version: plan.version,
    from: plan.commit,
    head,
    branch,
    creates,
    files,
    folders: deepestFirst,
  };
}

export async function writeJournal(folder: StateFolder, journal: Journal): Promise<void> {
  await writeDurably(folder.journal, `${JSON.stringify(journal)}\n`, `${folder.journal}.tmp`);
  await syncFolder(folder.path);
}

/** @throws when there is one that can't be read: then nobody may touch the tree before a person has looked. */
export async function readJournal(folder: StateFolder): Promise<Journal | null> {
  const bytes = await readIfThere(folder.journal);
  if (bytes === null) return null;
  try {
    const journal = JSON.parse(bytes.toString('utf8')) as Journal;
    if (journal.v === 1 && Array.isArray(journal.files) && Array.isArray(journal.folders)) return journal;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(
    `${folder.journal} is no journal that this version of Slipway knows; look at it, mend the work tree by hand and remove it`,
  );
}

export async function removeJournal(folder: StateFolder): Promise<void> {
  for (const path of [folder.index, `${folder.index}.lock`, `${folder.journal}.tmp`, folder.journal])
    await removeFile(path);
  await syncFolder(folder.path);
}
