import { z } from 'zod';
import { docker, dockerText } from '../../image/engine';
import type { World } from '../../io/world';
import { currentProcess, isKnownDead } from '../../ledger/process-identity';

/** Label of a container that runs one program for us: which process waits for it. */
export const ONCE_LABEL = 'slipway.once';
const PROJECT = 'com.docker.compose.project';

const identity = z.object({
  host: z.string(),
  pid: z.number(),
  started: z.string().nullable(),
  boot: z.string().nullable(),
  namespace: z.string().nullable(),
});

export function onceLabel(): string {
  return JSON.stringify(currentProcess());
}

/**
 * Removes containers whose program nobody waits for any more: who started it was killed. They would go on changing the database.
 * @param all also those of processes of which nothing is known (another host's): only under the environment's lock.
 * @returns how many.
 * @throws {EngineError}
 */
export async function removeAbandoned({ run }: Pick<World, 'run'>, project: string, all: boolean): Promise<number> {
  const listed = await dockerText(run, [
    ...['ps', '--all', '--no-trunc', '--format', `{{.ID}}\t{{.Label "${ONCE_LABEL}"}}`],
    ...['--filter', `label=${PROJECT}=${project}`, '--filter', `label=${ONCE_LABEL}`],
  ]);
  const me = currentProcess();
  const abandoned = listed.split('\n').flatMap((line) => {
    const [id, label] = line.split('\t');
    if (!id || !label) return [];
    const owner = readIdentity(label);
    const own = owner !== null && owner.pid === me.pid && owner.started === me.started && owner.host === me.host;
    return !own && (all || (owner !== null && isKnownDead(owner, me))) ? [id] : [];
  });
  if (abandoned.length > 0) await docker(run, ['rm', '--force', '--volumes', ...abandoned]);
  return abandoned.length;
}

/** Null for what no Slipway wrote. */
function readIdentity(label: string): z.output<typeof identity> | null {
  try {
    return identity.parse(JSON.parse(label));
  } catch {
    return null;
  }
}
