import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Ended } from '../support/processes';

/**
 * What Nx gave to the process of a step: enough to start that very process again without Nx above it, whose own start takes longer
 * than most steps. Where `nx` is killed or a person presses Ctrl-C, Nx is there.
 */
export interface RecordedTask {
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Target, options and task graph. */
  readonly message: object;
}

/** Stands in a recording for the file of the outcome. */
export const RECORDED_OUTCOME = '/recorded-outcome.json';

/** What the seam wrote while Nx ran the step. */
export async function readTask(path: string): Promise<RecordedTask> {
  return JSON.parse(await readFile(path, 'utf8')) as RecordedTask;
}

/** @param outcome where `--json` goes */
export function runTask(
  task: RecordedTask,
  outcome: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = fork(task.script, {
    cwd: task.cwd,
    env: { ...task.env, NX_STREAM_OUTPUT: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => void (output += chunk));
  }
  // It may be killed before it takes the message.
  child.send(JSON.parse(JSON.stringify(task.message).replaceAll(RECORDED_OUTCOME, outcome)) as object, () => undefined);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    // A child that outlives it keeps the streams open: then what it wrote itself has arrived by now.
    child.on('exit', (code) => setTimeout(() => resolve({ code, output }), 100));
  });
}
