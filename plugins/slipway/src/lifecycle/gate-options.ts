import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../config/error';
import { gates, PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import { parseJsonc } from '../config/jsonc';
import type { GatesConfig } from '../config/schema';
import { closest } from '../config/suggest';
import { isDay } from '../config/waiver';
import { errorMessage } from '../io/error-message';
import type { Refusal } from '../ledger/outcome';

/** What a gate takes on the command line. */
export interface GateOptions {
  /** Name of a check to tell everything about. */
  readonly explain?: string;
  /** The day to judge for instead of today, YYYY-MM-DD in UTC. */
  readonly asOf?: string;
  /** File with what "gates" in `slipway.json` would hold, relative to the workspace. */
  readonly policy?: string;
}

/** The same, checked. With a day or a policy of its own it only says what would be: nothing is written. */
export interface GateWish {
  readonly explain: ProjectCheckId | null;
  readonly asOf?: string;
  readonly gates?: GatesConfig;
  /** For a sentence, e.g. `as of 2026-12-24`; null for the real judgement. */
  readonly whatIf: string | null;
}

/** Checks the options, all at once. */
export async function readGateOptions(
  root: string,
  options: GateOptions,
): Promise<GateWish | { readonly refusals: readonly Refusal[] }> {
  const { asOf, policy } = options;
  const explain = explained(options.explain);
  const judged = policy === undefined ? null : await readPolicy(root, String(policy));
  const day: Refusal | null =
    asOf === undefined || isDay(String(asOf))
      ? null
      : {
          id: 'asOf',
          reason: `--as-of takes a day such as 2026-12-24, not "${String(asOf)}"`,
          remedy: 'name a day of the calendar',
        };
  const refusals = [explain, judged, day].filter((one): one is Refusal => isRefusal(one));
  if (refusals.length > 0 || isRefusal(explain) || isRefusal(judged)) return { refusals };
  const whatIf = [
    ...(asOf === undefined ? [] : [`as of ${asOf}`]),
    ...(policy === undefined ? [] : [`by the policy in ${policy}`]),
  ];
  return {
    explain,
    ...(asOf === undefined ? {} : { asOf }),
    ...(judged === null ? {} : { gates: judged }),
    whatIf: whatIf.length === 0 ? null : whatIf.join(' and '),
  };
}

function explained(name: string | undefined): ProjectCheckId | null | Refusal {
  if (name === undefined) return null;
  const found = PROJECT_CHECKS.find((id) => id === name);
  if (found !== undefined) return found;
  const meant = closest(String(name), PROJECT_CHECKS);
  return {
    id: 'explain',
    reason: `there is no check "${String(name)}"`,
    remedy: `${meant === null ? '' : `did you mean --explain=${meant}? `}The checks are ${PROJECT_CHECKS.join(', ')}`,
  };
}

async function readPolicy(root: string, file: string): Promise<GatesConfig | Refusal> {
  let text: string;
  try {
    text = await readFile(resolve(root, file), 'utf8');
  } catch (error) {
    const reason = errorMessage(error);
    return {
      id: 'policy',
      reason: `the policy in ${file} can't be read: ${reason}`,
      remedy: 'name a file with what "gates" in slipway.json holds, relative to the workspace',
    };
  }
  try {
    return parseJsonc(gates, text, file).data;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { id: 'policy', reason: error.message.split('\n').join('; '), remedy: `correct ${file}` };
  }
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'remedy' in value;
}
