import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { verdictPath, type ProjectVerdict } from '../gates';
import { createWorld } from '../io/create-world';
import type { Git } from '../io/git';
import { sentence, succeeded } from '../ledger/outcome';
import { renderOutcome } from '../render';
import { result, type StepContext, type StepResult } from './context';
import { readGateOptions, type GateOptions } from './gate-options';
import { judgeApart, type ApartOptions } from './judge-apart';
import { prepareJudging, requestFor, type Judging } from './judge-member';
import { contextOf, outcomeOf, writeJson, type StepRun } from './run-step';
import { gateResult } from './steps/gate';

export interface BatchTask {
  /** Nx's id of the task. */
  readonly id: string;
  readonly project: string;
  readonly target: string;
  readonly options: GateOptions & { readonly dryRun?: boolean; readonly json?: string };
}

export interface JudgedTask {
  readonly id: string;
  readonly success: boolean;
  /** For a person, with a line end after each line. */
  readonly output: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly endTime: number;
}

export type BatchRun = Pick<StepRun<unknown>, 'root' | 'projects' | 'nxRelease'> & {
  readonly tasks: readonly BatchTask[];
};

/** Projects at a time: judging waits for files more than for the processor. */
const AT_ONCE = 8;

/**
 * Judges many projects in one process. What all of them need is read once. Never throws: what goes wrong with one project is that
 * project's failure, and a configuration that can't be read is everybody's.
 */
export async function* judgeBatch(run: BatchRun, apart: ApartOptions = {}): AsyncGenerator<JudgedTask, void> {
  const { world: real, dispose } = createWorld({ root: run.root });
  const world = { ...real, git: rememberPlace(real.git) };
  try {
    const shared = once<Judging>();
    const base = once<StepContext>();
    for (let at = 0; at < run.tasks.length; at += AT_ONCE)
      yield* await Promise.all(run.tasks.slice(at, at + AT_ONCE).map((task) => judgeTask(task)));

    async function judgeTask(task: BatchTask): Promise<JudgedTask> {
      const startTime = Date.now();
      const { project, target, options } = task;
      const { dryRun = false, json } = options;
      let ended: StepResult;
      try {
        const context: StepContext = {
          ...(await base('', () => contextOf({ ...run, project, target, dryRun, json: null }, world))),
          project,
          target,
          dryRun,
        };
        const wish = await readGateOptions(run.root, options);
        if ('refusals' in wish) ended = result({ kind: 'refused', refusals: wish.refusals });
        else {
          const judging = await shared(JSON.stringify([wish.asOf, wish.gates]), () =>
            prepareJudging(context, { ...wish, together: run.tasks.map((one) => one.project) }),
          );
          ended = await gateResult(context, wish, await verdictOf(context, judging, apart));
        }
      } catch (error) {
        ended = result(outcomeOf(error, { project, target, owner: project }, world));
      }
      const written =
        json === undefined ||
        (await writeJson(world, join(run.root, json), {
          project,
          target,
          dryRun,
          ...ended,
          sentence: sentence(ended.outcome),
        }));
      const lines = [...ended.lines, ...renderOutcome(ended.outcome, { color: false })];
      return {
        id: task.id,
        success: succeeded(ended.outcome) && written,
        output: lines.map((line) => `${line}\n`).join(''),
        startTime,
        endTime: Date.now(),
      };
    }
  } finally {
    dispose();
  }
}

async function verdictOf(
  { world, project }: StepContext,
  judging: Judging,
  apart: ApartOptions,
): Promise<ProjectVerdict> {
  try {
    return await judgeApart(world.run, await requestFor(judging, project), apart);
  } catch (error) {
    // What was judged before is no word on what is there now.
    await rm(join(world.root, verdictPath(project)), { force: true });
    throw error;
  }
}

/** Where the repository lies stays the same, so git is asked for it once, not by each project. */
function rememberPlace(git: Git): Git {
  const places = once<Awaited<ReturnType<Git['run']>>>();
  return {
    ...git,
    run: (args, options) =>
      args[0] === 'rev-parse' && args.includes('--git-dir') && options === undefined
        ? places(args.join(' '), () => git.run(args))
        : git.run(args, options),
  };
}

/** Makes what several tasks share once for each key, also where it fails. */
function once<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key, make) => {
    const kept = made.get(key) ?? make();
    made.set(key, kept);
    return kept;
  };
}
