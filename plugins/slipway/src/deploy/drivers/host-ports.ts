import { createServer } from 'node:net';
import { dockerText } from '../../image/engine';
import { errorCode } from '../../io/error-code';
import type { World } from '../../io/world';
import type { Refusal } from '../../ledger/outcome';
import type { ComposeHost } from './compose-host';
import { hasEngineProxy } from './engine-proxy';
import { fixedPorts, type DescribedProject, type HostPort } from './described-service';

/** A port of the host that a container has. */
export interface PublishedPort extends Omit<HostPort, 'service'> {
  readonly container: string;
  readonly project: string;
}

/** Who has which port of the host. */
export interface PortsInUse {
  readonly published: readonly PublishedPort[];
  /** Whether the host is this machine. */
  readonly local: boolean;
}

/** @throws {EngineError} */
export async function readPortsInUse({ run }: Pick<World, 'run'>, local: Promise<boolean>): Promise<PortsInUse> {
  const format = '{{.Names}}\t{{.Label "com.docker.compose.project"}}\t{{.Ports}}';
  const [listed, isHere] = await Promise.all([dockerText(run, ['ps', '--format', format]), local]);
  return { published: parsePublished(listed), local: isHere };
}

/** Refuses where something else has a port of the host that a service asks for: it would fail when the old container is gone already. */
export async function portRefusals(
  { config, environment }: Pick<ComposeHost, 'config' | 'environment'>,
  project: DescribedProject,
  { published, local }: PortsInUse,
): Promise<readonly Refusal[]> {
  const wanted = fixedPorts(project);
  const refusals = await Promise.all(
    wanted.map(async (port): Promise<Refusal | null> => {
      const holders = published.filter((other) => clash(port, other));
      if (holders.some((holder) => holder.project === config.project)) return null;
      const [other] = holders;
      const needed = `port ${port.port}, which ${port.service} of ${environment} needs`;
      const refuse = (by: string): Refusal => ({
        id: 'ports',
        reason: `${by} has ${needed}`,
        remedy: `stop it, or give ${port.service} another port`,
      });
      if (other !== undefined) return refuse(`the container ${other.container}`);
      if (!(await takenBySomething(port, local))) return null;
      if (!(await hasEngineProxy(port.port))) return refuse('another program');
      return {
        id: 'ports',
        reason: `the Docker Engine itself has ${needed}, for no container that runs`,
        remedy: `a crash may have left that: restart the engine (systemctl restart docker), which stops and starts its containers`,
      };
    }),
  );
  return refusals.filter((refusal) => refusal !== null);
}

/** Reads lines `<names> <project> <ports>`, tabs between, of `docker ps`. */
export function parsePublished(listed: string): readonly PublishedPort[] {
  return listed.split('\n').flatMap((line) => {
    const [container = '', project = '', ports = ''] = line.split('\t');
    return ports.split(', ').flatMap((text): PublishedPort[] => {
      const [, address = '', first = '', last = first, protocol = 'tcp'] =
        /^(\S*):(\d+)(?:-(\d+))?->[\d-]+\/(\w+)$/.exec(text) ?? [];
      if (first === '') return [];
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => ({
        container,
        project,
        address,
        port: Number(first) + index,
        protocol,
      }));
    });
  });
}

const isWildcard = (address: string) => address === '' || address === '0.0.0.0' || /^\[?::\]?$/.test(address);

function clash(a: HostPort, b: PublishedPort): boolean {
  const sameAddress = a.address === b.address || isWildcard(a.address) || isWildcard(b.address);
  return a.port === b.port && a.protocol === b.protocol && sameAddress;
}

/** Whether a program of this machine listens there already. */
async function takenBySomething({ port, address, protocol }: HostPort, local: boolean): Promise<boolean> {
  if (!local || protocol !== 'tcp') return false;
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: isWildcard(address) ? '0.0.0.0' : address, exclusive: true }, resolve);
    });
    return false;
  } catch (error) {
    // Anything else, e.g. a port that only root may have, says nothing of it.
    return errorCode(error) === 'EADDRINUSE';
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
