import { z } from 'zod';
import { docker, dockerText, EngineError } from '../../image/engine';
import type { Run } from '../../io/exec';
import { lastLines, sanitise } from '../sanitise';
import type { RunningService } from './driver';

/** Labels that Slipway gives to every service it deploys: the release is read back from the containers, not believed. */
export const VERSION_LABEL = 'slipway.version';
export const COMMIT_LABEL = 'slipway.commit';
/** For a service that takes neither: it is the same in every release that has its image, and stays as it is. */
export const VERSIONLESS_LABEL = 'slipway.versionless';

const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
const ONE_OFF = 'com.docker.compose.oneoff';
const CONFIG_HASH = 'com.docker.compose.config-hash';

const containers = z.array(
  z.object({
    Id: z.string(),
    Name: z.string().default(''),
    Image: z.string(),
    Created: z.string().default(''),
    State: z.object({
      Running: z.boolean(),
      ExitCode: z.number(),
      Restarting: z.boolean().default(false),
      StartedAt: z.string().nullish(),
      Health: z.object({ Status: z.string() }).nullish(),
    }),
    RestartCount: z.number().default(0),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
  }),
);

/** A container with what Compose knows it by. */
export interface ComposeContainer extends RunningService {
  readonly name: string;
  /** Compose's own hash of the service's definition that it was made from; null where Compose did not make it. */
  readonly configHash: string | null;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/**
 * Containers of a Compose project, also those that ended.
 * @throws {EngineError}
 */
export async function readContainers(run: Run, project: string): Promise<readonly ComposeContainer[]> {
  const listed = await dockerText(run, [
    'ps',
    '--all',
    '--quiet',
    '--no-trunc',
    '--filter',
    `label=${PROJECT}=${project}`,
  ]);
  const ids = listed.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return [];
  // One that went away between the two commands makes inspect fail, but it still prints the others.
  const { exitCode, stdout, stderr } = await docker(run, ['container', 'inspect', ...ids]);
  if (exitCode !== 0 && !/no such container/i.test(stderr))
    throw new EngineError(`the containers of ${project} can't be looked at: ${stderr.trim()}`, 'docker ps --all');
  return parseContainers(stdout);
}

/** The same containers as they are now, by one command; null where one of them is gone. @throws {EngineError} */
export async function lookAgain(
  run: Run,
  known: readonly ComposeContainer[],
): Promise<readonly ComposeContainer[] | null> {
  if (known.length === 0) return null;
  const ids = known.map(({ instance }) => instance);
  const { exitCode, stdout } = await docker(run, ['container', 'inspect', ...ids]);
  return exitCode === 0 ? parseContainers(stdout) : null;
}

/**
 * Removes what a Compose that was cut off while it replaced containers left behind: the new container, created and never started,
 * under the name `<id of the old one>_<name>`. While both are there, every further `up` fails with a conflict of names.
 * @returns names of what was removed.
 * @throws {EngineError}
 */
export async function removeLeftovers(run: Run, project: string): Promise<readonly string[]> {
  const format = '{{.ID}} {{.Names}} {{.Status}}';
  const listed = await dockerText(run, [
    ...['ps', '--all', '--no-trunc', '--format', format],
    ...['--filter', `label=${PROJECT}=${project}`],
  ]);
  const leftovers = findLeftovers(listed);
  if (leftovers.length === 0) return [];
  const removed = await docker(run, ['rm', ...leftovers.map(({ id }) => id)]);
  if (removed.exitCode !== 0 && !/no such container/i.test(removed.stderr))
    throw new EngineError(
      `containers that an earlier deployment left behind could not be removed: ${removed.stderr.trim()}`,
      `docker rm ${leftovers.map(({ name }) => name).join(' ')}`,
    );
  return leftovers.map(({ name }) => name);
}

/** Of lines `<id> <name> <status>`, the containers that never ran and are named after another one that is still there. */
export function findLeftovers(listed: string): readonly { readonly id: string; readonly name: string }[] {
  const all = listed.split('\n').flatMap((line) => {
    const [id, name, status] = line.split(' ');
    return id && name && status ? [{ id, name, status }] : [];
  });
  return all.flatMap(({ id, name, status }) => {
    const old = /^([0-9a-f]{12})_/.exec(name)?.[1];
    const left = status === 'Created' && old !== undefined && all.some((other) => other.id.startsWith(old));
    return left ? [{ id, name }] : [];
  });
}

/** Reads `docker container inspect`. */
export function parseContainers(json: string): readonly ComposeContainer[] {
  return containers.parse(JSON.parse(json)).flatMap((container) => {
    const labels = container.Config.Labels ?? {};
    const service = labels[SERVICE];
    if (service === undefined || labels[ONE_OFF] === 'True') return [];
    const version = labels[VERSION_LABEL];
    const commit = labels[COMMIT_LABEL];
    return [
      {
        service,
        instance: container.Id,
        name: container.Name.replace(/^\//, ''),
        configHash: labels[CONFIG_HASH] ?? null,
        createdAt: container.Created,
        image: container.Image,
        running: container.State.Running && !container.State.Restarting,
        ...(container.State.Restarting ? { restarting: true } : {}),
        ...(labels[VERSIONLESS_LABEL] === undefined ? {} : { versionless: true }),
        exitCode: container.State.ExitCode,
        health: healthOf(container.State.Health?.Status),
        release: version !== undefined && commit !== undefined ? { version, commit } : null,
        restarts: container.RestartCount,
        startedAt: startOf(container.State.StartedAt),
      },
    ];
  });
}

/** The engine tells year 1 of what never ran. */
function startOf(text: string | null | undefined): string | null {
  return text && !text.startsWith('0001-') ? text : null;
}

function healthOf(status: string | undefined): RunningService['health'] {
  switch (status) {
    case 'healthy':
    case 'unhealthy':
    case 'starting':
      return status;
    default:
      return 'none';
  }
}

const LOG_LINES = 12;

/** The last lines that a container wrote, fit to be shown. */
export async function readLog(run: Run, instance: string, secrets: readonly string[]): Promise<readonly string[]> {
  const result = await run(['docker', 'logs', '--tail', String(LOG_LINES), instance]);
  return lastLines(sanitise(`${result.stdout}\n${result.stderr}`, secrets), LOG_LINES);
}
