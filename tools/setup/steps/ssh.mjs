// OpenSSH's client, by which the docker client reaches an engine of an `ssh://` context. Only the client: no server, nothing is started.
import { aptInstall } from '../lib/apt.mjs';
import { withLock } from '../lib/lock.mjs';
import { machine } from '../lib/machine.mjs';
import { probe, SetupError } from '../lib/run.mjs';

/**
 * Sees to it that `ssh` can be run. Installs Debian's package as root.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install.
 */
export async function ensureSsh() {
  const found = await sshVersion();
  if (found) return { changed: false, detail: found };
  return withLock('ssh', async () => {
    const meanwhile = await sshVersion();
    if (meanwhile) return { changed: false, detail: meanwhile };
    const host = machine();
    if (!(host.debianLike && host.root))
      throw new SetupError(
        '`ssh` is missing, by which tests reach an engine of another context. Install it (Debian and Ubuntu: sudo apt-get install openssh-client).',
      );
    await aptInstall(['openssh-client']);
    const installed = await sshVersion();
    if (!installed) throw new SetupError('The package openssh-client was installed, but `ssh -V` still fails.');
    return { changed: true, detail: `${installed} installed` };
  });
}

/** It tells its version on standard error. */
async function sshVersion() {
  const { code, stderr } = await probe(['ssh', '-V']);
  return code === 0 ? (/^OpenSSH_\S+/.exec(stderr)?.[0].replace('_', ' ').replace(/,$/, '') ?? 'SSH') : undefined;
}
