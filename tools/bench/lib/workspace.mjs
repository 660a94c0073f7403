// An Nx workspace that both `nx release` and Slipway can release, and how to run them there.
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, ProgramFailed, run } from './run.mjs';

export const repository = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Nobody's git settings play a part, Nx keeps no daemon, and its cache belongs to this workspace. @param {string} folder */
export function environment(folder) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(NX_|GIT_|SLIPWAY_|JEST_|npm_|INIT_CWD$|NODE_OPTIONS$|FORCE_COLOR$)/i.test(name),
    ),
  );
  const person = { NAME: 'Robin Release', EMAIL: 'robin@acme.example' };
  return {
    ...env,
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) =>
        Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value]),
      ),
    ),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    NX_DAEMON: 'false',
    NX_CACHE_DIRECTORY: join(folder, 'nx/cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(folder, 'nx/data'),
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    NX_DEFAULT_OUTPUT_STYLE: 'static',
    NO_COLOR: '1',
    CI: 'true',
  };
}

/**
 * @param {{ owner: string, versioning: 'independent' | 'fixed', tagPattern: string, version?: object }} options
 *   version: more of nx.json's `release.version`
 * @returns {Map<string, string>} by path
 */
export function workspaceFiles({ owner, versioning, tagPattern, version = {} }) {
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['.gitignore', 'node_modules\n.nx/\n.slipway/\n'],
    ['README.md', '# Acme\n'],
    [
      'package.json',
      json({
        name: 'acme',
        version: '0.0.0',
        private: true,
        // Nx and the plugin are linked in: as dependencies they would make npm ask a registry during a measurement.
        workspaces: ['packages/*'],
      }),
    ],
    [
      'nx.json',
      json({
        analytics: false,
        neverConnectToCloud: true,
        defaultBase: 'main',
        plugins: ['nx-slipway'],
        release: {
          projects: ['packages/*'],
          projectsRelationship: versioning,
          releaseTag: { pattern: tagPattern },
          version: {
            conventionalCommits: true,
            fallbackCurrentVersionResolver: 'disk',
            ...version,
          },
        },
      }),
    ],
    // Slipway follows the rest from nx.json; `projects` there is a glob, which it leaves alone.
    ['slipway.json', json({ release: { owner, versioning, ...(versioning === 'fixed' ? { tagPattern } : {}) } })],
  ]);
}

/** A package-lock.json as npm writes it for workspaces without other packages. @param {readonly { name: string, root: string, manifest: object }[]} projects */
export function lockFile(root, projects) {
  const packages = { '': root };
  for (const { name } of projects) packages[`node_modules/${name}`] = { resolved: `packages/${name}`, link: true };
  for (const { root: folder, manifest } of projects) packages[folder] = manifest;
  return `${JSON.stringify({ name: root.name, version: root.version, lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;
}

/**
 * Gives a workspace this repository's node_modules by links, and in them the packed plugin, so that nobody's build changes it.
 * @param {string} workspace
 * @param {string} tarball of the plugin
 */
export async function install(workspace, tarball, options) {
  const modules = join(workspace, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    if (name === 'nx-slipway' || name === '.cache') continue;
    symlinkSync(join(repository, 'node_modules', name), join(modules, name));
  }
  const plugin = join(modules, 'nx-slipway');
  mkdirSync(plugin);
  await must(['tar', '--extract', '--file', tarball, '--strip-components=1', '--directory', plugin], {
    ...options,
    cwd: workspace,
  });
  const own = join(repository, 'plugins/slipway/node_modules');
  if (existsSync(own)) symlinkSync(own, join(plugin, 'node_modules'));
}

/** Builds the plugin, where it is to be built. @throws {ProgramFailed} where it is not built then. */
export async function ensureBuilt({ plugin, build, ...options }) {
  if (build)
    await must([process.execPath, join(repository, 'tools/build-plugin.mjs')], { ...options, cwd: repository });
  if (!existsSync(join(plugin, 'dist/index.js')))
    throw new ProgramFailed(`${plugin} is not built: npm run build --workspace nx-slipway`);
}

/** Packs the built plugin. @param {string} folder where the tarball goes @returns {Promise<string>} its path */
export async function pack(folder, { plugin, build, ...options }) {
  await ensureBuilt({ plugin, build, ...options });
  await must(['npm', 'pack', plugin, '--ignore-scripts', '--silent', '--pack-destination', folder], {
    ...options,
    cwd: folder,
  });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return join(folder, tarball);
}

/** @param {ReadonlyMap<string, string>} files */
export function writeFiles(root, files) {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** Runs `nx` in a workspace. @param {string} root @param {readonly string[]} args */
export function nx(root, args, options) {
  return run([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], { ...options, cwd: root });
}
