import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';

/** What of a rendered Compose file decides how its services are put in place. */

const port = z.object({
  published: z.union([z.string(), z.number()]).nullish(),
  host_ip: z.string().nullish(),
  protocol: z.string().nullish(),
});
const volume = z.object({
  type: z.string(),
  target: z.string().nullish(),
  read_only: z.boolean().nullish(),
});
const service = z.object({
  image: z.string().nullish(),
  container_name: z.string().nullish(),
  network_mode: z.string().nullish(),
  ports: z.array(port).nullish(),
  volumes: z.array(volume).nullish(),
  networks: z
    .record(z.string(), z.object({ ipv4_address: z.string().nullish(), ipv6_address: z.string().nullish() }).nullish())
    .nullish(),
  depends_on: z.record(z.string(), z.object({ condition: z.string().nullish() })).nullish(),
  scale: z.number().nullish(),
  deploy: z.object({ replicas: z.number().nullish() }).nullish(),
});
const named = z.object({ name: z.string().nullish(), external: z.boolean().nullish() });
const fromVariable = z.object({ environment: z.string().nullish() });

const document = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), named).nullish(),
  volumes: z.record(z.string(), named).nullish(),
  secrets: z.record(z.string(), fromVariable).nullish(),
  configs: z.record(z.string(), fromVariable).nullish(),
});

export type DescribedService = z.output<typeof service>;

export interface DescribedProject {
  readonly services: Readonly<Record<string, DescribedService>>;
  /** Names, as the engine knows them, of what has to be there already. */
  readonly external: { readonly networks: readonly string[]; readonly volumes: readonly string[] };
  /** Variables that secrets and configs take their content from when containers are made; it is not part of the text. */
  readonly contentVariables: readonly string[];
}

/** Reads `docker compose config --format json`. */
export function readProject(text: string): DescribedProject {
  const { services, networks, volumes, secrets, configs } = document.parse(JSON.parse(text));
  const external = (all: typeof networks) =>
    Object.entries(all ?? {}).flatMap(([key, { name, external: outside }]) => (outside === true ? [name ?? key] : []));
  const variables = [...Object.values(secrets ?? {}), ...Object.values(configs ?? {})];
  return {
    services,
    external: { networks: external(networks), volumes: external(volumes) },
    contentVariables: [...new Set(variables.flatMap(({ environment }) => environment ?? []))],
  };
}

const source = z.object({ services: z.record(z.string(), z.unknown()) });

/** Names of the services that a compose file describes itself, before it is rendered; null where it can't be read. */
export function serviceNames(text: string): readonly string[] | null {
  try {
    return Object.keys(source.parse(parse(text)).services);
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof z.ZodError) return null;
    throw error;
  }
}

export interface HostPort {
  readonly service: string;
  readonly port: number;
  /** Address it is bound to; empty for all. */
  readonly address: string;
  readonly protocol: string;
}

/** Ports of the host that the services ask for by number, ranges taken apart. */
export function fixedPorts({ services }: Pick<DescribedProject, 'services'>): readonly HostPort[] {
  return Object.entries(services).flatMap(([name, { ports }]) =>
    (ports ?? []).flatMap(({ published, host_ip, protocol }) => {
      const [first = 0, last = first] = String(published ?? '')
        .split('-')
        .map(Number);
      if (!(first > 0)) return [];
      return Array.from({ length: last - first + 1 }, (_, index) => ({
        service: name,
        port: first + index,
        address: host_ip ?? '',
        protocol: protocol ?? 'tcp',
      }));
    }),
  );
}

/** How many containers of it there are to be. */
export function replicasOf({ scale, deploy }: DescribedService): number {
  return deploy?.replicas ?? scale ?? 1;
}
