// Docker Engine: there, startable, or installable; else what to install.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { aptInstall, aptKnows } from '../lib/apt.mjs';
import { alive, withLock } from '../lib/lock.mjs';
import { logFile, machine } from '../lib/machine.mjs';
import { probe, runLogged, SetupError, succeeds } from '../lib/run.mjs';

const pidFile = '/var/run/slipway-dockerd.pid';

/**
 * Sees to it that `docker info` answers. Starts the engine where it only has to be started, installs it on Debian and Ubuntu as root.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install where neither is possible.
 */
export async function ensureDocker() {
  const version = await engineVersion();
  if (version) return { changed: false, detail: `Engine ${version}` };
  return withLock('docker', async () => {
    const meanwhile = await engineVersion();
    if (meanwhile) return { changed: false, detail: `Engine ${meanwhile}` };
    const host = machine();
    const installed = await hasDockerd();
    if (process.env.DOCKER_HOST)
      throw new SetupError(`No Docker Engine answers at DOCKER_HOST=${process.env.DOCKER_HOST}.`);
    if (await isDenied())
      throw new SetupError(
        'Docker Engine runs, but this user may not use it. Join the group docker, or run this as root.',
      );
    if (!installed && !(host.debianLike && host.root)) throw new SetupError(howToInstall(host));
    if (!installed) await installEngine();
    if (!(await engineVersion())) await startEngine(host);
    return {
      changed: true,
      detail: `Engine ${await engineVersion()} ${installed ? 'started' : 'installed and started'}`,
    };
  });
}

/** The version of the engine that answers, or undefined. */
export async function engineVersion() {
  const { code, stdout } = await probe(['docker', 'version', '--format', '{{.Server.Version}}'], { timeout: 15_000 });
  return code === 0 ? stdout.trim() : undefined;
}

/**
 * Stops the engine that the set-up started, and only that one.
 * @returns {Promise<boolean>} whether there was one to stop
 */
export async function stopDocker() {
  const pid = ourEngine();
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const giveUp = Date.now() + 30_000;
  while (alive(pid)) {
    if (Date.now() > giveUp) throw new SetupError(`dockerd (process ${pid}) does not stop; see ${logFile('dockerd')}`);
    await sleep(200);
  }
  rmSync(pidFile, { force: true });
  return true;
}

async function hasDockerd() {
  return (await succeeds(['docker', '--version'])) && (await succeeds(['dockerd', '--version']));
}

/** An engine that runs but does not let this user in. */
async function isDenied() {
  return /permission denied/i.test((await probe(['docker', 'version'], { timeout: 15_000 })).stderr);
}

async function installEngine() {
  // Newer releases have the client in a package of its own.
  const client = (await aptKnows('docker-cli')) ? ['docker-cli'] : [];
  await aptInstall(['docker.io', ...client, 'iptables', 'ca-certificates']);
}

async function startEngine({ root }) {
  if (existsSync('/run/systemd/system')) {
    if (!root)
      throw new SetupError(
        'Docker is installed but does not answer. Start it: sudo systemctl start docker, and join the group docker.',
      );
    await runLogged(['systemctl', 'start', 'docker'], { log: logFile('dockerd'), timeout: 90_000 });
  } else {
    if (!root)
      throw new SetupError(
        'Docker is installed but does not answer. Start dockerd as root, and join the group docker.',
      );
    startByHand();
  }
  const giveUp = Date.now() + 60_000;
  while (!(await engineVersion())) {
    if (Date.now() > giveUp || (ourEngine() === undefined && !existsSync('/run/systemd/system'))) {
      throw new SetupError(
        `dockerd does not come up:\n    ${lastErrors(logFile('dockerd'))}\n  All of its output: ${logFile('dockerd')}`,
      );
    }
    await sleep(300);
  }
}

/** No init system: the engine runs detached, its output in a log file. */
function startByHand() {
  const log = logFile('dockerd');
  mkdirSync(new URL('.', `file://${log}`), { recursive: true });
  const out = openSync(log, 'w');
  const child = spawn('dockerd', mtuArguments(), { detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  if (child.pid === undefined) throw new SetupError('dockerd could not be started: it is not on the PATH.');
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

/** Containers' packets must fit through the machine's own links, which are narrower than 1500 bytes inside some clouds. */
function mtuArguments() {
  const links = existsSync('/sys/class/net') ? readdirSync('/sys/class/net').filter((name) => /^(e|w)/.test(name)) : [];
  const sizes = links
    .map((name) => Number(readFileSync(`/sys/class/net/${name}/mtu`, 'utf8')))
    .filter((size) => size >= 576);
  const smallest = Math.min(1500, ...sizes);
  return smallest < 1500 ? [`--mtu=${smallest}`] : [];
}

/** Process id of the engine that {@link startByHand} started, while it is alive. */
function ourEngine() {
  if (!existsSync(pidFile)) return undefined;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const command = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  // A process id may have been given to something else since.
  return alive(pid) && command.includes('dockerd') ? pid : undefined;
}

function lastErrors(log) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  const errors = lines.filter((line) => /level=(error|fatal)|failed/.test(line));
  return (errors.length > 0 ? errors : lines).slice(-5).join('\n    ');
}

function howToInstall({ id, debianLike }) {
  if (id === 'darwin')
    return 'No Docker Engine answers. Install and start Docker Desktop, OrbStack or Colima, then run this again.';
  if (debianLike)
    return 'No Docker Engine answers. Run this as root, or install it: sudo apt-get install docker.io, and join the group docker.';
  return 'No Docker Engine answers. Install Docker Engine with the Compose v2 plugin from your distribution or from Docker, start it, and run this again.';
}
