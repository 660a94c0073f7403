// Debian's package manager: installing what is missing, and finding the archive this machine uses.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { cacheDir, logFile } from './machine.mjs';
import { probe, runLogged, SetupError } from './run.mjs';

const quietly = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
export const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Installs packages from the machine's own sources. Needs root. */
export async function aptInstall(packages) {
  const log = logFile('apt');
  await withLock('apt', async () => {
    await runLogged(['apt-get', 'update'], { log, env: quietly, timeout: 300_000 });
    const argv = ['apt-get', 'install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...packages];
    await runLogged(argv, { log, env: quietly, timeout: 900_000 });
  });
}

/** Whether apt knows a package of this name that can be installed. */
export async function aptKnows(name) {
  const { stdout } = await probe(['apt-cache', 'policy', name]);
  return /Candidate: (?!\(none\))\S/.test(stdout);
}

/**
 * The package archives this machine is set up with, as apt itself reads them.
 * @returns {Promise<{ uri: string, suite: string, component: string, origin: string }[]>}
 */
export async function aptArchives() {
  const format = '$(REPO_URI)\t$(CODENAME)\t$(SUITE)\t$(COMPONENT)\t$(ORIGIN)';
  const list = async () =>
    (await probe(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'])).stdout;
  let text = await list();
  if (!/\t(Debian|Ubuntu)$/m.test(text) && process.getuid?.() === 0) {
    await withLock('apt', () =>
      runLogged(['apt-get', 'update'], { log: logFile('apt'), env: quietly, timeout: 300_000 }),
    );
    text = await list();
  }
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
    .map(([uri, codename, suite, component, origin]) => ({ uri, suite: codename || suite, component, origin }));
}

/** The Debian archive this machine uses, without naming a host ourselves; undefined on a machine that is not Debian. */
export async function debianMirror() {
  const archives = await aptArchives();
  const main = archives.find(
    ({ origin, component, suite }) => origin === 'Debian' && component === 'main' && /^[a-z]+$/.test(suite),
  );
  return main?.uri.replace(/\/$/, '');
}

/**
 * Fetches one package of another Debian suite and unpacks it into `into`, with apt's own signature checks, and without
 * touching the machine's sources, lists or package database.
 */
export async function unpackFromSuite(suite, name, into) {
  const mirror = await debianMirror();
  if (!mirror)
    throw new SetupError(`No Debian archive is among this machine's apt sources, so ${name} can't be fetched.`);
  if (!existsSync(debianKeyring)) await aptInstall(['debian-archive-keyring']);
  const work = join(cacheDir(), `apt-${suite}`);
  rmSync(work, { recursive: true, force: true });
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'deb'])
    mkdirSync(join(work, folder), { recursive: true });
  writeFileSync(join(work, 'sources.list'), `deb [signed-by=${debianKeyring}] ${mirror} ${suite} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': join(work, 'state'),
    'Dir::Cache': join(work, 'cache'),
    'Acquire::Languages': 'none',
    // The folder is this user's own; apt's sandbox user can't enter it.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const log = logFile('apt');
  await runLogged(['apt-get', ...options, 'update'], { log, timeout: 300_000 });
  await runLogged(['apt-get', ...options, 'download', name], { log, cwd: join(work, 'deb'), timeout: 300_000 });
  const [file] = readdirSync(join(work, 'deb')).filter((entry) => entry.endsWith('.deb'));
  if (!file) throw new SetupError(`apt-get downloaded no package ${name} of ${suite}; see ${log}`);
  await runLogged(['dpkg', '-x', join(work, 'deb', file), join(work, 'tree')], { log });
  mkdirSync(into, { recursive: true });
  cpSync(join(work, 'tree'), into, { recursive: true });
  rmSync(work, { recursive: true, force: true });
}
