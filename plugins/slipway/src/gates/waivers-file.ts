import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createScanner } from 'jsonc-parser';
import { ConfigError } from '../config/error';
import { parseJsonc } from '../config/jsonc';
import type { SlipwayConfig } from '../config/schema';
import { waivers, waiversObject } from '../config/waiver';
import { errorCode } from '../io/error-code';
import { errorMessage } from '../io/error-message';
import type { WaiverSet } from './waivers';

/** Where waivers are looked for when the configuration names no file: there need not be one. */
const WAIVERS_FILE = 'waivers.json';

/**
 * The waivers that the configuration names or holds. A file that can't be read or is malformed is a problem, which makes what
 * it could have been about inconclusive; it is never taken for one without waivers.
 * @param root absolute path of the workspace
 */
export async function readWaivers(root: string, configured: SlipwayConfig['waivers']): Promise<WaiverSet> {
  if (typeof configured !== 'string') return { waivers: configured };
  let text: string;
  try {
    text = await readFile(join(root, configured), 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return { problem: `${configured} can't be read: ${errorMessage(error)}` };
    if (configured === WAIVERS_FILE) return { waivers: [] };
    return { problem: `${configured} is not there, although "waivers" in slipway.json names it` };
  }
  return parseWaivers(text, configured);
}

/** An array of waivers, or an object that holds it under `waivers`; JSON with comments and trailing commas. */
export function parseWaivers(text: string, file: string): WaiverSet {
  try {
    // One schema at a time, so that a mistake is told for the form that was meant.
    if (firstCharacter(text) === '[') return { waivers: parseJsonc(waivers, text, file).data };
    return parseJsonc(waiversObject, text, file).data;
  } catch (error) {
    if (error instanceof ConfigError) return { problem: error.message.split('\n').join('; ') };
    throw error;
  }
}

/** Past comments. */
function firstCharacter(text: string): string | undefined {
  const scanner = createScanner(text, true);
  scanner.scan();
  return text[scanner.getTokenOffset()];
}
