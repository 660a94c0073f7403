import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imagesOf } from './docker';
import { ENVIRONMENTS } from './files';
import { must } from './processes';
import { cleanEnvironment } from './environment';
import type { Workspace } from './workspace';

/** All that a step could change: refs (the ledger and locks are refs too), the tree, containers and images. */
export interface Snapshot {
  readonly head: string;
  readonly refs: readonly string[];
  readonly remoteRefs: readonly string[];
  /** What git says about the tree and its index. */
  readonly status: string;
  /** Hash by path, of ignored files too. */
  readonly files: Readonly<Record<string, string>>;
  /** `service id running image` by environment. */
  readonly containers: Readonly<Record<string, readonly string[]>>;
  readonly images: readonly string[];
}

/** What is pure and cached may be written at any time: reports and verdicts. Nx's and npm's own files are not ours. */
const PASSED_OVER = new Set(['.git', 'node_modules', '.nx', 'reports', '.slipway/gates']);

export async function snapshot(workspace: Workspace): Promise<Snapshot> {
  const format = '--format=%(refname) %(objectname)';
  const [head, refs, remoteRefs, status, files, images, ...containers] = await Promise.all([
    workspace.git('rev-parse', '--symbolic-full-name', 'HEAD'),
    workspace.git('for-each-ref', format),
    must(['git', 'for-each-ref', format], { cwd: workspace.remote, env: cleanEnvironment() }),
    workspace.git('status', '--porcelain=v2', '--branch', '--untracked-files=all'),
    hashes(workspace.root),
    imagesOf(workspace.deployment.prefix),
    ...ENVIRONMENTS.map((environment) => workspace.containers(environment)),
  ]);
  return {
    head,
    // What was last seen of the remote's ledger changes by looking; what is there is under `remoteRefs`.
    refs: refs.split('\n').filter((ref) => !ref.startsWith('refs/slipway/remotes/')),
    remoteRefs: remoteRefs.split('\n'),
    status,
    files,
    containers: Object.fromEntries(
      ENVIRONMENTS.map((environment, index) => [
        environment,
        (containers[index] ?? []).map(({ service, id, running, image }) => `${service} ${id} ${running} ${image}`),
      ]),
    ),
    images,
  };
}

/** What remains when locks were taken and given back. */
export function withoutLocks(taken: Snapshot): Snapshot {
  const others = (refs: readonly string[]): readonly string[] =>
    refs.filter((ref) => !/^refs\/slipway\/lock\//.test(ref));
  return { ...taken, refs: others(taken.refs), remoteRefs: others(taken.remoteRefs) };
}

async function hashes(root: string, folder = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (PASSED_OVER.has(entry.name) || PASSED_OVER.has(path)) continue;
    if (entry.isDirectory()) Object.assign(found, await hashes(root, path));
    else if (entry.isFile()) {
      found[path] = createHash('sha256')
        .update(await readFile(join(root, path)))
        .digest('hex');
    }
  }
  return found;
}
