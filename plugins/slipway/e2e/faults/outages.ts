import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { kill, until } from '../support/processes';
import type { OwnEngine } from './own-engine';
import { readSeam, seamVariables, type Point } from './points';
import { attempt, recover } from './run-case';
import { DEPLOY, deployment, ROLLBACK } from './scenario';
import type { Stage } from './stage';

/** Something that a deployment relies on and that goes wrong. */
export interface Outage {
  readonly name: string;
  /** Lets it go wrong around a deployment, puts it right, and recovers; returns what is not as it should be. */
  readonly strike: (stage: Stage, said: Record<string, string>) => Promise<readonly string[]>;
}

const run = promisify(execFile);
const UP: Point = { name: 'docker compose up #1', took: 0 };
const DAY = 24 * 60 * 60_000;

/** Those for which one engine is enough. */
export const OUTAGES: readonly Outage[] = [
  outage('the remote is gone', async (stage, said) => {
    const back = await takeRemoteAway(stage);
    const problems = await failed(stage, 'deploy', said);
    await back();
    return problems;
  }),
  outage('the remote goes while services are replaced', async (stage, said) => {
    const back = { now: async () => undefined as void };
    const problems = await heldUp(stage, said, async () => {
      back.now = await takeRemoteAway(stage);
      return [];
    });
    await back.now();
    return problems;
  }),
  outage('the remote is slow', (stage, said) =>
    withHook(stage, 'pre-receive', 'sleep 2', () => attempt(stage, 'deploy', DEPLOY, said)),
  ),
  outage('the remote takes nothing', (stage, said) =>
    withHook(stage, 'pre-receive', 'echo "closed today" >&2; exit 1', () => failed(stage, 'deploy', said)),
  ),
  outage('the remote takes no further push', (stage, said) =>
    withHook(stage, 'pre-receive', 'test -e taken && exit 1; : > taken', () => failed(stage, 'deploy', said)),
  ),
  outage('each reply of the remote is lost', (stage, said) =>
    withHook(stage, 'post-receive', 'kill -9 $PPID', () => attempt(stage, 'deploy', DEPLOY, said)),
  ),
  outage('the clock is a day ahead', async (stage, said) => ahead(stage, said, DAY)),
  outage('the clock is a day behind', async (stage, said) => ahead(stage, said, -DAY)),
  outage('someone whose clock is a day ahead wants the lock', (stage, said) =>
    heldUp(stage, said, async () => {
      const log = seamLog(stage, 'other');
      const { code, output } = await stage.nx(ROLLBACK, seamVariables(log, null, DAY));
      return code === 0 ? [`it took the lock of a process that lives:\n${output}`] : [];
    }),
  ),
  outage('the lock is stolen while services are replaced', (stage, said) =>
    heldUp(stage, said, () => attempt(stage, 'steal', [...ROLLBACK, '--steal=it hangs, and nobody knows why'], said)),
  ),
  outage('no space for the files of a deployment', async (stage, said) => {
    const folder = join(stage.workspace.root, '.slipway/deploy');
    const kept = join(dirname(stage.workspace.root), 'deploy-kept');
    await rm(kept, { recursive: true, force: true });
    await rename(folder, kept);
    await mkdir(folder);
    const free = await fullDisk(folder);
    try {
      return await failed(stage, 'deploy', said);
    } finally {
      await free();
      await rm(folder, { recursive: true, force: true });
      await rename(kept, folder);
    }
  }),
  outage('no space for events', async (stage, said) => {
    const objects = join(stage.workspace.root, '.git/objects');
    const kept = join(dirname(stage.workspace.root), 'objects-kept');
    await rm(kept, { recursive: true, force: true });
    await rename(objects, kept);
    await mkdir(objects);
    const free = await fullDisk(objects, { 'info/alternates': `${kept}\n` });
    try {
      return await failed(stage, 'deploy', said);
    } finally {
      await free();
      await rm(objects, { recursive: true, force: true });
      await rename(kept, objects);
    }
  }),
];

/** Those that take the engine away, which is one of their own. */
export function engineOutages(engine: OwnEngine): readonly Outage[] {
  return (['SIGKILL', 'SIGTERM'] as const).flatMap((how) =>
    [0, 500, 1_500].map((delay) =>
      outage(
        `the engine ${how === 'SIGKILL' ? 'crashes' : 'is stopped'} ${delay} ms into replacing services`,
        async (stage, said) => {
          const log = seamLog(stage, 'engine');
          await rm(log, { force: true });
          const deploying = failed(stage, 'deploy', said, seamVariables(log, null));
          await until('services are replaced', async () =>
            (await readSeam(log)).some(({ point, state }) => point === UP.name && state === 'begins'),
          );
          await sleep(delay);
          await engine.stop(how);
          const problems = await deploying;
          await engine.start();
          return problems;
        },
        // Killed while it starts a container, an engine keeps the port to itself until it is restarted, which the refusal asks for.
        async (stage, said) => {
          if (!Object.values(said).some((text) => text.includes('the Docker Engine itself has port'))) return [];
          await engine.stop('SIGTERM');
          await engine.start();
          return attempt(stage, 'after a restart', ROLLBACK, said);
        },
      ),
    ),
  );
}

/** After whatever happened, both ways on are tried at once; then what they asked a person to do. */
function outage(name: string, strike: Outage['strike'], asked: Outage['strike'] = async () => []): Outage {
  return {
    name,
    strike: async (stage, said) => {
      const problems = await strike(stage, said);
      await stage.quiet();
      const recovered = await recover(stage, deployment(stage), said);
      return [...problems, ...recovered, ...(await asked(stage, said))];
    },
  };
}

/** A deployment that must not succeed. */
async function failed(
  stage: Stage,
  as: string,
  said: Record<string, string>,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const problems = await attempt(stage, as, DEPLOY, said, env);
  const sentence = said[as] ?? '';
  return /^(Done|Already done)/.test(sentence) ? [...problems, `it said: ${sentence}`] : problems;
}

function seamLog(stage: Stage, name: string): string {
  return join(dirname(stage.workspace.root), `${name}.seam.log`);
}

/** Holds a deployment up right before it replaces services, lets something happen, and lets it go on. */
async function heldUp(
  stage: Stage,
  said: Record<string, string>,
  meanwhile: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const log = seamLog(stage, 'held-up');
  await rm(log, { force: true });
  const strike = { point: UP, moment: 'before', victim: 'executor', signal: 'SIGSTOP' } as const;
  const deploying = attempt(stage, 'deploy', DEPLOY, said, seamVariables(log, strike));
  let pid = 0;
  await until('the deployment is about to replace services', async () => {
    pid = (await readSeam(log)).find(({ state }) => state === 'killed')?.pid ?? 0;
    return pid !== 0;
  });
  try {
    return [...(await meanwhile())];
  } finally {
    kill(pid, 'SIGCONT');
    await deploying;
  }
}

async function ahead(stage: Stage, said: Record<string, string>, clock: number): Promise<readonly string[]> {
  return attempt(stage, 'deploy', DEPLOY, said, seamVariables(seamLog(stage, 'clock'), null, clock));
}

async function takeRemoteAway({ workspace: { remote } }: Stage): Promise<() => Promise<void>> {
  await rename(remote, `${remote}.away`);
  return () => rename(`${remote}.away`, remote);
}

async function withHook<T>(
  { workspace: { remote } }: Stage,
  name: string,
  script: string,
  work: () => Promise<T>,
): Promise<T> {
  const hook = join(remote, 'hooks', name);
  await writeFile(hook, `#!/bin/sh\n${script}\n`);
  await chmod(hook, 0o755);
  try {
    return await work();
  } finally {
    await rm(hook);
  }
}

/** Mounts a small file system over an empty folder and fills it; needs root. */
async function fullDisk(folder: string, files: Readonly<Record<string, string>> = {}): Promise<() => Promise<void>> {
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty`);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    // All of it, to the last block.
    await run('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=1k', 'count=64']).catch(() => undefined);
  } catch (error) {
    await run('umount', [folder]);
    throw error;
  }
  return async () => void (await run('umount', [folder]));
}
