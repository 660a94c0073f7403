import { z } from 'zod';
import { isRecord, type ReportInput } from './input';
import { parseShape } from './json';
import { ReportError, type Origin } from './report';

/** Key at the top of any JSON report that is an object, in which whoever produced it says when and by what. */
const OWN = 'slipway';

const instant = z.iso.datetime({
  offset: true,
  error: 'not a date and time with a zone, such as 2026-11-22T09:30:00Z',
});
const word = z.string().min(1).max(200);
const shape = z.strictObject({
  measuredAt: instant,
  validUntil: instant.nullish(),
  tool: word.nullish(),
  toolVersion: word.nullish(),
  database: word.nullish(),
});

/** What a producer writes under {@link OWN}. */
export type OwnOrigin = z.input<typeof shape>;

export interface SplitInput {
  /** Without the producer's own part, so that no reader stumbles over it. */
  readonly input: ReportInput;
  /** What stood there, unchecked. */
  readonly own: unknown;
}

/** Takes the producer's own part out of a JSON report; `own` is undefined where there is none. */
export function splitOwnOrigin(input: ReportInput): SplitInput {
  if (input.syntax !== 'json' || !isRecord(input.value) || !Object.hasOwn(input.value, OWN)) {
    return { input, own: undefined };
  }
  const { [OWN]: own, ...value } = input.value;
  return { input: { ...input, value }, own };
}

/**
 * The producer's own word, with what the format itself says where it is silent.
 * @throws {ReportError} when it is there and malformed: freshness is judged by it.
 */
export function readOwnOrigin(own: unknown, format: Origin | undefined): Origin {
  const parsed = parseShape(shape, own, `what "${OWN}" holds in a report`);
  const measuredAt = toUtc(parsed.measuredAt);
  const validUntil = parsed.validUntil == null ? null : toUtc(parsed.validUntil);
  if (validUntil !== null && validUntil < measuredAt) {
    throw new ReportError('contradictory', `is valid until ${validUntil}, before it was measured at ${measuredAt}`);
  }
  return {
    measuredAt,
    validUntil: validUntil ?? format?.validUntil ?? null,
    tool: parsed.tool ?? format?.tool ?? null,
    toolVersion: parsed.toolVersion ?? format?.toolVersion ?? null,
    database: parsed.database ?? format?.database ?? null,
  };
}

/** A format's own origin; what it leaves out is null. Moments that can't be read as one count as left out. */
export function originOf(parts: { readonly [K in keyof Origin]?: string | null | undefined }): Origin {
  return {
    measuredAt: moment(parts.measuredAt),
    validUntil: moment(parts.validUntil),
    tool: brief(parts.tool),
    toolVersion: brief(parts.toolVersion),
    database: brief(parts.database),
  };
}

/** Without a zone it could be any of 24 hours, so that says nothing. */
function moment(text: string | null | undefined): string | null {
  return typeof text === 'string' && instant.safeParse(text.trim()).success ? toUtc(text.trim()) : null;
}

function brief(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed.slice(0, 200);
}

/** Also of nanoseconds, as Go writes them. */
function toUtc(text: string): string {
  return new Date(text).toISOString();
}
