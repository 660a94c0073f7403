#!/usr/bin/env node
/**
 * A real Docker Swarm on this machine: three engines, each in a network namespace of its own, all of them managers, joined by a bridge that
 * lies in a fourth namespace, with a registry (Debian's docker-registry) at it that this machine reaches, too. The machine's own engine, its
 * bridge and its firewall are not touched. For tests; needs root.
 *
 *   node tools/cluster/cluster.mjs start <folder> [image…]   prints nodes and registry as JSON
 *   node tools/cluster/cluster.mjs load  <folder> image…     copies images of the default engine to every node
 *   node tools/cluster/cluster.mjs kill  <folder> <node>     SIGKILL for a node's engine and all it runs
 *   node tools/cluster/cluster.mjs stop  <folder>            also after it was killed anywhere; a second time does nothing
 *
 * The folder belongs to the cluster and is removed with it.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const run = async (file, ...args) => (await execute(file, args, { maxBuffer: 2 ** 26 })).stdout.trim();
const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const NODES = [1, 2, 3];

/** Everything of a cluster is named after its folder, so that it is found again. */
function layout(folder) {
  const id = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 6);
  // Two clusters at once must not have the same addresses, as this machine is in both networks.
  const network = `10.97.${parseInt(id.slice(0, 2), 16)}`;
  const nodes = NODES.map((number) => ({
    name: `node${number}`,
    namespace: `sw${id}n${number}`,
    address: `${network}.${number}`,
    registry: `${network}.254:5000`,
    folder: join(resolve(folder), `node${number}`),
    host: `unix://${join(resolve(folder), `node${number}`, 'docker.sock')}`,
  }));
  const registry = { folder: join(resolve(folder), 'registry'), network, address: `${network}.254:5000` };
  return { folder: resolve(folder), nodes, registry, bridge: `sw${id}br`, link: `sw${id}up` };
}

const docker = (node, ...args) => run('docker', '--host', node.host, ...args);

async function start(cluster, images) {
  await stop(cluster);
  await mkdir(cluster.folder, { recursive: true });
  await wire(cluster);
  const [first, ...others] = cluster.nodes;
  await Promise.all([...cluster.nodes.map(startEngine), startRegistry(cluster)]);
  const loaded = load(cluster, images);
  await docker(first, 'swarm', 'init', '--advertise-addr', first.address, '--dispatcher-heartbeat', '1s');
  const token = await docker(first, 'swarm', 'join-token', '--quiet', 'manager');
  for (const node of others)
    await docker(node, 'swarm', 'join', '--token', token, '--advertise-addr', node.address, `${first.address}:2377`);
  await loaded;
  await until('all nodes are ready', async () => {
    const states = (await docker(first, 'node', 'ls', '--format', '{{.Status}} {{.ManagerStatus}}')).split('\n');
    return states.filter((state) => /^Ready (?:Leader|Reachable)$/.test(state)).length === NODES.length;
  });
}

/** Packets of a bridge in the machine's own namespace would go through the firewall of the machine's own engine. */
async function wire({ bridge, link, nodes, registry: { network } }) {
  await run('ip', 'netns', 'add', bridge);
  await run('ip', '-n', bridge, 'link', 'add', 'switch', 'type', 'bridge');
  for (const device of ['lo', 'switch']) await run('ip', '-n', bridge, 'link', 'set', device, 'up');
  await run('ip', '-n', bridge, 'addr', 'add', `${network}.254/24`, 'dev', 'switch');
  // This machine reaches the registry only: it is one hop away on a link of its own, which goes with the namespace.
  await run('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', bridge);
  await run('ip', '-n', bridge, 'link', 'set', 'uplink', 'master', 'switch', 'up');
  await run('ip', 'addr', 'add', `${network}.253/32`, 'dev', link);
  await run('ip', 'link', 'set', link, 'up');
  await run('ip', 'route', 'add', `${network}.254/32`, 'dev', link, 'src', `${network}.253`);
  for (const { namespace, address, name } of nodes) {
    await run('ip', 'netns', 'add', namespace);
    await run('ip', '-n', bridge, 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    await run('ip', '-n', bridge, 'link', 'set', name, 'master', 'switch', 'up');
    await run('ip', '-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) await run('ip', '-n', namespace, 'link', 'set', device, 'up');
  }
}

/** Debian's registry in the namespace of the bridge. */
async function startRegistry({ bridge, registry: { folder, address } }) {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'config.json');
  const storage = { filesystem: { rootdirectory: join(folder, 'data') } };
  await writeFile(
    config,
    JSON.stringify({ version: '0.1', log: { level: 'error' }, storage, http: { addr: address } }),
  );
  const log = openSync(join(folder, 'log'), 'a');
  const argv = [`--net=/var/run/netns/${bridge}`, 'docker-registry', 'serve', config];
  spawn('nsenter', argv, { stdio: ['ignore', log, log], detached: true }).unref();
  await until(`the registry answers at ${address}`, () =>
    fetch(`http://${address}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
}

async function startEngine({ name, namespace, folder, host, registry }) {
  await mkdir(folder, { recursive: true });
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(
    'nsenter',
    [
      // ip netns exec would hide the control groups, which a daemon needs.
      ...[`--net=/var/run/netns/${namespace}`, 'unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', name],
      ...['dockerd', '--host', host, '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run')],
      ...['--pidfile', join(folder, 'docker.pid'), '--log-level', 'warn', '--shutdown-timeout', '1'],
      ...['--insecure-registry', registry],
    ],
    { stdio: ['ignore', log, log], detached: true },
  );
  child.unref();
  await until(`the engine of ${name} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`dockerd ended:\n${await readFile(join(folder, 'log'), 'utf8')}`);
    return execute('docker', ['--host', host, 'version']).then(
      () => true,
      () => false,
    );
  });
}

async function load({ nodes }, images) {
  if (images.length === 0) return;
  await Promise.all(
    nodes.map(async ({ host }) => {
      const save = spawn('docker', ['save', ...images], { stdio: ['ignore', 'pipe', 'inherit'] });
      const into = spawn('docker', ['--host', host, 'load', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] });
      save.stdout.pipe(into.stdin);
      const codes = await Promise.all([once(save, 'close'), once(into, 'close')]);
      if (codes.some(([code]) => code !== 0)) throw new Error(`images could not be copied: ${images.join(', ')}`);
    }),
  );
}

/** Everything that runs because of a node: its engine, what that started, and its containers. */
function processesOf({ folder }) {
  const parents = new Map();
  const roots = [];
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(entry), Number(/\) . (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8'))?.[1]));
      const argv = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
      const daemon = /(?:^|\/)(?:dockerd|containerd|containerd-shim\S*|docker-registry)$/.test(argv[0] ?? '');
      if (daemon && argv.some((word) => word.includes(`${folder}/`))) roots.push(Number(entry));
    } catch (error) {
      // It ended meanwhile.
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    }
  }
  const found = new Set(roots);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

async function kill(node) {
  await until(`${node.name} is gone`, async () => {
    const pids = processesOf(node);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    return pids.length === 0;
  });
}

async function stop(cluster) {
  await Promise.all([...cluster.nodes, { name: 'the registry', folder: cluster.registry.folder }].map(kill));
  const known = (await run('ip', 'netns', 'list')).split('\n').map((line) => line.split(' ')[0]);
  const spaces = [...cluster.nodes.map(({ namespace }) => namespace), cluster.bridge];
  for (const space of spaces.filter((name) => known.includes(name))) await run('ip', 'netns', 'delete', space);
  if (!existsSync(cluster.folder)) return;
  // Innermost first: what an engine that was killed had mounted.
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${cluster.folder}/`)).reverse())
    await run('umount', '--lazy', mount);
  rmSync(cluster.folder, { recursive: true, force: true, maxRetries: 10 });
}

async function until(what, holds) {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited a minute in vain until ${what}`);
    await sleep(100);
  }
}

const [command, folder, ...rest] = process.argv.slice(2);
if (!folder) throw new Error('usage: cluster.mjs start|load|kill|stop <folder> …');
const cluster = layout(folder);
if (command === 'start') {
  try {
    await start(cluster, rest);
  } catch (error) {
    await stop(cluster);
    throw error;
  }
  const nodes = cluster.nodes.map(({ name, host, namespace }) => ({ name, host, namespace }));
  console.log(JSON.stringify({ nodes, registry: cluster.registry.address }));
} else if (command === 'load') await load(cluster, rest);
else if (command === 'stop') await stop(cluster);
else if (command === 'kill') {
  const node = cluster.nodes.find(({ name }) => name === rest[0]);
  if (!node) throw new Error(`no such node: ${rest[0]}`);
  await kill(node);
} else throw new Error(`no such command: ${command}`);
