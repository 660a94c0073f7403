import type autocannon from 'autocannon';
import { milliseconds } from '../../deploy/duration';
import type { SlipwayConfig } from '../../config/schema';
import type { World } from '../../io/world';
import type { AutocannonHistogram } from '../../reports/autocannon';
import { LatencyHistogram } from './latency-histogram';
import { followRequests } from './open-request';

export type LoadConfig = NonNullable<SlipwayConfig['projects'][string]['load']>;
export type LoadScenarioConfig = LoadConfig['scenarios'][number];

export type Autocannon = typeof autocannon;

/** One of autocannon's results, with what it leaves out. */
export interface ScenarioResult {
  readonly result: Record<string, unknown>;
  readonly requests: number;
  readonly failed: number;
  readonly timeouts: number;
  /** Milliseconds; null where failed requests leave none. */
  readonly p95: number | null;
}

const PERCENTILES = [50, 75, 90, 99];
/** A request that is open at the end has timed out if it waited for so long after the slowest answer's time. */
const OVERDUE = 1_000;
/** Milliseconds between autocannon's looks at whether it is to stop. */
const SAMPLE = 100;

/**
 * Sends one kind of request over all connections, first to warm up, which is not measured, then for the measured time.
 * @throws {StoppedError} when the step is being stopped
 */
export async function runScenario(
  world: Pick<World, 'stop'>,
  send: Autocannon,
  url: string,
  config: LoadConfig,
  scenario: LoadScenarioConfig,
): Promise<ScenarioResult> {
  const warmup = milliseconds(config.warmup);
  if (warmup > 0) await measure(world, send, url, config, scenario, warmup);
  return measure(world, send, url, config, scenario, milliseconds(config.duration));
}

async function measure(
  world: Pick<World, 'stop'>,
  send: Autocannon,
  url: string,
  config: LoadConfig,
  scenario: LoadScenarioConfig,
  duration: number,
): Promise<ScenarioResult> {
  world.stop.check();
  const histogram = new LatencyHistogram();
  const counts = { ok: 0, other: 0, timeouts: 0, broken: 0, slowest: 0 };
  const open: (() => number | null)[] = [];
  const setupClient = (client: autocannon.Client): void => {
    open.push(
      followRequests(client as never, () => performance.now(), {
        answered: (status, time) => {
          counts.slowest = Math.max(counts.slowest, time);
          if (status >= 200 && status < 300) {
            counts.ok += 1;
            histogram.record(time);
          } else counts.other += 1;
        },
        timedOut: () => (counts.timeouts += 1),
        broken: () => (counts.broken += 1),
      }),
    );
  };
  const result = await run(world, send, {
    url,
    title: scenario.name,
    method: scenario.method,
    headers: scenario.headers,
    ...(scenario.body === undefined ? {} : { body: scenario.body }),
    connections: config.connections,
    duration: duration / 1_000,
    timeout: Math.max(1, milliseconds(config.timeout) / 1_000),
    sampleInt: SAMPLE,
    setupClient,
  });
  world.stop.check();
  const waiting = open.map((age) => age()).filter((age) => age !== null);
  counts.timeouts += waiting.filter((age) => age > counts.slowest + OVERDUE).length;
  const errors = counts.timeouts + counts.broken;
  histogram.recordFailures(counts.other + errors);
  const p95 = histogram.percentile(95);
  const slipwayHistogram: AutocannonHistogram = {
    samples: histogram.samples,
    p95,
    percentiles: Object.fromEntries(
      PERCENTILES.flatMap((percent) => {
        const value = histogram.percentile(percent);
        return value === null ? [] : [[String(percent), value]];
      }),
    ),
  };
  return {
    result: {
      ...result,
      // Counted at each connection: autocannon leaves out what was closed without an answer, or still open at the end.
      errors,
      timeouts: counts.timeouts,
      '2xx': counts.ok,
      non2xx: counts.other,
      requests: { ...result.requests, total: counts.ok + counts.other, sent: histogram.samples },
      slipwayHistogram,
    },
    requests: histogram.samples,
    failed: counts.other + counts.broken,
    timeouts: counts.timeouts,
    p95,
  };
}

function run(world: Pick<World, 'stop'>, send: Autocannon, options: autocannon.Options): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    const { signal } = world.stop;
    const instance = send(options, (error: Error | null, result) => {
      signal.removeEventListener('abort', stop);
      if (error) reject(error);
      else resolve(result);
    });
    function stop(): void {
      instance.stop();
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}
