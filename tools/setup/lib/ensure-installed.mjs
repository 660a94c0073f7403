// The one way in which a step of the set-up gets a program of the distribution: looked for, waited for, refused, installed, looked for again.
import { withLock } from './lock.mjs';
import { machine } from './machine.mjs';
import { SetupError } from './run.mjs';

/**
 * Sees to it that a program is there; at most one process of this machine installs it.
 * @param {object} program
 * @param {string} program.lock name of the lock under which it is installed
 * @param {() => Promise<string | undefined>} program.find what to call the one that is there
 * @param {(host: ReturnType<typeof machine>) => boolean} [program.installable] default: root on Debian and what comes from it
 * @param {(host: ReturnType<typeof machine>) => string} program.missing what to say where it is not installable
 * @param {() => Promise<void>} program.install
 * @param {string} program.stillMissing what to say where it was installed in vain
 * @returns {Promise<import('./report.mjs').Outcome>}
 * @throws {SetupError}
 */
export async function ensureInstalled({ lock, find, installable = isRootOnDebian, missing, install, stillMissing }) {
  const found = await find();
  if (found) return { changed: false, detail: found };
  return withLock(lock, async () => {
    const meanwhile = await find();
    if (meanwhile) return { changed: false, detail: meanwhile };
    const host = machine();
    if (!installable(host)) throw new SetupError(missing(host));
    await install();
    const installed = await find();
    if (!installed) throw new SetupError(stillMissing);
    return { changed: true, detail: `${installed} installed` };
  });
}

function isRootOnDebian({ debianLike, root }) {
  return debianLike && root;
}
