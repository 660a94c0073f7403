import { z } from 'zod';
import { jsonOrNull } from '../../io/json-or-null';

/** What a server said: the points of one series (one point for an instant query), or why there is nothing to judge. */
export type PromAnswer =
  | { readonly kind: 'points'; readonly points: readonly number[]; readonly note: string | null }
  | {
      readonly kind: 'problem';
      readonly seen: string;
      /** Asking again can't change it: the query itself is wrong. */
      readonly final: boolean;
      /** The server answered, and there was nothing to measure then, in contrast to one that did not say. */
      readonly nothing?: boolean;
    };

/** `[<unix time>, "<value>"]`; values are texts because JSON knows no NaN. */
const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const success = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(z.object({ metric: labels, value: point.optional() })),
    }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric: labels, values: z.array(point).optional() })),
    }),
    z.object({ resultType: z.literal('scalar'), result: point }),
    z.object({ resultType: z.literal('string'), result: point }),
  ]),
  warnings: z.array(z.string()).optional(),
});
const failure = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });

/** Errors of a query that no other moment mends. */
const FINAL_ERRORS = new Set(['bad_data', 'not_found']);
/** Who asks is not let in: neither is it next time. */
const FINAL_STATUS = new Set([401, 403, 404]);

/**
 * Reads an answer of Prometheus' HTTP API (`/api/v1/query`, `/api/v1/query_range`). Nothing, several series, no number and errors are
 * problems, never values. Pure.
 *
 * @param ranged whether a range was asked for.
 */
export function readAnswer(status: number, body: string, ranged: boolean): PromAnswer {
  // A proxy's page of HTML, or half an answer, is none.
  const document = jsonOrNull(body);
  const failed = failure.safeParse(document);
  if (failed.success) {
    const { errorType, error } = failed.data;
    return problem(`${errorType}: ${firstLine(error)}`, FINAL_ERRORS.has(errorType));
  }
  if (status !== 200) return problem(`HTTP ${status}`, FINAL_STATUS.has(status));
  const parsed = success.safeParse(document);
  if (!parsed.success) return problem('the answer is not one of Prometheus', false);
  const { data, warnings = [] } = parsed.data;
  const note = warnings[0] === undefined ? null : `with a warning: ${firstLine(warnings[0])}`;
  switch (data.resultType) {
    case 'string':
      return problem('the query gives a text', true);
    case 'scalar':
      return numbers([data.result[1]], note);
    case 'vector': {
      if (data.result.length !== 1) return severalOrNone(data.result.length);
      const value = data.result[0]?.value;
      return value === undefined ? problem('the query gives a histogram', true) : numbers([value[1]], note);
    }
    case 'matrix': {
      if (!ranged) return problem('the query gives a range of values; aggregate it, e.g. with avg_over_time()', true);
      if (data.result.length !== 1) return severalOrNone(data.result.length);
      const values = data.result[0]?.values;
      return values === undefined
        ? problem('the query gives a histogram', true)
        : numbers(
            values.map(([, text]) => text),
            note,
          );
    }
  }
}

function severalOrNone(count: number): PromAnswer {
  return count === 0 ? nothing('no data') : problem(`${count} series instead of one`, true);
}

function numbers(texts: readonly string[], note: string | null): PromAnswer {
  if (texts.length === 0) return nothing('no data');
  const points = texts.map(Number);
  const odd = texts.find((_, index) => !Number.isFinite(points[index]));
  return odd === undefined ? { kind: 'points', points, note } : nothing(`${odd.slice(0, 20)} is no number`);
}

function problem(seen: string, final: boolean): PromAnswer {
  return { kind: 'problem', seen, final };
}

function nothing(seen: string): PromAnswer {
  return { kind: 'problem', seen, final: false, nothing: true };
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
