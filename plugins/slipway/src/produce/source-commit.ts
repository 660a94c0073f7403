import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageConfig } from '../config/schema';
import type { World } from '../io/world';

/** Who makes the commit does not matter: it is on no branch, and only names a tree. */
const NOBODY = {
  GIT_AUTHOR_NAME: 'Slipway',
  GIT_AUTHOR_EMAIL: 'slipway@localhost',
  GIT_COMMITTER_NAME: 'Slipway',
  GIT_COMMITTER_EMAIL: 'slipway@localhost',
  GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
} as const;

/**
 * A commit that holds the images' contexts as they are now: HEAD where they are unchanged, else one on no branch. So a producer
 * measures the files that Nx hashed for it, and images that are there already are found by their content either way.
 * Neither index nor work tree is touched.
 */
export async function sourceCommit(
  { git }: Pick<World, 'git'>,
  images: Readonly<Record<string, ImageConfig>>,
): Promise<string> {
  const head = await git.text(['rev-parse', 'HEAD']);
  const paths = [...new Set(Object.values(images).flatMap(({ context, dockerfile }) => [...context, dockerfile]))];
  if (paths.length === 0) return head;
  const changes = await git.text(['status', '--porcelain', '--untracked-files=all', '--', ...paths]);
  if (changes === '') return head;
  const scratch = await mkdtemp(join(tmpdir(), 'slipway-index-'));
  const env = { ...NOBODY, GIT_INDEX_FILE: join(scratch, 'index') };
  try {
    await git.text(['read-tree', head], { env });
    await git.text(['add', '--all', '--', ...paths], { env });
    const tree = await git.text(['write-tree'], { env });
    return await git.text(['commit-tree', tree, '-p', head, '-m', 'the work tree as it was measured'], { env });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
