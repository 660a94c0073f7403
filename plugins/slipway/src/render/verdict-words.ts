import type { CheckResult, Finding } from '../gates/check';
import { allows, type Verdict } from '../gates/verdict';
import { oneLine } from './neutralise';
import type { Style } from './style';

/** Symbol and word: the word alone says it all, so nothing rests on colour or font. */
export const VERDICTS: Readonly<
  Record<Verdict, { readonly symbol: string; readonly word: string; readonly style: Style }>
> = {
  pass: { symbol: '✔', word: 'pass', style: 'green' },
  fail: { symbol: '✖', word: 'fail', style: 'red' },
  waived: { symbol: '!', word: 'waived', style: 'yellow' },
  inconclusive: { symbol: '?', word: 'inconclusive', style: 'yellow' },
  notApplicable: { symbol: '–', word: 'not applicable', style: 'dim' },
};

const TOLD: readonly Verdict[] = ['fail', 'inconclusive', 'waived', 'pass'];
const COUNTED: Readonly<Record<Verdict, string>> = {
  fail: 'failed',
  inconclusive: 'inconclusive',
  waived: 'waived',
  pass: 'passed',
  notApplicable: 'not applicable',
};

/** `1 failed, 1 inconclusive, 2 passed`; what does not apply is left out. */
export function tally(checks: readonly CheckResult[]): string {
  return TOLD.flatMap((verdict) => {
    const count = checks.filter((check) => check.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${COUNTED[verdict]}`];
  }).join(', ');
}

/** The first check that keeps the project from its release: failures before what could not be judged. */
export function firstBlocking(checks: readonly CheckResult[]): CheckResult | null {
  const blocking = checks.filter(({ verdict }) => !allows(verdict));
  return blocking.find(({ verdict }) => verdict === 'fail') ?? blocking[0] ?? null;
}

/** `path:line`, as terminals and editors open it. */
export function placeOf({ file, line }: Finding): string | null {
  if (file === undefined) return null;
  return line === undefined ? oneLine(file) : `${oneLine(file)}:${line}`;
}

/** `waived by Ada until 2026-12-31: why`, or null. */
export function waiverText({ waived }: Finding): string | null {
  if (waived === undefined) return null;
  return `waived by ${oneLine(waived.approver)} until ${oneLine(waived.expiry)}: ${oneLine(waived.reason)}`;
}
