import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** How a program ended; both of its streams as they came. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

/** A program that runs; `ended` resolves whatever its exit code. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written so far. */
  output(): string;
}

/** Marks every process of a workspace, also those whose parent is gone. */
export const MARK = 'SLIPWAY_E2E_WORKSPACE';

export function start(
  argv: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Running {
  const [file, ...args] = argv;
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => void (output += chunk));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    // A child that outlives it keeps the streams open: then what it wrote itself has arrived by now.
    child.on('exit', (code) => setTimeout(() => resolve({ code, output }), 100));
  });
  return { child, ended, output: () => output };
}

/** Runs a program to its end. @throws with what it wrote, when it fails. */
export async function must(
  argv: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string> {
  const { code, output } = await start(argv, options).ended;
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}:\n${output}`);
  return output.trim();
}

export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Processes that carry a workspace's mark, whoever their parent is by now. */
export async function processesOf(mark: string): Promise<readonly Process[]> {
  const found: Process[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const environment = await readProc(`/proc/${name}/environ`);
    if (!environment.split('\0').includes(`${MARK}=${mark}`)) continue;
    const command = (await readProc(`/proc/${name}/cmdline`)).split('\0').join(' ').trim();
    // A zombie has none; it is dead.
    if (command !== '') found.push({ pid: Number(name), command });
  }
  return found;
}

/** Ends every process of a workspace. */
export async function killAll(mark: string): Promise<void> {
  for (const { pid } of await processesOf(mark)) kill(pid, 'SIGKILL');
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Waits until something holds. @throws with what was waited for, after `limit` milliseconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function readProc(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // It ended meanwhile, or is not ours to read.
    return '';
  }
}

/** Not by `instanceof`: under Jest, errors of Node's own modules are of another realm. */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
