import { isRecord } from '../../config/is-record';
import { RunError, type RunOptions, type RunResult } from '../../io/exec';
import { jsonOrNull } from '../../io/json-or-null';
import type { World } from '../../io/world';
import { ProducerError } from '../producer-error';

/**
 * Runs a tool whose exit code does not tell whether it worked: 1 is both something found and something failed.
 * @param install how to get it
 * @throws {ProducerError} where it is not installed, or gives no answer in time.
 */
export async function runTool(
  { run }: Pick<World, 'run'>,
  argv: readonly [string, ...string[]],
  options: RunOptions,
  install: string,
): Promise<RunResult> {
  try {
    return await run(argv, options);
  } catch (error) {
    if (!(error instanceof RunError) || error.failure === 'stopped') throw error;
    if (error.failure === 'timedOut')
      throw new ProducerError(
        `no answer in time: ${error.message}`,
        'run it again, or give it longer: "audit": { "timeout": "5m" } in slipway.json',
      );
    throw new ProducerError(
      error.message,
      error.failure === 'notFound' ? install : `see for yourself: ${argv.join(' ')}`,
    );
  }
}

/**
 * The JSON object that a tool printed.
 * @throws {ProducerError} with the tool's own last words.
 */
export function parseAnswer(result: RunResult, argv: readonly [string, ...string[]]): Record<string, unknown> {
  const value = jsonOrNull(result.stdout);
  if (isRecord(value)) return value;
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  throw new ProducerError(
    `${argv[0]} gave no report (exit ${result.exitCode})${said === '' ? '' : `: ${said}`}`,
    `see for yourself: ${argv.join(' ')}`,
  );
}
