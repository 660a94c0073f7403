import { cleanEnvironment } from './environment';
import { must, start } from './processes';

/** A container of a Compose project, as the engine sees it. */
export interface Container {
  readonly id: string;
  readonly service: string;
  readonly running: boolean;
  /** Image id, `sha256:…`. */
  readonly image: string;
}

export async function docker(...args: readonly string[]): Promise<string> {
  return must(['docker', ...args], { cwd: '/', env: cleanEnvironment() });
}

async function list(...args: readonly string[]): Promise<readonly string[]> {
  return (await docker(...args)).split('\n').filter(Boolean);
}

/** All containers of a Compose project's services, stopped ones too, by service; not those that only keep an image from being pruned. */
export async function containersOf(project: string): Promise<readonly Container[]> {
  const own = [`label=com.docker.compose.project=${project}`, 'label=com.docker.compose.oneoff=False'];
  const ids = await list('ps', '--all', '--quiet', '--no-trunc', ...own.flatMap((filter) => ['--filter', filter]));
  const found = await Promise.all(ids.map(inspect));
  return found.filter((container) => container !== null).sort((a, b) => (a.service < b.service ? -1 : 1));
}

/** Null for a container that went away meanwhile. */
async function inspect(id: string): Promise<Container | null> {
  const format = '{{.Id}} {{index .Config.Labels "com.docker.compose.service"}} {{.State.Running}} {{.Image}}';
  const options = { cwd: '/', env: cleanEnvironment() };
  const { code, output } = await start(['docker', 'inspect', '--format', format, id], options).ended;
  if (code !== 0 && /No such object/i.test(output)) return null;
  if (code !== 0) throw new Error(`docker inspect ${id} ended with ${String(code)}: ${output}`);
  const [found = '', service = '', running, image = ''] = output.trim().split(' ');
  return { id: found, service, running: running === 'true', image };
}

/** `repository:tag id` of every image whose repository begins with a prefix. */
export async function imagesOf(prefix: string): Promise<readonly string[]> {
  const all = await list('images', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}');
  return all.filter((line) => line.startsWith(`${prefix}/`)).sort();
}

/** Removes containers, networks and volumes of Compose projects, and the images under a prefix. */
export async function removeAll(prefix: string, projects: readonly string[]): Promise<void> {
  for (const project of projects) {
    const own = ['--filter', `label=com.docker.compose.project=${project}`];
    const containers = await list('ps', '--all', '--quiet', ...own);
    if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
    const networks = await list('network', 'ls', '--quiet', ...own);
    if (networks.length > 0) await docker('network', 'rm', ...networks);
  }
  const tags = (await imagesOf(prefix)).map((line) => line.split(' ')[0] ?? '');
  if (tags.length > 0) await docker('rmi', '--force', ...tags);
}
