// The one base image of all Dockerfiles: pulled where that works, else made here from Debian's packages.
import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptArchives, aptInstall, debianKeyring, debianMirror } from '../lib/apt.mjs';
import { withLock } from '../lib/lock.mjs';
import { logFile, machine } from '../lib/machine.mjs';
import { probe, runLogged, SetupError, succeeds } from '../lib/run.mjs';

export const baseImage = 'debian:bookworm-slim';
const suite = 'bookworm';
const caBundle = 'etc/ssl/certs/ca-certificates.crt';

/**
 * Sees to it that the engine has an image of the name `debian:bookworm-slim`.
 * @param {{ note?: (text: string) => void, name?: string, pull?: boolean }} [options] `name` and `pull` are for tests.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 */
export async function ensureBaseImage({ note = () => {}, name = baseImage, pull = true } = {}) {
  const there = () => succeeds(['docker', 'image', 'inspect', name]);
  if (await there()) return { changed: false, detail: name };
  return withLock('base-image', async () => {
    if (await there()) return { changed: false, detail: name };
    if (pull && (await succeeds(['docker', 'pull', '--quiet', name], { timeout: 60_000 })))
      return { changed: true, detail: `${name} pulled` };
    const host = machine();
    if (!(host.debianLike && host.root)) {
      throw new SetupError(
        `${name} can't be pulled, and only on Debian or Ubuntu as root can it be made here. Try: docker pull ${name}`,
      );
    }
    note(`${name} can't be pulled; making it from Debian's packages`);
    await makeLocally(host, name);
    return { changed: true, detail: `${name} made from Debian's packages` };
  });
}

async function makeLocally(host, name) {
  const log = logFile('base-image');
  const needed = [
    !(await succeeds(['debootstrap', '--version'])) && 'debootstrap',
    !existsSync(debianKeyring) && 'debian-archive-keyring',
  ].filter(Boolean);
  if (needed.length > 0) await aptInstall(needed);
  const work = mkdtempSync(join(tmpdir(), 'slipway-base-'));
  try {
    // Without a mirror of its own (Ubuntu) debootstrap takes the one it knows.
    const mirror = await debianMirror();
    const argv = [
      'debootstrap',
      '--variant=minbase',
      '--include=ca-certificates',
      `--keyring=${debianKeyring}`,
      suite,
      work,
    ];
    await runLogged(mirror ? [...argv, mirror] : argv, { log, timeout: 600_000 });
    if (host.codename === suite) await addArchives(work);
    trustWhatTheHostTrusts(work);
    slim(work);
    await importTree(work, name, log);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Updates and security fixes come from where the host gets them. */
async function addArchives(tree) {
  const ours = (await aptArchives()).filter(
    ({ origin, component, suite: of }) => origin === 'Debian' && component === 'main' && of.startsWith(suite),
  );
  if (ours.length > 0)
    writeFileSync(
      join(tree, 'etc/apt/sources.list'),
      ours.map(({ uri, suite: of }) => `deb ${uri} ${of} main\n`).join(''),
    );
}

/** Builds inside reach the same package registries as the host, also through a proxy with a certificate of its own. */
function trustWhatTheHostTrusts(tree) {
  const local = '/usr/local/share/ca-certificates';
  if (existsSync(local)) cpSync(local, join(tree, local), { recursive: true });
  if (existsSync(`/${caBundle}`)) {
    mkdirSync(join(tree, 'etc/ssl/certs'), { recursive: true });
    copyFileSync(`/${caBundle}`, join(tree, caBundle));
  }
}

/** What the published slim image leaves out as well, now and at later installs. */
function slim(tree) {
  const empty = (folder) => {
    if (existsSync(join(tree, folder)))
      for (const entry of readdirSync(join(tree, folder))) rmSync(join(tree, folder, entry), { recursive: true });
  };
  for (const folder of ['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale', 'usr/share/lintian'])
    empty(folder);
  for (const folder of ['var/lib/apt/lists', 'var/cache/apt', 'var/cache/debconf', 'var/log', 'tmp', 'dev'])
    empty(folder);
  // The host's name and resolver are none of the image's business; Docker gives containers theirs.
  for (const file of ['etc/hostname', 'etc/resolv.conf']) rmSync(join(tree, file), { force: true });
  writeFileSync(join(tree, 'etc/machine-id'), '');
  const excluded = ['doc', 'man', 'info', 'locale', 'lintian', 'groff'].map(
    (folder) => `path-exclude /usr/share/${folder}/*\n`,
  );
  writeFileSync(
    join(tree, 'etc/dpkg/dpkg.cfg.d/slim'),
    [...excluded, 'path-include /usr/share/doc/*/copyright\n'].join(''),
  );
  writeFileSync(
    join(tree, 'etc/apt/apt.conf.d/slim'),
    'Acquire::Languages "none";\nAPT::Install-Suggests "false";\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n',
  );
  // Packages must not start services while an image is built.
  writeFileSync(join(tree, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
}

async function importTree(tree, name, log) {
  const tar = spawn('tar', ['--numeric-owner', '--sort=name', '-C', tree, '-c', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const packed = new Promise((resolve, reject) => tar.on('error', reject).on('close', resolve));
  const changes = [
    'CMD ["bash"]',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'LABEL slipway.base=debootstrap',
  ];
  const argv = ['docker', 'import', ...changes.flatMap((change) => ['--change', change]), '-', name];
  await runLogged(argv, { log, stdin: tar.stdout, timeout: 300_000 });
  if ((await packed) !== 0) {
    await probe(['docker', 'image', 'rm', name]);
    throw new SetupError(`The tree of ${name} could not be packed.`);
  }
}
