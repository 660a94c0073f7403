import { samples, type ReportSample } from '../../../reports/testing/samples';
import { judgeSample } from '../judge-sample';
import { jsonMutations } from './json-mutations';
import type { Mutation } from './mutation';
import { isWhole, stillFails } from './oracle';
import { createRandom, type Random } from './random';
import { textMutations } from './text-mutations';
import { xmlMutations } from './xml-mutations';

export const SEED = 20_261_122;

/** A changed report. */
export interface FuzzCase {
  readonly number: number;
  readonly sample: ReportSample;
  /** What was done to it, for people. */
  readonly how: string;
  readonly content: string | Uint8Array;
  readonly mustNotPass: boolean;
}

export interface FuzzOutcome {
  readonly number: number;
  readonly format: string;
  readonly how: string;
  /** The verdict, else why the report can't be relied on; `crash` for any other error. */
  readonly outcome: string;
  readonly wrongPass: boolean;
  /** Of a crash. */
  readonly error: string | null;
}

/** The case of a number, the same for the same seed, whatever ran before. */
export function makeCase(number: number, seed = SEED): FuzzCase {
  const random = createRandom(Math.imul(seed, 0x9e3779b1) + Math.imul(number + 1, 0x85ebca6b));
  const sample = samples[number % samples.length];
  if (sample === undefined) throw new RangeError('there are no samples');
  for (;;) {
    const made = random.pick(WAYS)(sample, random);
    if (made !== null && made.content !== sample.content) return { number, sample, ...made };
  }
}

export function runCase(one: FuzzCase, judge = judgeSample): FuzzOutcome {
  const { number, sample, how, content, mustNotPass } = one;
  const base = { number, format: sample.format, how };
  try {
    const { verdict, problem } = judge(sample, content);
    const wrongPass = mustNotPass && verdict !== 'fail' && verdict !== 'inconclusive';
    return { ...base, outcome: problem ?? verdict, wrongPass, error: null };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...base, outcome: 'crash', wrongPass: false, error: text };
  }
}

type Made = Pick<FuzzCase, 'how' | 'content' | 'mustNotPass'> | null;

/** Breaks off, anywhere. */
function cutOff(sample: ReportSample, random: Random): Made {
  const cut = random.between(0, sample.content.length - 1);
  return { how: 'cut off', content: sample.content.slice(0, cut), mustNotPass: !isWhole(sample, cut) };
}

/** Claims another number than the rest bears out. */
function falseClaim({ content, claims = [] }: ReportSample, random: Random): Made {
  if (claims.length === 0) return null;
  const piece = random.pick(claims);
  const changed = piece.replace(/\d+(?!.*\d)/s, (digits) => String(other(Number(digits), random)));
  return { how: 'a false claim', content: content.replace(piece, () => changed), mustNotPass: true };
}

function other(number: number, random: Random): number {
  return random.pick([number + 1, number + 7, number * 10 + 1, ...(number > 0 ? [number - 1] : [])]);
}

/** Without something that is counted. */
function missingPart({ content, parts = [] }: ReportSample, random: Random): Made {
  if (parts.length === 0) return null;
  return { how: 'a counted part missing', content: content.replace(random.pick(parts), ''), mustNotPass: true };
}

/** One to three changes of any kind, one after the other. */
function changed(sample: ReportSample, random: Random): Made {
  const fitting = [
    ...textMutations,
    ...(/^\s*</.test(sample.content) ? [...xmlMutations, ...xmlMutations] : jsonMutations),
  ];
  let text = sample.content;
  const how: string[] = [];
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left -= 1) {
    const mutation: Mutation = random.pick(fitting);
    const next = text.length === 0 ? null : mutation.change(text, random);
    if (next === null) continue;
    text = next;
    how.push(mutation.name);
  }
  return how.length === 0
    ? null
    : { how: how.join(', '), content: text, mustNotPass: stillFails(text, sample, samples) };
}

/** The beginning of one report and the end of another. */
function spliced(sample: ReportSample, random: Random): Made {
  const kin = samples.filter(({ check, format }) => check === sample.check && format === sample.format);
  const other = random.pick(random.chance(0.8) ? kin : samples);
  const text =
    sample.content.slice(0, random.between(1, sample.content.length)) +
    other.content.slice(random.between(0, other.content.length - 1));
  return { how: 'spliced', content: text, mustNotPass: stillFails(text, sample, samples) };
}

/** As bytes: another encoding, a byte that is no text, a mark at the beginning. */
function asBytes(sample: ReportSample, random: Random): Made {
  const bytes = Buffer.from(sample.content);
  const mustNotPass = sample.verdict === 'fail';
  const way = random.between(0, 3);
  if (way === 0) return { how: 'UTF-16', content: Buffer.from(`\ufeff${sample.content}`, 'utf16le'), mustNotPass };
  if (way === 1) return { how: 'a byte order mark', content: Buffer.from(`\ufeff${sample.content}`), mustNotPass };
  const at = random.between(0, bytes.length - 1);
  if (way === 2) {
    const content = Buffer.concat([bytes.subarray(0, at), Buffer.from([random.between(128, 255)]), bytes.subarray(at)]);
    return { how: 'a byte that is no text', content, mustNotPass: true };
  }
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
  return { how: 'a bit flipped', content: bytes, mustNotPass: stillFails(bytes.toString(), sample, samples) };
}

const WAYS = [cutOff, falseClaim, missingPart, changed, changed, changed, changed, changed, spliced, asBytes];
