import { RunError, type RunResult } from '../../io/exec';
import { lastLines, sanitise } from '../sanitise';
import { showDuration } from '../duration';
import { DatabaseError } from './database';

/** What a program in a container is for, as errors tell it. */
export interface Purpose {
  /** E.g. `read the migrations of staging`. */
  readonly what: string;
  readonly remedy: string;
  /** Whether the program changes anything. */
  readonly changes: boolean;
  /** Values that never appear in a message. */
  readonly secrets: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Standard output of a program that has to succeed.
 * @throws {DatabaseError} with its last words; {RunError} when the step is being stopped.
 */
export async function succeed(run: () => Promise<RunResult>, purpose: Purpose): Promise<string> {
  const { what, remedy, changes, secrets, timeout } = purpose;
  let result: RunResult;
  try {
    result = await run();
  } catch (error) {
    if (!(error instanceof RunError) || error.failure === 'stopped') throw error;
    const why = error.failure === 'timedOut' ? `it took longer than ${showDuration(timeout)}` : error.message;
    throw new DatabaseError(`could not ${what}: ${why}`, remedy, changes);
  }
  if (result.exitCode === 0) return result.stdout;
  const said = lastWords(result.stderr, secrets) || lastWords(result.stdout, secrets);
  const why = said === '' ? `exit ${result.exitCode}` : `${said} (exit ${result.exitCode})`;
  throw new DatabaseError(`could not ${what}: ${why}`, remedy, changes);
}

/** The last line that a program said, without secrets; empty where it said nothing. */
export function lastWords(text: string, secrets: readonly string[]): string {
  return lastLines(sanitise(text, secrets), 1)[0] ?? '';
}
