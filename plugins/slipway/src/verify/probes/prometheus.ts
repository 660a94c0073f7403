import type { Probe } from '../../config/schema';
import { milliseconds, showDuration } from '../../deploy/duration';
import type { Attempt } from '../attempt';
import { impossible } from '../attempt';
import { judgeValues, number, type Baseline } from '../bounds';
import { aggregate } from '../prometheus/aggregate';
import type { PromAnswer } from '../prometheus/answer';
import { askPrometheus, type PromServer } from '../prometheus/client';

export type PrometheusProbe = Extract<Probe, { prometheus: object }>;

/**
 * Asks the query once and judges what it gives. Nothing, no number, several series, too few samples and errors are unknown.
 *
 * @param now end of a range, moment of an instant query.
 * @param baseline asked for only where the probe compares; one that could not be asked is unknown, and not the same as none.
 * @throws when the step is being stopped.
 */
export async function tryPrometheus(
  probe: PrometheusProbe,
  server: PromServer,
  now: Date,
  baseline: () => Promise<Baseline | Unanswered>,
): Promise<Attempt> {
  const { range, samples: counter } = probe.prometheus;
  const [answer, counted] = await Promise.all([
    askValues(probe, server, now),
    counter === undefined ? null : askPrometheus(server, counter, now),
  ]);
  if (answer.kind === 'problem') return impossible(answer.seen, answer.final);
  if (counted?.kind === 'problem') return impossible(`samples: ${counted.seen}`, counted.final);
  const samples = counted === null ? (range === undefined ? undefined : answer.points.length) : counted.points[0];
  const window = windowOf(probe, now);
  const rest = { ...window, ...(samples === undefined ? {} : { samples }) };
  if (samples !== undefined && samples < probe.minSamples) {
    return { ...impossible(`only ${number(samples)} samples, fewer than ${probe.minSamples}`), ...rest };
  }
  const values = range?.aggregate === undefined ? answer.points : [aggregate(answer.points, range.aggregate)];
  const before = probe.compare === undefined ? null : await baseline();
  if (before !== null && 'problem' in before)
    return { ...impossible(`what it is compared with is unknown: ${before.problem}`), ...rest };
  const judged = judgeValues(values, probe, before);
  return { ...judged, ...rest, seen: [judged.seen, ...detailsOf(probe, samples, answer.note)].join('; ') };
}

/** Why the server did not say what there was; asking again may help. */
export interface Unanswered {
  readonly problem: string;
}

/** What the query gave at an earlier moment: one value, or null where there is none. */
export async function valueAt(
  probe: PrometheusProbe,
  server: PromServer,
  moment: Date,
): Promise<number | null | Unanswered> {
  const answer = await askValues(probe, server, moment);
  if (answer.kind === 'problem') return answer.final || answer.nothing === true ? null : { problem: answer.seen };
  // A comparison looks at the highest value of a window, of both windows.
  return aggregate(answer.points, probe.prometheus.range?.aggregate ?? 'max');
}

function askValues(probe: PrometheusProbe, server: PromServer, now: Date): Promise<PromAnswer> {
  const { query, range } = probe.prometheus;
  if (range === undefined) return askPrometheus(server, query, now);
  const from = new Date(now.getTime() - milliseconds(range.window));
  return askPrometheus(server, query, { from, to: now, step: milliseconds(range.step) });
}

function windowOf({ prometheus: { range } }: PrometheusProbe, now: Date): Pick<Attempt, 'from' | 'to'> {
  return range === undefined ? {} : { from: new Date(now.getTime() - milliseconds(range.window)), to: now };
}

function detailsOf(
  { prometheus: { range, samples: counter } }: PrometheusProbe,
  samples: number | undefined,
  note: string | null,
): string[] {
  const counted = samples === undefined ? [] : [`${number(samples)} ${counter === undefined ? 'points' : 'samples'}`];
  const span =
    range === undefined ? [] : [`${range.aggregate ?? 'each point'} of ${showDuration(milliseconds(range.window))}`];
  return [...counted, ...span, ...(note === null ? [] : [note])];
}
