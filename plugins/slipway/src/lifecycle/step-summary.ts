import { appendFile, stat } from 'node:fs/promises';
import { errorCode } from '../io/error-code';
import { errorMessage } from '../io/error-message';
import type { World } from '../io/world';
import { fitMarkdown, SUMMARY_LIMIT } from '../render';

/** Bytes kept free: gates that end at the same moment each see the file as it was before the others. */
const RESERVE = 64 * 1024;

/**
 * Adds Markdown to the summary of a job on GitHub, where there is one. What would make it larger than GitHub shows is cut. A summary
 * that can't be written is told, and nothing else: it decides nothing.
 */
export async function addToStepSummary({ env, log }: Pick<World, 'env' | 'log'>, markdown: string): Promise<void> {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  try {
    const fitted = fitMarkdown(`${markdown}\n`, SUMMARY_LIMIT - RESERVE - (await sizeOf(file)));
    if (fitted !== '') await appendFile(file, fitted);
  } catch (error) {
    log.warn(`The summary could not be added to ${file}: ${errorMessage(error)}`);
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
