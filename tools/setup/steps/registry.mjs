// An image registry, which deployments by repository digest are tested against. Only its program: nothing is started.
import { aptInstall } from '../lib/apt.mjs';
import { withLock } from '../lib/lock.mjs';
import { machine } from '../lib/machine.mjs';
import { probe, SetupError } from '../lib/run.mjs';

/**
 * Sees to it that `docker-registry` is there. Installs Debian's package as root.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install.
 */
export async function ensureRegistry() {
  const found = await registryVersion();
  if (found) return { changed: false, detail: found };
  return withLock('registry', async () => {
    const meanwhile = await registryVersion();
    if (meanwhile) return { changed: false, detail: meanwhile };
    const host = machine();
    if (!(host.debianLike && host.root))
      throw new SetupError(
        'No docker-registry is installed, which tests of registries run. Install it (Debian and Ubuntu: sudo apt-get install docker-registry).',
      );
    await aptInstall(['docker-registry']);
    const installed = await registryVersion();
    if (!installed) throw new SetupError('The package docker-registry was installed, but its program does not run.');
    return { changed: true, detail: `${installed} installed` };
  });
}

async function registryVersion() {
  const { code, stdout } = await probe(['docker-registry', '--version']);
  return code === 0 ? `docker-registry ${stdout.trim().split(/\s+/).at(-1)}` : undefined;
}
