import { lastLines, sanitise } from '../../deploy/sanitise';
import { RunError, type Run } from '../../io/exec';
import type { Attempt } from '../attempt';

/** Exit codes by which shells and runners say that the command itself could not be run. */
const NOT_RUN = new Set([126, 127]);

/**
 * Runs a smoke command once in the workspace: exit 0 passes.
 *
 * @param argv with its variables resolved.
 * @param timeout milliseconds.
 * @throws {RunError} when the step is being stopped.
 */
export async function tryCommand(
  run: Run,
  argv: readonly string[],
  options: {
    readonly cwd: string;
    readonly timeout: number;
    readonly env: Readonly<Record<string, string>>;
    readonly secrets: readonly string[];
  },
): Promise<Attempt> {
  const [program, ...args] = argv;
  if (program === undefined) return { result: 'impossible', seen: 'the command is empty', final: true };
  const started = performance.now();
  try {
    const result = await run([program, ...args], { cwd: options.cwd, env: options.env, timeout: options.timeout });
    const took = `exit ${result.exitCode} in ${Math.max(1, Math.round(performance.now() - started))} ms`;
    if (result.exitCode === 0) return { result: 'passed', seen: took };
    const [last] = lastLines(sanitise(result.stderr.trim() === '' ? result.stdout : result.stderr, options.secrets), 1);
    const seen = last === undefined ? took : `${took}: ${last}`;
    return NOT_RUN.has(result.exitCode) ? { result: 'impossible', seen, final: true } : { result: 'failed', seen };
  } catch (error) {
    if (!(error instanceof RunError) || error.failure === 'stopped') throw error;
    if (error.failure === 'timedOut') return { result: 'failed', seen: `not finished after ${options.timeout} ms` };
    return {
      result: 'impossible',
      seen:
        error.failure === 'notFound' ? `${program} is not installed or not on the PATH` : `${program} could not be run`,
      final: true,
    };
  }
}
