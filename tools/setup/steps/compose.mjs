// Docker Compose v2, the `docker compose` plugin.
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall, aptKnows, unpackFromSuite } from '../lib/apt.mjs';
import { withLock } from '../lib/lock.mjs';
import { machine } from '../lib/machine.mjs';
import { probe, SetupError } from '../lib/run.mjs';

const pluginFolder = '/usr/local/lib/docker/cli-plugins';

/**
 * Sees to it that `docker compose` works.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install where that can't be done here.
 */
export async function ensureCompose() {
  const version = await composeVersion();
  if (version) return { changed: false, detail: `Compose ${version}` };
  return withLock('compose', async () => {
    const meanwhile = await composeVersion();
    if (meanwhile) return { changed: false, detail: `Compose ${meanwhile}` };
    const host = machine();
    if (!(host.debianLike && host.root)) throw new SetupError(howToInstall(host));
    await installCompose(host);
    const installed = await composeVersion();
    if (!installed) throw new SetupError('The Compose plugin was installed, but `docker compose version` still fails.');
    return { changed: true, detail: `Compose ${installed} installed` };
  });
}

/** The version of the plugin, or undefined where there is none of version 2 or later. */
export async function composeVersion() {
  const { code, stdout } = await probe(['docker', 'compose', 'version', '--short']);
  return code === 0 && /^v?[2-9]/.test(stdout.trim()) ? stdout.trim() : undefined;
}

async function installCompose({ id, version }) {
  if (id === 'debian' && version < 13) return installFromNewerDebian();
  const name = (await aptKnows('docker-compose-v2')) ? 'docker-compose-v2' : 'docker-compose';
  return aptInstall([name]);
}

/** Debian 12 has only the Python Compose; the plugin of Debian 13 needs nothing newer than Debian 12's C library. */
async function installFromNewerDebian() {
  const work = mkdtempSync(join(tmpdir(), 'slipway-compose-'));
  try {
    await unpackFromSuite('trixie', 'docker-compose', work);
    const found = ['usr/libexec/docker/cli-plugins', 'usr/lib/docker/cli-plugins']
      .map((folder) => join(work, folder, 'docker-compose'))
      .find(existsSync);
    if (!found)
      throw new SetupError("Debian 13's package docker-compose does not hold the plugin where it is expected.");
    mkdirSync(pluginFolder, { recursive: true });
    // Renamed into place, so that nobody meets half a file.
    const next = join(pluginFolder, '.docker-compose.next');
    copyFileSync(found, next);
    chmodSync(next, 0o755);
    renameSync(next, join(pluginFolder, 'docker-compose'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function howToInstall({ id, debianLike }) {
  if (id === 'darwin')
    return '`docker compose` is missing. Docker Desktop and OrbStack bring it; with Colima: brew install docker-compose.';
  if (id === 'ubuntu')
    return '`docker compose` is missing. Run this as root, or: sudo apt-get install docker-compose-v2';
  if (debianLike)
    return "`docker compose` (version 2) is missing. Run this as root, or install Docker's package docker-compose-plugin.";
  return "`docker compose` (version 2) is missing. Install your distribution's or Docker's package docker-compose-plugin.";
}
