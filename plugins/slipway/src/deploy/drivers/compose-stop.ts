import { docker, dockerText, EngineError } from '../../image/engine';
import type { ComposeHost } from './compose-host';

/** Stops the containers of these services and leaves them there. Idempotent. @throws {EngineError}, and what `guard` throws. */
export async function stopServices(
  { world, config }: ComposeHost,
  services: readonly string[],
  guard: () => Promise<void>,
): Promise<void> {
  for (const service of services) {
    const filters = [`com.docker.compose.project=${config.project}`, `com.docker.compose.service=${service}`];
    const listed = await dockerText(world.run, [
      'ps',
      '--quiet',
      ...filters.flatMap((one) => ['--filter', `label=${one}`]),
    ]);
    const ids = listed.split('\n').filter((id) => id !== '');
    if (ids.length === 0) continue;
    await guard();
    const { exitCode, stderr } = await docker(world.run, ['stop', ...ids]);
    if (exitCode !== 0)
      throw new EngineError(`${service} could not be stopped: ${stderr.trim()}`, `docker stop ${ids.join(' ')}`);
  }
}
