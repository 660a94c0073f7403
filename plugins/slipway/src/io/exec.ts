import type { Readable } from 'node:stream';

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer | Readable;
  /** Added to the process's own environment. `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Called with each complete line as it arrives, for progress. */
  readonly onLine?: (line: string) => void;
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
}

/** The real {@link Run}, over execa. Loaded on first use: Nx infers targets without it. */
export function createRun(defaults: RunDefaults): Run {
  return async (argv, options = {}) => {
    const { execa } = await import('execa');
    const [file, ...args] = argv;
    const child = execa(file, args, {
      cwd: options.cwd ?? defaults.cwd,
      env: { ...defaults.env, ...options.env },
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(defaults.signal === undefined ? {} : { cancelSignal: defaults.signal }),
      forceKillAfterDelay: 2_000,
      reject: false,
      stripFinalNewline: false,
      maxBuffer: 256 * 1024 * 1024,
    });
    const follow = options.onLine ? followLines(child.iterable({ from: 'all' }), options.onLine) : undefined;
    const result = await child;
    await follow;
    if (result.isCanceled) throw new RunError('stopped', argv, `${file} was stopped`);
    if (result.timedOut) throw new RunError('timedOut', argv, `${file} took longer than ${options.timeout} ms`);
    if (result.exitCode === undefined) {
      const missing = result.cause instanceof Error && 'code' in result.cause && result.cause.code === 'ENOENT';
      throw new RunError(
        missing ? 'notFound' : 'crashed',
        argv,
        missing ? `${file} is not installed or not on the PATH` : `${file} ended by ${result.signal ?? 'an error'}: ${result.shortMessage ?? ''}`,
      );
    }
    return { exitCode: result.exitCode, stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? '') };
  };
}

async function followLines(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  for await (const line of lines) onLine(String(line));
}
