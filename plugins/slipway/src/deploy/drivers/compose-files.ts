import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createHash, randomBytes } from 'node:crypto';
import type { EnvironmentConfig, ImageConfig } from '../../config/schema';
import type { World } from '../../io/world';
import type { DeployedRelease } from '../../ledger/events';

/** What of this process's environment reaches Compose; everything else comes from the environment's own files. */
const KEPT_VARIABLE =
  /^(?:PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|SSH_\w+|XDG_\w+|DOCKER_\w+|SYSTEMROOT|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAM\w*)$/i;

/**
 * Environment for Compose. A variable in somebody's shell would win over the environment's files, so all but the tools' own are taken out:
 * the same release deploys the same from every terminal.
 */
export function composeEnvironment(
  env: World['env'],
  release: DeployedRelease,
  images: Readonly<Record<string, ImageConfig>>,
): Record<string, string | undefined> {
  const result = toolsEnvironment(env);
  for (const [service, image] of Object.entries(images))
    result[image.variable] = release.references?.[service] ?? release.services[service];
  return { ...result, SLIPWAY_VERSION: release.version, SLIPWAY_COMMIT: release.commit };
}

/** Takes everything but the tools' own variables out. */
export function toolsEnvironment(env: World['env']): Record<string, string | undefined> {
  const result: Record<string, string | undefined> = {};
  for (const name of Object.keys(env)) if (!KEPT_VARIABLE.test(name)) result[name] = undefined;
  return result;
}

/** The compose file as it is in the released commit, or null where the commit has none. */
export async function composeAt(world: Pick<World, 'git'>, commit: string, path: string): Promise<string | null> {
  const result = await world.git.run(['show', `${commit}:./${path}`]);
  return result.exitCode === 0 ? result.stdout : null;
}

/**
 * Writes a description where only this user can read it, whole or not at all: `.slipway/deploy/<environment>/<version>/`.
 * @returns its absolute path.
 */
export async function writeDescription(
  root: string,
  environment: string,
  version: string,
  description: string,
): Promise<string> {
  const folder = join(root, '.slipway', 'deploy', environment, version);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'compose.yml');
  const next = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(next, description, { mode: 0o600 });
  await rename(next, file);
  return file;
}

/** Arguments of `docker compose` up to the command. Without files of variables Compose would read a stray `.env`, so it gets an empty one. */
export function composeArguments(
  root: string,
  config: EnvironmentConfig,
  files: readonly string[],
  envFiles: readonly string[],
): readonly string[] {
  const variables = envFiles.length === 0 ? ['/dev/null'] : envFiles;
  return [
    'compose',
    '--ansi',
    'never',
    '--progress',
    'plain',
    '-p',
    config.project,
    ...files.flatMap((file) => ['-f', file]),
    '--project-directory',
    join(root, dirname(config.compose)),
    ...variables.flatMap((file) => ['--env-file', file]),
  ];
}

export function hashOf(update: (hash: ReturnType<typeof createHash>) => void): string {
  const hash = createHash('sha256');
  update(hash);
  return hash.digest('hex');
}
