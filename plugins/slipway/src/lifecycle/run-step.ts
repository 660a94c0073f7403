import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ConfigError } from '../config/error';
import { CONFIG_FILE, parseConfig } from '../config/load';
import { MembershipError, membersOf, ownerOf, type Candidate } from '../config/members';
import { nxReleaseDefaults } from '../config/nx-release';
import type { SlipwayConfig } from '../config/schema';
import { withVersionFiles } from '../config/version-files';
import { createWorld } from '../io/create-world';
import { errorMessage } from '../io/error-message';
import { RunError } from '../io/exec';
import { GitError } from '../io/git';
import { readTextIfThere } from '../io/read-if-there';
import { StoppedError, type World } from '../io/world';
import { writeAtomically } from '../io/write-atomically';
import { LedgerError } from '../ledger/ledger';
import { openLedger } from '../ledger/open-ledger';
import { sentence, succeeded, type Outcome } from '../ledger/outcome';
import { renderOutcome, wantsColor } from '../render';
import { ManifestError } from '../version/manifests/editor';
import { command, result, type Step, type StepContext, type StepResult } from './context';
import { lazyLedger } from './lazy-ledger';

export interface WorkspaceProject extends Candidate {
  readonly dependencies: readonly string[];
  readonly targets: readonly string[];
}

export interface StepRun<Options> {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly project: string;
  readonly target: string;
  readonly projects: readonly WorkspaceProject[];
  /** `nx.json`'s `release` section, as it stands. */
  readonly nxRelease: unknown;
  readonly load: () => Step<Options>;
  readonly options: Options;
  readonly dryRun: boolean;
  /** Where the result goes as JSON, relative to the workspace. */
  readonly json: string | null;
}

/**
 * Runs one step from beginning to end: sets up what it may touch, tells its outcome in one sentence on the terminal and in the `--json` file.
 * @returns whether the outcome lets the chain go on.
 */
export async function runStep<Options>(run: StepRun<Options>): Promise<boolean> {
  const { world, dispose } = createWorld({ root: run.root });
  try {
    const { outcome, lines, data } = await attempt(run, world);
    for (const line of lines) world.log.info(line);
    for (const line of renderOutcome(outcome, { color: colored(world) })) world.log.info(line);
    const { project, target, dryRun } = run;
    const written =
      run.json === null ||
      isMisplaced(outcome) ||
      (await writeJson(world, resolve(run.root, run.json), {
        project,
        target,
        dryRun,
        outcome,
        sentence: sentence(outcome),
        data,
      }));
    return succeeded(outcome) && written;
  } finally {
    dispose();
  }
}

async function attempt<Options>(run: StepRun<Options>, world: World): Promise<StepResult> {
  let { project: owner } = run;
  try {
    const misplaced = await jsonRefusal(run, world);
    if (misplaced !== null) return result(misplaced);
    const step = run.load();
    const context = await contextOf(run, world);
    owner = context.owner;
    return await step(context, run.options);
  } catch (error) {
    const outcome = outcomeOf(error, { ...run, owner }, world);
    if (outcome.kind === 'unknown')
      world.log.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
    // A message of several lines begins with what happened; the others show it.
    const lines = error instanceof Error ? error.message.split('\n').slice(1) : [];
    return { outcome, lines: error instanceof ConfigError ? [] : lines, data: {} };
  }
}

/** What a step gets to know of the workspace. */
export async function contextOf(run: Omit<StepRun<unknown>, 'load' | 'options'>, world: World): Promise<StepContext> {
  const config = await readConfig(run);
  const members = withVersionFiles(membersOf(config.release, run.projects), config.projects);
  const owner = ownerOf(config.release.owner, members, run.projects);
  return {
    world,
    config,
    project: run.project,
    projects: run.projects,
    owner: owner?.name ?? run.project,
    members,
    ledger: lazyLedger(() =>
      openLedger(world, {
        remote: config.release.remote,
        store: config.release.ledger,
        // Nobody has to have a remote; but one that was named, and is not there, is a mistake.
        required: config.release.remote !== DEFAULT_REMOTE,
        readOnly: run.dryRun,
      }),
    ),
    target: run.target,
    dryRun: run.dryRun,
    color: colored(world),
  };
}

const DEFAULT_REMOTE = parseConfig(null).release.remote;

async function readConfig(run: Pick<StepRun<unknown>, 'root' | 'nxRelease'>): Promise<SlipwayConfig> {
  const text = await readTextIfThere(join(run.root, CONFIG_FILE));
  return parseConfig(text, CONFIG_FILE, nxReleaseDefaults(run.nxRelease));
}

/**
 * What an error that a step let through means. Steps turn what happens after their first side effect into an outcome of their own,
 * so a typed error that arrives here came before it; anything else is a defect, and its effect is not known.
 */
export function outcomeOf(
  error: unknown,
  run: Pick<StepRun<unknown>, 'project' | 'target'> & {
    /** Carries the lifecycle, release-status among it. */
    readonly owner: string;
  },
  world: Pick<World, 'stop'>,
): Outcome {
  const again = `run it again: npx nx run ${run.project}:${run.target}`;
  // Its children die with it: the death of one is no failure of its own.
  if (error instanceof StoppedError || world.stop.requested)
    return { kind: 'failed', reason: `stopped: ${world.stop.reason ?? 'asked to'}`, remedy: again };
  if (error instanceof ConfigError || error instanceof MembershipError)
    return refused('config', error.message, 'correct slipway.json');
  if (error instanceof LedgerError) return refused('ledger', error.message, error.remedy);
  if (error instanceof ManifestError) return refused('manifest', error.message, `correct ${error.path}`);
  const message = errorMessage(error);
  const reason = (message.split('\n')[0] ?? message).replace(/:$/, '');
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string')
    return { kind: 'failed', reason, remedy: error.remedy };
  if (error instanceof GitError && /not a git repository/.test(error.message))
    return refused(
      'repository',
      'the workspace is in no git repository, and a release is made of commits',
      'git init && git add --all && git commit --message "chore: begin"',
    );
  if (error instanceof GitError || error instanceof RunError)
    return { kind: 'failed', reason, remedy: `mend that, then ${again}` };
  return { kind: 'unknown', reason, findOut: command(run, 'release-status') };
}

function refused(id: string, reason: string, remedy: string): Outcome {
  return { kind: 'refused', refusals: [{ id, reason, remedy }] };
}

function colored({ env }: World): boolean {
  return wantsColor(env, process.stdout.isTTY);
}

const JSON_PLACE = 'jsonPlace';

/**
 * A file that git neither ignores nor tracks would itself make the work tree unclean, and stop the chain at its next step.
 * Reports that no release goes by may lie anywhere.
 */
async function jsonRefusal(
  { root, json, target }: Pick<StepRun<unknown>, 'root' | 'json' | 'target'>,
  world: World,
): Promise<Outcome | null> {
  if (json === null || target === 'release-status') return null;
  const path = relative(root, resolve(root, json));
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return null;
  // Exit 1: not ignored; 128: no repository, which the step itself tells.
  const { exitCode } = await world.git.run(['check-ignore', '--quiet', '--', path]);
  if (exitCode !== 1) return null;
  return refused(
    JSON_PLACE,
    `--json=${json} would leave a file in the work tree, which must stay clean for a release`,
    `choose a place that git ignores, or one outside of the workspace: --json=.slipway/${basename(path)}`,
  );
}

function isMisplaced(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.refusals.some(({ id }) => id === JSON_PLACE);
}

/** @returns whether it was written; how the step ended is told in any case. */
export async function writeJson({ log }: World, path: string, value: unknown): Promise<boolean> {
  try {
    await writeAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
    return true;
  } catch (error) {
    log.warn(`The result could not be written to ${path}: ${errorMessage(error)}`);
    return false;
  }
}
