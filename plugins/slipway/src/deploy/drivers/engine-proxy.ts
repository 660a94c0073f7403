import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Whether a proxy of the Docker Engine listens on a TCP port of this machine, by the command lines in /proc; elsewhere it is not known.
 * An engine that was killed while it started a container gives the port to a proxy again when it comes up, and the container none
 * ("port is already allocated", moby/moby#25877), until it is restarted in an orderly way.
 * @param processes folder, `/proc`
 */
export async function hasEngineProxy(port: number, processes = '/proc'): Promise<boolean> {
  const pids = (await readdir(processes).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    // A process may end meanwhile, and of others' nothing may be told.
    pids.map((pid) => readFile(`${processes}/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.some((command) => {
    const [program = '', ...args] = command.split('\0');
    return basename(program) === 'docker-proxy' && args[args.indexOf('-host-port') + 1] === String(port);
  });
}
