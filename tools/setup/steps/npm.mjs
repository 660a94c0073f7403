// npm packages as the lock file says, and the plugin compiled: Nx can't start before the plugin it loads is built.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lib/lock.mjs';
import { logFile, shortHash } from '../lib/machine.mjs';
import { runLogged, SetupError } from '../lib/run.mjs';
import { hashOf, hashOfFiles, hasStamp, writeStamp } from '../lib/stamp.mjs';

const plugin = 'plugins/slipway';

/**
 * `npm ci`, unless what is installed is what the lock file says. A release bump changes the workspace's own versions in the
 * lock file; that alone is no reason to install again.
 * @param {string} root absolute path of the workspace
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 */
export async function ensureNpmPackages(root) {
  return withLock(`npm-${shortHash(root)}`, async () => {
    const wanted = wantedPackages(root);
    const stamp = join(root, 'node_modules/.slipway-setup');
    const expected = hashOf(process.version.split('.')[0], process.platform, process.arch, JSON.stringify([...wanted]));
    const detail = `${wanted.size} npm packages`;
    if (hasStamp(stamp, expected) || isInstalled(root, wanted)) {
      if (!hasStamp(stamp, expected)) writeStamp(stamp, expected);
      return { changed: false, detail };
    }
    const argv = ['npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    await runLogged(argv, { cwd: root, log: logFile('npm'), timeout: 900_000 });
    writeStamp(stamp, expected);
    return { changed: true, detail: `${detail} installed` };
  });
}

/**
 * Compiles the plugin, unless its compiled form was made from these sources.
 * @param {string} root absolute path of the workspace
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 */
export async function ensurePluginBuilt(root) {
  return withLock(`plugin-${shortHash(root)}`, async () => {
    const isTest = (name) => /\.test\.[cm]?tsx?$/.test(name) || name === 'node_modules';
    const sources = ['src', 'tsconfig.lib.json', 'tsconfig.json', 'package.json'].map((path) => `${plugin}/${path}`);
    const expected = hashOfFiles(root, [...sources, 'tools/build-plugin.mjs', 'tsconfig.base.json'], isTest);
    const stamp = join(root, plugin, 'dist/.slipway-setup');
    if (hasStamp(stamp, expected) && existsSync(join(root, plugin, 'dist/index.js')))
      return { changed: false, detail: 'nx-slipway compiled' };
    await runLogged([process.execPath, 'tools/build-plugin.mjs'], {
      cwd: root,
      log: logFile('plugin'),
      timeout: 300_000,
    });
    if (!existsSync(join(root, plugin, 'dist/index.js')))
      throw new SetupError(`The plugin was compiled, but ${plugin}/dist/index.js is missing.`);
    writeStamp(stamp, expected);
    return { changed: true, detail: 'nx-slipway compiled' };
  });
}

/** Installed path → what tells its content, for everything but the workspace's own projects. */
export function wantedPackages(root) {
  return thirdParty(readJson(join(root, 'package-lock.json')).packages ?? {});
}

/** npm keeps a lock file of what it has put into node_modules. Packages for other systems are rightly missing there. */
function isInstalled(root, wanted) {
  const file = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(file) || wanted.size === 0) return false;
  const installed = thirdParty(readJson(file).packages ?? {});
  const optional = optionalPaths(root);
  for (const [path, content] of wanted) {
    if (installed.get(path) !== content && !(optional.has(path) && !installed.has(path))) return false;
  }
  return true;
}

function thirdParty(packages) {
  const inModules = Object.entries(packages).filter(([path]) => /(^|\/)node_modules\//.test(path));
  return new Map(
    inModules.map(([path, entry]) => [
      path,
      entry.link ? `link ${entry.resolved}` : `${entry.version} ${entry.integrity ?? ''}`,
    ]),
  );
}

function optionalPaths(root) {
  const packages = readJson(join(root, 'package-lock.json')).packages ?? {};
  return new Set(Object.keys(packages).filter((path) => packages[path].optional || packages[path].devOptional));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
