import { z } from 'zod';
import { docker, EngineError } from '../../image/engine';
import { dockerContexts, inContext, named, PATIENCE, type Check } from './check';
import { bad, good, type Diagnosis } from './diagnosis';

const versions = z.object({
  Client: z.object({ Version: z.string() }),
  Server: z.object({ Version: z.string(), Os: z.string().optional(), Arch: z.string().optional() }).nullish(),
});

/** Client and engine of every environment's Docker context. */
export const checkDocker: Check = {
  name: 'docker',
  async examine(examined) {
    const { world } = examined.context;
    const found: Diagnosis[] = [];
    for (const context of dockerContexts(examined)) {
      const name = named('docker', context);
      try {
        const args = [...inContext(context), 'version', '--format', '{{json .}}'];
        const { stdout, stderr, exitCode } = await docker(world.run, args, { timeout: PATIENCE });
        const said = exitCode === 0 ? versions.safeParse(JSON.parse(stdout)).data : undefined;
        found.push(
          said?.Server
            ? good(name, `client ${said.Client.Version}, engine ${said.Server.Version}${platform(said.Server)}`)
            : bad(name, `the engine gave no version: ${stderr.trim() || stdout.trim()}`, 'see: docker version'),
        );
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        found.push(bad(name, error.message, error.remedy));
      }
    }
    return found;
  },
};

function platform({
  Os = '',
  Arch = '',
}: {
  readonly Os?: string | undefined;
  readonly Arch?: string | undefined;
}): string {
  return Os === '' ? '' : ` on ${Os}/${Arch}`;
}
