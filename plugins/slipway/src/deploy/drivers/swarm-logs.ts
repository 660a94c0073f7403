import { docker, EngineError } from '../../image/engine';
import { sanitise } from '../sanitise';
import type { ComposeHost } from './compose-host';

/** Lines that the tasks of a service wrote on all nodes since then, oldest first, without secrets. @throws {EngineError} */
export async function readServiceLog(
  { world, config }: Pick<ComposeHost, 'world' | 'config'>,
  service: string,
  since: Date,
  secrets: readonly string[],
): Promise<readonly string[]> {
  const name = `${config.project}_${service}`;
  const argv = ['service', 'logs', '--raw', '--timestamps', '--since', since.toISOString(), name];
  const { exitCode, stdout, stderr } = await docker(world.run, argv, { timeout: 30_000 });
  if (exitCode !== 0) {
    if (/no such (?:task or )?service/i.test(stderr)) return [];
    throw new EngineError(
      `the log of ${service} can't be read: ${stderr.trim().split('\n').at(-1) ?? ''}`,
      `docker service logs ${name}`,
    );
  }
  // Nodes hand their lines over in no order.
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => STAMP.test(line))
    .sort((a, b) => (a.slice(0, 30) < b.slice(0, 30) ? -1 : a.slice(0, 30) > b.slice(0, 30) ? 1 : 0))
    .map((line) => sanitise(line.replace(STAMP, ''), secrets))
    .filter((line) => line !== '');
}

const STAMP = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;
