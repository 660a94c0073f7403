import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Server, utils, type Connection, type ParsedKey, type ServerChannel } from 'ssh2';

/** A host behind SSH on the loopback, on which `docker` speaks to the engine given. */
export interface SshHost {
  /** `ssh://…`, for a Docker context. */
  readonly address: string;
  /** Folder with an `ssh`, OpenSSH's own, that knows this host and its key: to stand first on PATH, so that nobody's ~/.ssh plays a part. */
  readonly programs: string;
  /** Connections that were let in. */
  readonly sessions: () => number;
  /** From now on no key is let in, and who is in is cut off. */
  shut(): void;
  cleanUp(): Promise<void>;
}

const USER = 'deployer';

/** @param engine its address, `unix://…`, once somebody asks for it. */
export async function startSshHost(engine: () => string): Promise<SshHost> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-ssh-'));
  const host = utils.generateKeyPairSync('ed25519');
  const client = utils.generateKeyPairSync('ed25519');
  const key = parseKey(client.public);
  const open = new Set<Connection>();
  let isShut = false;
  let sessions = 0;
  const server = new Server({ hostKeys: [host.private] }, (connection) => {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    // A client that is killed resets its connection.
    connection.on('error', () => connection.end());
    connection.on('authentication', (attempt) => {
      const isKnown =
        attempt.method === 'publickey' && attempt.username === USER && attempt.key.data.equals(key.getPublicSSH());
      if (!isKnown || isShut) return attempt.reject(['publickey']);
      // Without a signature the client only asks whether this key would do; ssh2 has checked nothing yet.
      if (attempt.signature === undefined || attempt.blob === undefined) return attempt.accept();
      const isSigned = key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
      return isSigned ? attempt.accept() : attempt.reject(['publickey']);
    });
    connection.on('ready', () => {
      sessions += 1;
      connection.on('session', (accept) =>
        accept().on('exec', (take, refuse, { command }) => serve(take, refuse, command)),
      );
    });
  });
  const serve = (take: () => ServerChannel, refuse: () => void, command: string): void => {
    if (!/^docker .*\bdial-stdio$/.test(command)) return refuse();
    const channel = take();
    const child = spawn('docker', ['--host', engine(), 'system', 'dial-stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    channel.pipe(child.stdin);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    // Either side may go first.
    child.stdin.on('error', () => undefined);
    channel.on('close', () => child.kill());
    child.on('close', (code) => {
      channel.exit(code ?? 1);
      channel.end();
    });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const programs = join(folder, 'bin');
  const ssh = (await promisify(execFile)('which', ['ssh'])).stdout.trim();
  await writeFile(join(folder, 'key'), client.private, { mode: 0o600 });
  await writeFile(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${host.public}\n`);
  await writeFile(
    join(folder, 'config'),
    [
      `IdentityFile ${join(folder, 'key')}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
      'GlobalKnownHostsFile /dev/null',
      'StrictHostKeyChecking yes',
      'BatchMode yes',
      '',
    ].join('\n'),
  );
  await mkdir(programs);
  await writeFile(join(programs, 'ssh'), `#!/bin/sh\nexec ${ssh} -F ${join(folder, 'config')} "$@"\n`, { mode: 0o755 });
  const cutOff = () => {
    for (const connection of open) connection.end();
  };
  return {
    address: `ssh://${USER}@127.0.0.1:${port}`,
    programs,
    sessions: () => sessions,
    shut: () => {
      isShut = true;
      cutOff();
    },
    cleanUp: async () => {
      cutOff();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parseKey(text: string): ParsedKey {
  const key = utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}
