import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cleanEnvironment } from './environment';
import { must } from './processes';
import { manifests } from './files';

const PLUGIN = resolve(__dirname, '../..');
const NX = '23.2.1';
/** Installations of other versions of the plugin are thrown away once they are older, in milliseconds. */
const KEEP = 60 * 60_000;

/** A folder with `node_modules` and `package-lock.json` of a workspace that has the packed plugin. */
export interface Installation {
  readonly folder: string;
}

let made: Promise<Installation> | null = null;

/**
 * Packs the plugin and installs the tarball with Nx, as a user would, once for each state of the plugin: the folder is named by the
 * tarball's hash. The plugin must be built.
 */
export function installation(): Promise<Installation> {
  return (made ??= install());
}

async function install(): Promise<Installation> {
  const cache = join(resolve(PLUGIN, '../..'), 'node_modules/.cache/slipway-e2e');
  const draft = join(cache, `draft-${randomBytes(4).toString('hex')}`);
  await mkdir(draft, { recursive: true });
  try {
    const tarball = await pack(draft);
    const hash = createHash('sha256')
      .update(`${NX} ${process.version}`)
      .update(await readFile(tarball));
    const folder = join(cache, hash.digest('hex').slice(0, 16));
    if (!(await exists(folder))) {
      await npmInstall(draft);
      // Another run may have been faster: then its installation stands.
      await rename(draft, folder).catch(async (error: unknown) => {
        if (!(await exists(folder))) throw error;
      });
    }
    await utimes(folder, new Date(), new Date());
    await discardOthers(cache, folder);
    return { folder };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function pack(folder: string): Promise<string> {
  if (!(await exists(join(PLUGIN, 'dist/index.js')))) {
    throw new Error('the plugin is not built: npm run build --workspace nx-slipway');
  }
  const args = ['pack', PLUGIN, '--ignore-scripts', '--silent', '--pack-destination', folder] as const;
  await must(['npm', ...args], { cwd: folder, env: cleanEnvironment() });
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (packed === undefined) throw new Error('npm pack left no tarball');
  const tarball = join(folder, 'nx-slipway.tgz');
  await rename(join(folder, packed), tarball);
  return tarball;
}

async function npmInstall(folder: string): Promise<void> {
  for (const [path, content] of Object.entries(manifests({ nx: NX, plugin: 'file:nx-slipway.tgz' }))) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const args = ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'] as const;
  await must(['npm', ...args], { cwd: folder, env: cleanEnvironment() });
}

async function discardOthers(cache: string, own: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = join(cache, name);
    if (folder === own || Date.now() - (await modified(folder)) < KEEP) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

async function modified(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    // Another run threw it away.
    return Date.now();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Gives a workspace its `node_modules`, by hard links where the file systems allow: nothing writes to installed files. */
export async function provide({ folder }: Installation, workspace: string): Promise<void> {
  const from = join(folder, 'node_modules');
  const to = join(workspace, 'node_modules');
  const options = { cwd: workspace, env: cleanEnvironment() };
  try {
    await must(['cp', '-al', from, to], options);
  } catch {
    await rm(to, { recursive: true, force: true });
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
  }
  await cp(join(folder, 'package-lock.json'), join(workspace, 'package-lock.json'));
}
