import type { ServiceDigests } from '../../ledger/events';
import { fixedPorts, replicasOf, type DescribedProject, type DescribedService } from './described-service';

/** One after the other; all of `replace` at once, as Compose does it. */
export type Wave =
  | { readonly kind: 'replace'; readonly services: readonly string[] }
  | { readonly kind: 'roll'; readonly service: string; readonly count: number };

/** Why a second container can't run beside the first; null where it can. */
export function whyNotRolled(name: string, service: DescribedService): string | null {
  const [port] = fixedPorts({ services: { [name]: service } });
  if (port !== undefined) return `it has a fixed port of the host (${port.port})`;
  if (service.container_name) return 'its container has a fixed name';
  if (service.network_mode === 'host') return "it is in the host's own network";
  if (service.network_mode?.startsWith('service:')) return "it is in another service's network";
  if (Object.values(service.networks ?? {}).some((network) => network?.ipv4_address || network?.ipv6_address))
    return 'it has a fixed address';
  const shared = service.volumes?.find(({ type, read_only }) => type !== 'tmpfs' && read_only !== true);
  if (shared !== undefined) return `two containers would write to ${shared.target ?? 'one volume'}`;
  return null;
}

/**
 * In which order services are put in place, each after what it depends on. Only those of the release are rolled; services that are
 * replaced between two of them go together. `rest` is what comes behind the last one. Pure.
 */
export function planWaves(
  project: Pick<DescribedProject, 'services'>,
  asked: ServiceDigests,
): { readonly waves: readonly Wave[]; readonly rest: readonly string[] } {
  const waves: Wave[] = [];
  let replaced: string[] = [];
  for (const name of inDependencyOrder(project.services)) {
    const service = project.services[name];
    if (service === undefined) continue;
    if (!Object.hasOwn(asked, name) || whyNotRolled(name, service) !== null) {
      replaced.push(name);
      continue;
    }
    if (replaced.length > 0) waves.push({ kind: 'replace', services: replaced });
    replaced = [];
    waves.push({ kind: 'roll', service: name, count: replicasOf(service) });
  }
  return { waves, rest: replaced };
}

/** Services that end, and that others wait for until they have. */
export function oneShotsOf({ services }: Pick<DescribedProject, 'services'>): ReadonlySet<string> {
  const conditions = Object.values(services).flatMap(({ depends_on }) => Object.entries(depends_on ?? {}));
  return new Set(
    conditions.flatMap(([name, { condition }]) => (condition === 'service_completed_successfully' ? [name] : [])),
  );
}

/** What is depended on comes first, otherwise by name. A cycle, which Compose refuses, ends nothing. */
export function inDependencyOrder(services: DescribedProject['services']): readonly string[] {
  const ordered = new Set<string>();
  const visit = (name: string, path: readonly string[]) => {
    if (ordered.has(name) || path.includes(name) || !Object.hasOwn(services, name)) return;
    for (const dependency of Object.keys(services[name]?.depends_on ?? {}).sort()) visit(dependency, [...path, name]);
    ordered.add(name);
  };
  for (const name of Object.keys(services).sort()) visit(name, []);
  return [...ordered];
}

/** What is known of one container of a service that is being rolled. */
export interface RollingContainer {
  readonly instance: string;
  readonly image: string;
  readonly running: boolean;
  readonly configHash: string | null;
  readonly createdAt: string;
}

export interface RollingSets<C> {
  /** Made from what is wanted, oldest first. */
  readonly fresh: readonly C[];
  /** Serve something else, or are too many: to be drained once the fresh ones are healthy. */
  readonly obsolete: readonly C[];
  /** Don't run, so they serve nothing: removed first. */
  readonly dead: readonly C[];
}

/** Which containers stay and which go: the same however far an earlier deployment came. Pure. */
export function sortContainers<C extends RollingContainer>(
  containers: readonly C[],
  wanted: { readonly image: string; readonly configHash: string; readonly count: number },
): RollingSets<C> {
  const oldestFirst = [...containers].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  const alive = oldestFirst.filter(({ running }) => running);
  const matches = alive.filter(({ image, configHash }) => image === wanted.image && configHash === wanted.configHash);
  const fresh = matches.slice(0, wanted.count);
  return {
    fresh,
    obsolete: alive.filter((container) => !fresh.includes(container)),
    dead: oldestFirst.filter(({ running }) => !running),
  };
}
