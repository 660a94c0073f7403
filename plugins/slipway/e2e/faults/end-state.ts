import { createClock } from '../../src/io/create-world';
import { createRun } from '../../src/io/exec';
import { createGit } from '../../src/io/git';
import { foldEnvironment, type EnvironmentState } from '../../src/ledger/state';
import { openLedger } from '../../src/ledger/open-ledger';
import type { Stop } from '../../src/io/world';
import { containersOf, docker } from '../support/docker';
import type { Served, Stage } from './stage';

const NEVER: Stop = {
  requested: false,
  reason: null,
  signal: new AbortController().signal,
  check: () => undefined,
};

/** What the ledger says of staging, read as anybody would: every event of every stream is checked on the way. */
export async function readState(
  stage: Stage,
): Promise<{ readonly state: EnvironmentState; readonly lockedBy: string | null }> {
  const { root, environment } = stage.workspace;
  const run = createRun({ cwd: root, env: environment });
  const log = { info: () => undefined, warn: () => undefined };
  const ledger = await openLedger(
    { git: createGit(run, root), clock: createClock(), stop: NEVER, log },
    { remote: 'origin', readOnly: true },
  );
  await ledger.read('release');
  const lock = await ledger.lock('staging');
  return { state: foldEnvironment(await ledger.read('staging')), lockedBy: lock === null ? null : lock.reason };
}

/** Whether someone has to run a command before it is known what serves. */
export function isSettled({ unfinished, doubt }: EnvironmentState): boolean {
  return unfinished === null && doubt === null;
}

/**
 * All that is wrong with how an environment was left: one set of digests serves, on its own
 * schema, no orphans, the ledger says just that, no lock.
 */
export async function problemsWith(stage: Stage): Promise<readonly string[]> {
  const problems: string[] = [];
  const project = stage.workspace.composeProject('staging');
  const containers = await containersOf(project);
  const images: Record<string, string[]> = {};
  for (const { service, image, running } of containers) {
    (images[service] ??= []).push(image);
    if (!running) problems.push(`a container of ${service} is left that does not run`);
  }
  const serves = [stage.before, stage.after].find(({ digests }) => isExactly(images, digests));
  if (serves === undefined) problems.push(`no one release serves: ${JSON.stringify(images)}`);
  const one = ['com.docker.compose.oneoff=True', `com.docker.compose.project=${project}`];
  const going = await docker('ps', '--quiet', ...one.flatMap((label) => ['--filter', `label=${label}`]));
  if (going !== '') problems.push(`a container that was run once still runs: ${going}`);
  if (stage.schema !== null && serves !== undefined) {
    const applied = await stage.schema.applied();
    if (applied.join() !== serves.migrations.join())
      problems.push(`${serves.version} serves, and the database holds ${applied.join(', ') || 'nothing'}`);
  }
  try {
    const { state, lockedBy } = await readState(stage);
    if (lockedBy !== null) problems.push(`the lock is still held for ${lockedBy}`);
    if (!isSettled(state)) problems.push('the ledger holds an unfinished deployment or a doubt');
    else if (serves !== undefined && state.current?.version !== serves.version)
      problems.push(`${serves.version} serves, and the ledger says ${state.current?.version ?? 'nothing'}`);
  } catch (error) {
    problems.push(`the ledger is not valid: ${error instanceof Error ? error.message : String(error)}`);
  }
  return problems;
}

function isExactly(images: Readonly<Record<string, readonly string[]>>, digests: Served['digests']): boolean {
  const services = Object.keys(digests);
  return (
    services.length === Object.keys(images).length &&
    services.every((service) => images[service]?.length === 1 && images[service][0] === digests[service])
  );
}
