import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { verdictPath, type ProjectVerdict } from '../gates';
import { jsonOrNull } from '../io/json-or-null';
import { processStart } from '../io/process-start';
import { readIfThere } from '../io/read-if-there';
import type { World } from '../io/world';
import { writeAtomically } from '../io/write-atomically';

/**
 * A gate's own note of how its verdict came to be. It lies in the git directory, which is no output of any task: so no cache, and nobody
 * who can write one, can bring it.
 */
const receiptSchema = z.object({
  v: z.literal(1),
  /** SHA-256 of the verdict file. */
  verdict: z.string(),
  /** Whether the run of Nx used no cache, and made every report that the verdict rests on. */
  uncached: z.boolean(),
});

type ReceiptWorld = Pick<World, 'root' | 'git' | 'run' | 'env'>;

/** Writes the note for a verdict that was just written. */
export async function writeReceipt(world: ReceiptWorld, verdict: ProjectVerdict): Promise<void> {
  const hash = await hashOf(join(world.root, verdictPath(verdict.project)));
  if (hash === null) return;
  const path = await receiptPath(world, verdict.project);
  if (path === null) return;
  const receipt: z.output<typeof receiptSchema> = { v: 1, verdict: hash, uncached: await isUncached(world, verdict) };
  await writeAtomically(path, `${JSON.stringify(receipt)}\n`);
}

/** Whether this clone made the verdict that lies there, by a run without a cache. */
export async function madeOf(world: ReceiptWorld, project: string): Promise<'here' | 'cache'> {
  const path = await receiptPath(world, project);
  const text = path === null ? null : await readIfThere(path);
  const receipt = text === null ? null : receiptSchema.safeParse(jsonOrNull(text.toString()));
  if (receipt?.success !== true || !receipt.data.uncached) return 'cache';
  return receipt.data.verdict === (await hashOf(join(world.root, verdictPath(project)))) ? 'here' : 'cache';
}

/** Nx tells its tasks that it skips the cache; and what makes the reports ran too, where they are younger than Nx itself. */
async function isUncached(world: ReceiptWorld, verdict: ProjectVerdict): Promise<boolean> {
  const { env } = world;
  if (env['NX_SKIP_NX_CACHE'] !== 'true' && env['NX_DISABLE_NX_CACHE'] !== 'true') return false;
  const nx = Number(env['NX_INVOCATION_ROOT_PID'] ?? process.ppid);
  const start = Number.isInteger(nx) ? await processStart(world, nx) : null;
  if (start === null) return false;
  const paths = verdict.reports.map(({ path }) => path);
  const committed = await trackedOf(world, paths);
  for (const path of paths) {
    // What is committed came with the commit, out of no cache.
    if (committed.has(path)) continue;
    const { mtimeMs } = await stat(join(world.root, path));
    if (mtimeMs < start) return false;
  }
  return true;
}

async function trackedOf({ git }: ReceiptWorld, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const listed = await git.text(['ls-files', '-z', '--', ...paths], { env: { GIT_LITERAL_PATHSPECS: '1' } });
  return new Set(listed.split('\0'));
}

/** Null where there is no repository: then there is no release either. */
async function receiptPath({ git }: ReceiptWorld, project: string): Promise<string | null> {
  const { exitCode, stdout } = await git.run(['rev-parse', '--git-dir', '--show-prefix']);
  if (exitCode !== 0) return null;
  const [folder = '', prefix = ''] = stdout.split('\n');
  const name = createHash('sha256').update(`${prefix}\0${project}`).digest('hex').slice(0, 40);
  return resolve(git.root, folder, 'slipway', 'receipts', `${name}.json`);
}

async function hashOf(path: string): Promise<string | null> {
  const content = await readIfThere(path);
  return content === null ? null : createHash('sha256').update(content).digest('hex');
}
