import { dockerText, EngineError } from '../../image/engine';
import { showDuration } from '../duration';
import type { ComposeHost } from './compose-host';
import { readStack } from './swarm-services';

/** Milliseconds between two looks. */
const LOOK = 300;

/**
 * Takes all tasks of these services away and leaves the services; a deployment brings their number back. Ends when their containers have,
 * save those of nodes that are down. Idempotent. @throws {EngineError}, and what `guard` throws.
 */
export async function stopStackServices(
  { world, config, upTimeout }: ComposeHost,
  services: readonly string[],
  guard: () => Promise<void>,
): Promise<void> {
  const { run, clock, stop } = world;
  const there = (await readStack(run, config.project)).services.map(({ service }) => service);
  const names = services.filter((service) => there.includes(service)).map((service) => `${config.project}_${service}`);
  for (const name of names) {
    await guard();
    await dockerText(run, ['service', 'scale', '--detach', `${name}=0`]);
  }
  const deadline = clock.now().getTime() + upTimeout;
  for (const name of names) {
    for (;;) {
      const [tasks, nodes] = await Promise.all([
        dockerText(run, ['service', 'ps', '--format', '{{.Node}}\t{{.CurrentState}}', name]),
        dockerText(run, ['node', 'ls', '--format', '{{.Hostname}}\t{{.Status}}']),
      ]);
      if (stillUp(tasks, nodes) === 0) break;
      if (clock.now().getTime() >= deadline)
        throw new EngineError(
          `tasks of ${name} had not ended after ${showDuration(upTimeout)}`,
          `docker service ps ${name}`,
        );
      await clock.sleep(LOOK);
      stop.check();
    }
  }
}

/** Of lines `<node> <state> …`, how many tasks have not ended, where their node can tell. Pure. */
export function stillUp(tasks: string, nodes: string): number {
  const down = nodes.split('\n').flatMap((line) => {
    const [name, status] = line.split('\t');
    return name && status !== 'Ready' ? [name] : [];
  });
  return tasks.split('\n').filter((line) => {
    const [node = '', state = ''] = line.split('\t');
    return (
      state !== '' && !/^(?:Complete|Shutdown|Failed|Rejected|Remove|Orphaned)\b/.test(state) && !down.includes(node)
    );
  }).length;
}
