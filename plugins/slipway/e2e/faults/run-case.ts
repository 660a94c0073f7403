import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StepJson } from '../support/workspace';
import { isSettled, problemsWith, readState } from './end-state';
import { describeStrike, readSeam, seamVariables, strikeKind, type Strike } from './points';
import { ROLLBACK, type Scenario } from './scenario';
import type { Scene, Stage } from './stage';

/** How one fault ended. */
export interface CaseResult {
  readonly name: string;
  /** What the table calls the side effect, and what was done to it; null for an outage. */
  readonly at: { readonly effect: string; readonly strike: string } | null;
  readonly passed: boolean;
  readonly problems: readonly string[];
  /** What each command said last. */
  readonly said: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly took: number;
}

/** Kills a step at one point, then resumes it and goes the other way at once, and looks at what is left. */
export async function runStrike(stage: Stage, scenario: Scenario, strike: Strike): Promise<CaseResult> {
  const at = placeOf(scenario, strike);
  return runCase(stage, scenario.scene, { name: `${scenario.name}: ${describeStrike(strike)}`, at }, async (said) => {
    const log = join(dirname(stage.workspace.root), 'seam.log');
    await rm(log, { force: true });
    const variables = seamVariables(log, strike);
    // Where `nx` dies or passes a signal on, it has to be there.
    const { output } = await (strike.victim === 'nx'
      ? stage.nx(scenario.command, variables)
      : stage.step(scenario.command, join(dirname(stage.workspace.root), 'struck.json'), variables));
    if (!(await readSeam(log)).some(({ state }) => state === 'killed'))
      return [`the point was never reached:\n${output}`];
    return recover(stage, scenario, said);
  });
}

/** Where in the table it belongs. */
export function placeOf(
  { name }: Pick<Scenario, 'name'>,
  strike: Strike,
): { readonly effect: string; readonly strike: string } {
  return { effect: `${name}: ${strike.point.name.replace(/ #\d+$/, '')}`, strike: strikeKind(strike) };
}

/** Puts the stage into a scene, lets `disturb` do its worst, and judges how the environment was left. */
export async function runCase(
  stage: Stage,
  scene: Scene,
  about: Pick<CaseResult, 'name' | 'at'>,
  disturb: (said: Record<string, string>) => Promise<readonly string[]>,
): Promise<CaseResult> {
  const start = Date.now();
  const said: Record<string, string> = {};
  let problems: readonly string[];
  try {
    await stage.reset(scene);
    problems = await disturb(said);
    if (problems.length === 0) problems = await problemsWith(stage);
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  return { ...about, passed: problems.length === 0, problems, said, took: Date.now() - start };
}

/** Both ways on, side by side, as two people in a hurry would; then what the outcome asks for, where it asks for something. */
export async function recover(
  stage: Stage,
  { command, other }: Scenario,
  said: Record<string, string>,
): Promise<readonly string[]> {
  const problems = (
    await Promise.all([attempt(stage, 'resume', command, said), attempt(stage, other.as, other.command, said)])
  ).flat();
  await stage.quiet();
  if (!isSettled((await readState(stage)).state)) problems.push(...(await attempt(stage, 'mend', ROLLBACK, said)));
  return problems;
}

const SUCCESS = new Set(['done', 'alreadyDone']);

/** Runs a command to its end: it has to end in exactly one outcome, and its exit code has to say the same. */
export async function attempt(
  stage: Stage,
  as: string,
  command: readonly string[],
  said: Record<string, string>,
  env: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const file = join(dirname(stage.workspace.root), `${as.replaceAll(' ', '-')}.json`);
  await rm(file, { force: true });
  const { code, output } = await stage.step(command, file, env);
  let step: StepJson;
  try {
    step = JSON.parse(await readFile(file, 'utf8')) as StepJson;
  } catch {
    return [`${as} (${command[0]}) left no outcome:\n${output}`];
  }
  said[as] = step.sentence;
  const success = SUCCESS.has(step.outcome.kind);
  return success === (code === 0) ? [] : [`${as} exited with ${String(code)} and said: ${step.sentence}`];
}
