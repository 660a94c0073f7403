import { parse } from 'yaml';
import { z } from 'zod';
import { dockerText } from '../../image/engine';
import type { Run } from '../../io/exec';

const PROJECT = 'com.docker.compose.project';

const description = z.object({
  services: z.record(
    z.string(),
    z.object({ depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).nullish() }).loose(),
  ),
});

/**
 * Whether a Compose project is still to be made: it has no container and no volume.
 * @throws {EngineError}
 */
export async function hasNothing(run: Run, project: string): Promise<boolean> {
  const filter = ['--filter', `label=${PROJECT}=${project}`, '--quiet'];
  const [containers, volumes] = await Promise.all([
    dockerText(run, ['ps', '--all', ...filter]),
    dockerText(run, ['volume', 'ls', ...filter]),
  ]);
  return containers.trim() === '' && volumes.trim() === '';
}

/** Whether a service waits for another one of the same description (`docker compose config`). Pure. */
export function dependsOnOthers(rendered: string, service: string): boolean {
  const dependencies = description.parse(parse(rendered)).services[service]?.depends_on ?? [];
  return (Array.isArray(dependencies) ? dependencies : Object.keys(dependencies)).length > 0;
}
