// OpenSSH's client, by which the docker client reaches an engine of an `ssh://` context. Only the client: no server, nothing is started.
import { aptInstall } from '../lib/apt.mjs';
import { ensureInstalled } from '../lib/ensure-installed.mjs';
import { probe } from '../lib/run.mjs';

/**
 * Sees to it that `ssh` can be run. Installs Debian's package as root.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install.
 */
export function ensureSsh() {
  return ensureInstalled({
    lock: 'ssh',
    find: sshVersion,
    missing: () =>
      '`ssh` is missing, by which tests reach an engine of another context. Install it (Debian and Ubuntu: sudo apt-get install openssh-client).',
    install: () => aptInstall(['openssh-client']),
    stillMissing: 'The package openssh-client was installed, but `ssh -V` still fails.',
  });
}

/** It tells its version on standard error. */
async function sshVersion() {
  const { code, stderr } = await probe(['ssh', '-V']);
  return code === 0 ? (/^OpenSSH_\S+/.exec(stderr)?.[0].replace('_', ' ').replace(/,$/, '') ?? 'SSH') : undefined;
}
