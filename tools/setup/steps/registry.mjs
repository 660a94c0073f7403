// An image registry, which deployments by repository digest are tested against. Only its program: nothing is started.
import { aptInstall } from '../lib/apt.mjs';
import { ensureInstalled } from '../lib/ensure-installed.mjs';
import { probe } from '../lib/run.mjs';

/**
 * Sees to it that `docker-registry` is there. Installs Debian's package as root.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install.
 */
export function ensureRegistry() {
  return ensureInstalled({
    lock: 'registry',
    find: registryVersion,
    missing: () =>
      'No docker-registry is installed, which tests of registries run. Install it (Debian and Ubuntu: sudo apt-get install docker-registry).',
    install: () => aptInstall(['docker-registry']),
    stillMissing: 'The package docker-registry was installed, but its program does not run.',
  });
}

async function registryVersion() {
  const { code, stdout } = await probe(['docker-registry', '--version']);
  return code === 0 ? `docker-registry ${stdout.trim().split(/\s+/).at(-1)}` : undefined;
}
