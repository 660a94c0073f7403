import { createHash } from 'node:crypto';
import { asRecord } from '../../config/is-record';
import type { ServiceDigests } from '../../ledger/events';

/** Label with a service's image, `<reference> <id>`: the id can't be told from a repository digest. */
export const IMAGE_LABEL = 'slipway.image';
/** Label with a digest of how the service is described: tells tasks of this description from those of an earlier one. */
export const DESCRIPTION_LABEL = 'slipway.description';

export interface StackFile {
  /** For `docker stack deploy`; null where there are problems. Holds secrets. */
  readonly text: string | null;
  /** What a stack would ignore or refuse although it matters, one sentence each. */
  readonly problems: readonly string[];
  /** What a stack does without, and a person should know. */
  readonly notes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Means the same in a stack. */
const TAKEN = new Set([
  ...['image', 'command', 'entrypoint', 'environment', 'healthcheck', 'logging', 'networks', 'read_only', 'restart'],
  ...['stop_grace_period', 'stop_signal', 'tmpfs', 'volumes', 'ports', 'labels', 'deploy', 'cap_add', 'cap_drop'],
  ...['configs', 'secrets', 'user', 'working_dir', 'init', 'hostname', 'dns', 'dns_search', 'extra_hosts'],
  ...['stdin_open', 'tty', 'sysctls', 'ulimits'],
]);
/** Nothing is lost without: images are there, and services of a stack find each other whenever they come. */
const LEFT_OUT = new Set(['build', 'pull_policy', 'expose', 'scale', 'attach', 'profiles', 'depends_on']);

/**
 * Makes a stack file of a compose file that Docker Compose has rendered as JSON. Pure.
 * @param rolling whether updates start the new task first and are rolled back by the engine, where the file doesn't say.
 */
export function stackFileOf(rendered: string, asked: ServiceDigests, rolling: boolean): StackFile {
  const document = JSON.parse(rendered) as Fields;
  const problems: string[] = [];
  const notes: string[] = [];
  const services = Object.entries(asRecord(document['services'])).map(([name, service]) => {
    const image = asked[name];
    return [
      name,
      stackService(name, asRecord(service), image, rolling && image !== undefined, problems, notes),
    ] as const;
  });
  for (const kind of ['secrets', 'configs'])
    for (const [name, item] of Object.entries(asRecord(document[kind])))
      for (const key of ['environment', 'content'])
        if (asRecord(item)[key] !== undefined)
          problems.push(`${kind}.${name} takes its content from ${key}: in a stack it must be external or a file`);
  if (problems.length > 0) return { text: null, problems, notes };
  const shared = Object.fromEntries(
    ['networks', 'volumes', 'secrets', 'configs'].flatMap((key) =>
      document[key] === undefined ? [] : [[key, document[key]] as const],
    ),
  );
  const stack = { version: '3.8', services: Object.fromEntries(services), ...shared };
  return { text: `${JSON.stringify(stack, null, 2)}\n`, problems, notes };
}

function stackService(
  name: string,
  service: Fields,
  image: string | undefined,
  rolling: boolean,
  problems: string[],
  notes: string[],
): Fields {
  const result: Record<string, unknown> = {};
  const deploy: Record<string, unknown> = { ...asRecord(service['deploy']) };
  for (const [key, value] of Object.entries(service)) {
    if (value === null) continue;
    if (key === 'security_opt') securityOptions(name, value, problems, notes);
    else if (TAKEN.has(key)) result[key] = value;
    else if (key !== 'shm_size' && !LEFT_OUT.has(key))
      problems.push(`${name}.${key} means nothing to Docker Swarm: take it out, or say it under deploy`);
  }
  for (const [other, { condition }] of Object.entries(
    asRecord(service['depends_on']) as Record<string, { condition?: string }>,
  ))
    if (condition === 'service_completed_successfully')
      problems.push(`${name} waits until ${other} has completed: a stack has no order, make it a part of ${name}`);
  result['ports'] = list(service['ports']).map((port) => stackPort(name, port, problems));
  result['volumes'] = list(service['volumes']).map((volume) => stackVolume(volume));
  const kept = list(service['volumes']).filter(({ type }) => type === 'volume' || type === 'bind');
  if (kept.length > 0 && list(asRecord(deploy['placement'])['constraints']).length === 0)
    problems.push(
      `${name} keeps data on its node, and may come up on another one without: give it deploy.placement.constraints`,
    );
  if (service['shm_size'] !== undefined)
    (result['volumes'] as Fields[]).push({
      ...{ type: 'tmpfs', target: '/dev/shm' },
      tmpfs: { size: Number(service['shm_size']) },
    });
  if (deploy['replicas'] === undefined && typeof service['scale'] === 'number') deploy['replicas'] = service['scale'];
  if (rolling)
    deploy['update_config'] = {
      order: 'start-first',
      failure_action: 'rollback',
      ...asRecord(deploy['update_config']),
    };
  const imageLabel = image === undefined ? {} : { [IMAGE_LABEL]: `${String(service['image'])} ${image}` };
  const described = { ...result, labels: { ...asRecord(service['labels']), ...imageLabel } };
  // How many there are and how they are updated changes no task.
  const labels = { ...described.labels, [DESCRIPTION_LABEL]: digestOf({ ...described, deploy: undefined }) };
  const own = Object.entries(labels).filter(([key]) => key.startsWith('slipway.'));
  deploy['labels'] = { ...asRecord(deploy['labels']), ...Object.fromEntries(own) };
  return { ...result, labels, deploy };
}

function securityOptions(name: string, value: unknown, problems: string[], notes: string[]): void {
  for (const option of list(value).map(String))
    if (/^no-new-privileges(?:[:=]true)?$/.test(option))
      notes.push(`${name}: a stack can't say no-new-privileges; set it in each engine (dockerd --no-new-privileges)`);
    else problems.push(`${name}.security_opt ${option} means nothing to Docker Swarm`);
}

function stackPort(name: string, port: Fields, problems: string[]): Fields {
  const { host_ip: address, published: asked, name: _name, app_protocol: _protocol, ...rest } = port;
  const published = typeof asked === 'number' || typeof asked === 'string' ? String(asked) : '';
  if (typeof address === 'string' && !['', '0.0.0.0', '::'].includes(address))
    problems.push(
      `${name} publishes port ${published} on ${address} only: in a stack it would be open on every address`,
    );
  if (published === '') return rest;
  const number = Number(published);
  if (!Number.isInteger(number)) problems.push(`${name} publishes the ports ${published}: name each by itself`);
  return { ...rest, published: number };
}

/** Without what only Compose knows. */
function stackVolume(volume: Fields): Fields {
  const bind = volume['bind'];
  if (bind === undefined) return volume;
  const { create_host_path: _create, selinux: _selinux, ...rest } = asRecord(bind);
  return { ...volume, bind: rest };
}

/** Of each service of a stack file, its {@link DESCRIPTION_LABEL}; null where it has none. */
export function describedServices(text: string): Readonly<Record<string, string | null>> {
  const services = Object.entries(asRecord(asRecord(JSON.parse(text))['services']));
  return Object.fromEntries(
    services.map(([name, service]) => {
      const label = asRecord(asRecord(service)['labels'])[DESCRIPTION_LABEL];
      return [name, typeof label === 'string' ? label : null] as const;
    }),
  );
}

function digestOf(value: Fields): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as readonly Fields[]) : [];
}
