import { cleanEnvironment } from './environment';
import { must } from './processes';

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

/** All containers of a Compose project, stopped ones too, by service. */
export async function containersOf(project: string): Promise<readonly Container[]> {
  const ids = await list(
    'ps',
    '--all',
    '--quiet',
    '--no-trunc',
    '--filter',
    `label=com.docker.compose.project=${project}`,
  );
  if (ids.length === 0) return [];
  const format = '{{.Id}} {{index .Config.Labels "com.docker.compose.service"}} {{.State.Running}} {{.Image}}';
  const lines = await list('inspect', '--format', format, ...ids);
  return lines
    .map((line): Container => {
      const [id = '', service = '', running, image = ''] = line.split(' ');
      return { id, service, running: running === 'true', image };
    })
    .sort((a, b) => (a.service < b.service ? -1 : 1));
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
