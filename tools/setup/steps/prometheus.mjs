// A Prometheus server for the tests of metric probes. Only its program: no service, no user, no settings.
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from '../lib/ensure-installed.mjs';
import { withLock } from '../lib/lock.mjs';
import { logFile } from '../lib/machine.mjs';
import { probe, runLogged, SetupError } from '../lib/run.mjs';

const folder = '/usr/local/bin';

/**
 * Sees to it that `prometheus` can be run.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install where that can't be done here.
 */
export function ensurePrometheus() {
  return ensureInstalled({
    lock: 'prometheus',
    find: async () => {
      const version = await prometheusVersion();
      return version && `Prometheus ${version}`;
    },
    missing: howToInstall,
    install: installProgram,
    stillMissing: 'Prometheus was installed, but `prometheus --version` still fails.',
  });
}

/** Its version, or undefined where there is none. */
export async function prometheusVersion() {
  const { code, stdout, stderr } = await probe(['prometheus', '--version']);
  return code === 0 ? (/version (\d[^\s+]*)/.exec(`${stdout}${stderr}`)?.[1] ?? 'of unknown version') : undefined;
}

/** Unpacks the distribution's package, with apt's own signature checks, without running its install scripts, which start a service. */
async function installProgram() {
  const work = mkdtempSync(join(tmpdir(), 'slipway-prometheus-'));
  const log = logFile('apt');
  try {
    chmodSync(work, 0o755);
    const download = ['apt-get', '-o', 'APT::Sandbox::User=root', 'download', 'prometheus'];
    await withLock('apt', async () => {
      // Without lists there is nothing to download from; with them no update is needed.
      const { code } = await probe(download, { cwd: work, timeout: 300_000 });
      if (code === 0) return;
      await runLogged(['apt-get', 'update'], { log, timeout: 300_000 });
      await runLogged(download, { log, cwd: work, timeout: 300_000 });
    });
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
    if (!file) throw new SetupError(`apt-get downloaded no package prometheus; see ${log}`);
    await runLogged(['dpkg', '-x', join(work, file), join(work, 'tree')], { log });
    const program = join(work, 'tree/usr/bin/prometheus');
    if (!existsSync(program))
      throw new SetupError('The package prometheus does not hold the program where it is expected.');
    mkdirSync(folder, { recursive: true });
    // Renamed into place, so that nobody meets half a file.
    const next = join(folder, '.prometheus.next');
    copyFileSync(program, next);
    chmodSync(next, 0o755);
    renameSync(next, join(folder, 'prometheus'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function howToInstall({ id, debianLike }) {
  if (id === 'darwin') return '`prometheus` is missing. Install it: brew install prometheus';
  if (debianLike) return '`prometheus` is missing. Run this as root, or: sudo apt-get install prometheus';
  return "`prometheus` is missing. Install your distribution's package, or put the program of its release page on the PATH.";
}
