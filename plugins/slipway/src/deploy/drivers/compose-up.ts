import { docker } from '../../image/engine';
import { RunError } from '../../io/exec';
import { showDuration } from '../duration';
import { compareRunning } from '../read-back';
import { lastLines, sanitise } from '../sanitise';
import type { ServiceDigests } from '../../ledger/events';
import { lookAgain, readContainers, type ComposeContainer } from './compose-containers';
import type { ComposeHost } from './compose-host';
import type { RunningService, ServiceProblem } from './driver';

/** A description in force: how Compose is called with it. */
export interface AppliedDescription {
  /** Arguments of `docker` up to Compose's command. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: readonly string[];
}

export type Problem = Omit<ServiceProblem, 'log'>;

/** Milliseconds between two looks at containers that are about to turn healthy. */
const LOOK = 100;

/** What `up` says where it waited for another service in vain. */
const ABOUT_HEALTH = /^container \S+ (?:is unhealthy|exited|has no healthcheck)|dependency failed to start/i;

/** The engine's words without its preambles and with short ids: the cause comes last, and lines are cut. */
function briefly(text: string): string {
  return text
    .replace(/Error response from daemon: /g, '')
    .replace(/driver failed programming external connectivity on endpoint \S+ \([0-9a-f]+\): /g, '')
    .replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}

/** `docker compose up --detach` with further arguments. Null where Compose was content, else what it said. */
export async function composeUp(
  host: ComposeHost,
  { argv, env, secrets }: AppliedDescription,
  args: readonly string[],
): Promise<string | null> {
  try {
    const result = await docker(host.world.run, [...argv, 'up', '--detach', '--no-build', ...args], {
      env,
      timeout: host.upTimeout,
    });
    if (result.exitCode === 0) return null;
    const said = lastLines(briefly(sanitise(result.stderr, secrets)), 1)[0];
    return said ?? `docker compose up failed (exit ${result.exitCode})`;
  } catch (error) {
    if (error instanceof RunError && error.failure === 'timedOut')
      return `it took longer than ${showDuration(host.upTimeout)}`;
    throw error;
  }
}

/**
 * Looks until all of `asked` is healthy, something is beyond hope, or the health time-out is over.
 * @param failure what `up` said, where it failed: then there is one look only.
 * @param services only these are looked at. Default: everything that runs.
 */
export async function waitForHealth(
  host: ComposeHost,
  asked: ServiceDigests,
  failure: string | null,
  services?: readonly string[],
): Promise<{ readonly problems: readonly Problem[]; readonly running: readonly ComposeContainer[] }> {
  const { world, config, healthTimeout } = host;
  const deadline = world.clock.now().getTime() + healthTimeout;
  const judge = (all: readonly ComposeContainer[]) => {
    const running = services === undefined ? all : all.filter(({ service }) => services.includes(service));
    const problems: Problem[] = [...compareRunning(asked, running)];
    // What stopped Compose explains what does not run; that a container is not healthy, the containers say themselves.
    if (failure !== null && (problems.length === 0 || !ABOUT_HEALTH.test(failure)))
      problems.unshift({ service: 'compose', kind: 'engine', problem: failure });
    const waits = problems.length > 0 && problems.every((problem) => mayPass(problem, running));
    return { all, running, problems, waits };
  };
  let seen = judge(await readContainers(world.run, config.project));
  while (seen.waits && failure === null && world.clock.now().getTime() < deadline) {
    await world.clock.sleep(LOOK);
    world.stop.check();
    const again = await lookAgain(world.run, seen.all);
    const next = again === null ? null : judge(again);
    // What ends the waiting is read anew: a container may have come.
    seen = next?.waits === true ? next : judge(await readContainers(world.run, config.project));
  }
  return seen;
}

/** Whether time alone may mend it. */
export function mayPass({ kind, service }: Problem, running: readonly RunningService[]): boolean {
  if (kind === 'starting') return true;
  if (kind !== 'stopped') return false;
  const stopped = running.filter((item) => item.service === service && !item.running);
  return stopped.every((item) => item.restarting === true);
}
