import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { errorCode } from './error-code';

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer | Readable;
  /** Added to the process's own environment. `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Called with each complete line as it arrives, for progress. Lines are never torn; those of stderr and stdout mix as they come. */
  readonly onLine?: (line: string) => void;
  /**
   * Takes standard output as it comes, for what is too large to keep: the result's `stdout` is empty then. Chunks end
   * anywhere, also within a character. Returning false says that the rest is not wanted: the program is ended, and the
   * result's exit code is 0.
   */
  readonly onData?: (chunk: Buffer) => boolean | void;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program by its argv, never through a shell. A non-zero exit is a result, not an error.
 * @throws {RunError} when the program can't be started, runs out of time, or is stopped with the step it serves.
 */
export type Run = (argv: readonly [string, ...string[]], options?: RunOptions) => Promise<RunResult>;

export type RunFailure = 'notFound' | 'timedOut' | 'stopped' | 'crashed';

export class RunError extends Error {
  override readonly name = 'RunError';
  constructor(
    readonly failure: RunFailure,
    readonly argv: readonly string[],
    message: string,
  ) {
    super(message);
  }
}

export interface RunDefaults {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Aborted when the step is being stopped: running children are ended, first SIGTERM, SIGKILL 2 s later. */
  readonly signal?: AbortSignal;
  /** Children go on when this process ends, for work that is safer finished than cut: a ledger's push. Default: they are killed with it. */
  readonly outlive?: boolean;
}

/** Milliseconds between asking a child to end and ending it. */
const KILL_DELAY = 2_000;
/** Milliseconds that a child's output may stay open (held by a process that left its group) after it was killed. */
const OUTPUT_DELAY = 250;
/** Milliseconds that our own stop signal may arrive after a child died of its copy (`nx` signals the whole process tree). */
const STOP_LAG = 200;
/** Characters per stream. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * The real {@link Run}, over execa. Loaded on first use: Nx infers targets without it.
 *
 * Each child leads a process group of its own (not on Windows). So a terminal's Ctrl-C reaches us alone, and we decide what
 * ends when; and a time-out or a stop ends the child's own children too, which would hold its output open for ever otherwise.
 */
export function createRun(defaults: RunDefaults): Run {
  const family = createFamily(defaults.outlive ?? false);
  return async (argv, options = {}) => {
    const { signal } = defaults;
    const [file, ...args] = argv;
    const cwd = options.cwd ?? defaults.cwd;
    const { execa } = await import('execa');
    if (signal?.aborted) throw new RunError('stopped', argv, `${file} was not started: this step is being stopped`);
    const child = execa(file, args, {
      cwd,
      env: { ...defaults.env, ...options.env },
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      detached: process.platform !== 'win32',
      cleanup: false,
      reject: false,
      stripFinalNewline: false,
      buffer: { stdout: options.onData === undefined, stderr: true },
      maxBuffer: MAX_OUTPUT,
    });
    let ended: Ended | null = null;
    const timers: NodeJS.Timeout[] = [];
    const end = (why: Ended) => {
      if (ended !== null) return;
      ended = why;
      killGroup(child.pid, 'SIGTERM');
      timers.push(
        setTimeout(() => killGroup(child.pid, 'SIGKILL'), KILL_DELAY),
        setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, KILL_DELAY + OUTPUT_DELAY),
      );
    };
    const flush = options.onLine
      ? [followLines(child.stdout, options.onLine), followLines(child.stderr, options.onLine)]
      : [];
    if (options.onData) flush.push(followData(child.stdout, options.onData, () => end('enough')));
    const onAbort = () => end('stopped');
    signal?.addEventListener('abort', onAbort, { once: true });
    if (options.timeout !== undefined) timers.push(setTimeout(() => end('timedOut'), options.timeout));
    family.add(child.pid);
    try {
      const result = await child;
      for (const finish of flush) finish();
      const { exitCode, stdout = '', stderr } = result;
      if (exitCode === 0) return { exitCode, stdout, stderr };
      const reason = endedBecause();
      if (reason === 'enough') return { exitCode: 0, stdout, stderr };
      if (reason === 'timedOut') throw new RunError('timedOut', argv, `${file} took longer than ${options.timeout} ms`);
      if (reason === 'stopped' || (await stoppedSoon(result, signal)))
        throw new RunError('stopped', argv, `${file} was stopped`);
      if (result.isMaxBuffer) throw new RunError('crashed', argv, `${file} printed more than ${MAX_OUTPUT} characters`);
      if (exitCode === undefined) throw startFailure(argv, cwd, result);
      return { exitCode, stdout, stderr };
    } finally {
      family.delete(child.pid);
      signal?.removeEventListener('abort', onAbort);
      for (const timer of timers) clearTimeout(timer);
    }

    // A function, so that the compiler doesn't think it still null: `end` is called from outside.
    function endedBecause(): Ended | null {
      return ended;
    }
  };
}

/** Why we ended a child: it ran out of time, the step was stopped, or its listener has all it wants. */
type Ended = 'timedOut' | 'stopped' | 'enough';

interface Ending {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly cause?: unknown;
  readonly shortMessage?: string;
}

function startFailure(argv: readonly [string, ...string[]], cwd: string, ending: Ending): RunError {
  const [file] = argv;
  const code = errorCode(ending.cause);
  if (!existsSync(cwd))
    return new RunError('crashed', argv, `${file} was not started: the folder ${cwd} does not exist`);
  if (code === 'ENOENT') return new RunError('notFound', argv, `${file} is not installed or not on the PATH`);
  if (code === 'EACCES') return new RunError('notFound', argv, `${file} may not be executed (permission denied)`);
  return new RunError(
    'crashed',
    argv,
    `${file} ended by ${ending.signal ?? `an error: ${ending.shortMessage ?? 'unknown'}`}`,
  );
}

/** Whether a child that died as if by a signal died of the one that is about to stop us. */
async function stoppedSoon(ending: Ending, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal === undefined) return false;
  if (signal.aborted) return true;
  const bySignal = ending.signal !== undefined || [129, 130, 137, 143].includes(ending.exitCode ?? 0);
  if (!bySignal) return false;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, STOP_LAG);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
  return signal.aborted;
}

/** Calls back with each complete line; the returned function hands over an unfinished last line. */
function followLines(stream: Readable, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let failure: { readonly error: unknown } | null = null;
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    try {
      if (failure === null) for (const line of lines) onLine(line.replace(/\r$/, ''));
    } catch (error) {
      // Thrown from a stream's listener it would end the whole process: kept for whoever awaits the run.
      failure = { error };
    }
  };
  stream.on('data', (chunk: Buffer | string) => take(typeof chunk === 'string' ? chunk : decoder.write(chunk)));
  return () => {
    take(decoder.end());
    if (rest !== '') take('\n');
    if (failure !== null) throw failure.error;
  };
}

/** Hands over chunks until the listener has enough; the returned function passes on what the listener threw. */
function followData(stream: Readable, onData: (chunk: Buffer) => boolean | void, enough: () => void): () => void {
  let done = false;
  let failure: { readonly error: unknown } | null = null;
  stream.on('data', (chunk: Buffer | string) => {
    if (done) return;
    try {
      done = onData(typeof chunk === 'string' ? Buffer.from(chunk) : chunk) === false;
    } catch (error) {
      failure = { error };
      done = true;
    }
    if (done) enough();
  });
  return () => {
    if (failure !== null) throw failure.error;
  };
}

/** The children that run now; killed when this process exits, unless they may outlive it. */
function createFamily(outlive: boolean) {
  const members = new Set<number>();
  const killAll = () => {
    for (const pid of members) killGroup(pid, 'SIGKILL');
  };
  return {
    add(pid: number | undefined): void {
      if (pid === undefined || outlive) return;
      if (members.size === 0) process.on('exit', killAll);
      members.add(pid);
    },
    delete(pid: number | undefined): void {
      if (pid === undefined || !members.delete(pid)) return;
      if (members.size === 0) process.removeListener('exit', killAll);
    },
  };
}

function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    // Gone already, which is what was wanted.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
