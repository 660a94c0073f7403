import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { docker } from '../support/docker';
import { must, processesOf, start, until, type Ended } from '../support/processes';
import { createWorkspace, type Workspace, type WorkspaceOptions } from '../support/workspace';

/** Image ids of a release, by service. */
export type Digests = Readonly<Record<string, string>>;

/**
 * A workspace in which one release serves and is verified in staging and the next one may be deployed there; it can be put back into
 * that state again and again.
 */
export interface Stage {
  readonly workspace: Workspace;
  readonly before: { readonly version: string; readonly digests: Digests };
  readonly after: { readonly version: string; readonly digests: Digests };
  /** Puts refs, files, remote and containers back. */
  reset(): Promise<void>;
  /** Runs nx with more in its environment. */
  nx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Waits until no process of the workspace is left. */
  quiet(): Promise<void>;
  cleanUp(): Promise<void>;
}

const KEPT = new Set(['node_modules']);

export async function createStage(options: WorkspaceOptions = {}): Promise<Stage> {
  const workspace = await createWorkspace('platform', {
    ...options,
    configure: (configuration) => {
      delete (configuration.environments as Partial<typeof configuration.environments>).prod;
      options.configure?.(configuration);
    },
  });
  try {
    return await prepare(workspace);
  } catch (error) {
    await workspace.cleanUp();
    throw error;
  }
}

async function prepare(workspace: Workspace): Promise<Stage> {
  const { root, remote, environment } = workspace;
  const nx = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    start([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], {
      cwd: root,
      env: { ...environment, ...env },
    }).ended;
  const mustNx = async (...args: readonly string[]): Promise<void> => {
    const { code, output } = await nx(args);
    if (code !== 0) throw new Error(`nx ${args.join(' ')} ended with ${String(code)}:\n${output}`);
  };
  const digests = async (): Promise<Digests> =>
    Object.fromEntries((await workspace.containers('staging')).map(({ service, image }) => [service, image]));

  await workspace.change('feat(web): the first that is deployed');
  await mustNx('run', 'platform:release-ship');
  const first = await digests();
  await workspace.change('feat: both are new', {
    'packages/web/index.js': '// the second\n',
    'packages/api/acme/__init__.py': 'TITLE = "Acme, the second"\n',
  });
  await mustNx('run', 'platform:release-check');
  const images = (await workspace.ledger('release')).findLast(({ kind }) => kind === 'images');
  const second = images?.['services'] as Digests;

  const kept = join(dirname(root), 'kept');
  await mkdir(kept);
  await cp(remote, join(kept, 'remote.git'), { recursive: true });
  await cp(root, join(kept, 'acme'), { recursive: true, filter: (path) => !KEPT.has(path.split('/').at(-1) ?? '') });
  const project = workspace.composeProject('staging');

  const quiet = () =>
    until(
      'every process of the workspace is gone',
      async () => (await processesOf(workspace.mark)).length === 0,
      90_000,
    );

  return {
    workspace,
    before: { version: '1.1.0', digests: first },
    after: { version: '1.2.0', digests: second },
    nx,
    quiet,
    async reset() {
      await quiet();
      await rm(remote, { recursive: true, force: true });
      await cp(join(kept, 'remote.git'), remote, { recursive: true });
      for (const entry of await readdir(root)) {
        if (!KEPT.has(entry)) await rm(join(root, entry), { recursive: true, force: true });
      }
      await cp(join(kept, 'acme'), root, { recursive: true });
      const left = (await docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`))
        .split('\n')
        .filter(Boolean);
      const serving = await workspace.containers('staging');
      const asBefore =
        serving.length === Object.keys(first).length &&
        serving.every(({ service, image, running }) => running && first[service] === image);
      if (asBefore) return;
      if (left.length > 0) await docker('rm', '--force', '--volumes', ...left);
      // As the first deployment rendered it.
      const description = join(root, '.slipway/deploy/staging/1.1.0/compose.yml');
      await must(
        [
          ...(['docker', 'compose', '-p', project, '-f', description] as const),
          ...['--project-directory', join(root, 'packages/platform'), '--env-file', '/dev/null'],
          ...['up', '-d', '--wait', '--no-build'],
        ],
        { cwd: root, env: environment },
      );
    },
    cleanUp: () => workspace.cleanUp(),
  };
}
