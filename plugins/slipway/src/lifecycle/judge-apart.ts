import { join } from 'node:path';
import type { ProjectVerdict } from '../gates';
import { judgeFromDisk, type JudgeRequest } from '../gates/judge-from-disk';
import { RunError, type Run } from '../io/exec';

/** Bytes of reports that are judged in this process. What is larger could take it down, and with it every other project. */
const MAX_BYTES_HERE = 4 * 1024 * 1024;
const MEMORY_MEGABYTES = 1024;
const TIMEOUT_SECONDS = 120;

/** A project that could not be judged by itself; the others can. */
export class JudgeError extends Error {
  override readonly name = 'JudgeError';
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

export interface ApartOptions {
  /** Arguments of Node that run the child. Default: the compiled one. */
  readonly child?: readonly string[];
  readonly maxBytesHere?: number;
  readonly timeoutSeconds?: number;
}

/**
 * Judges a project so that it can't harm others that are judged by this process: large reports in a child with a limit of memory
 * and time.
 * @throws {JudgeError} where the child ran into a limit, or died.
 */
export async function judgeApart(
  run: Run,
  request: JudgeRequest,
  {
    child = [join(__dirname, '..', 'gates', 'judge-child.js')],
    maxBytesHere = MAX_BYTES_HERE,
    timeoutSeconds = TIMEOUT_SECONDS,
  }: ApartOptions = {},
): Promise<ProjectVerdict> {
  const here = await judgeFromDisk(request, maxBytesHere);
  if (here !== null) return here.verdict;
  const remedy = `look at the reports in ${request.project.root}`;
  try {
    const { exitCode, stdout, stderr } = await run(
      [process.execPath, `--max-old-space-size=${MEMORY_MEGABYTES}`, ...child],
      { input: JSON.stringify(request), timeout: timeoutSeconds * 1_000 },
    );
    if (exitCode === 0) return JSON.parse(stdout) as ProjectVerdict;
    const why = /heap out of memory/i.test(stderr)
      ? `needs more than ${MEMORY_MEGABYTES} MB of memory`
      : `failed: ${stderr.trim().split('\n')[0] ?? `exit code ${exitCode}`}`;
    throw new JudgeError(`${request.project.name} could not be judged: reading its reports ${why}`, remedy);
  } catch (error) {
    if (!(error instanceof RunError) || error.failure === 'stopped') throw error;
    const why = error.failure === 'timedOut' ? `takes longer than ${timeoutSeconds} s` : error.message;
    throw new JudgeError(`${request.project.name} could not be judged: reading its reports ${why}`, remedy);
  }
}
