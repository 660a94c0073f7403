import type { Probe } from '../../config/schema';
import type { Driver } from '../../deploy/drivers/driver';
import { lastLines } from '../../deploy/sanitise';
import type { Attempt } from '../attempt';
import { impossible } from '../attempt';

export type LogProbe = Extract<Probe, { log: object }>;

/** Characters of a line that patterns are tried on: the rest of a huge one tells nothing new. */
const LINE_LIMIT = 4_000;

/**
 * Looks through what services wrote since the deployment.
 *
 * @param services that the environment runs; the probe may name others.
 * @param since for each service, when what it wrote begins to count.
 * @throws {EngineError} when the engine can't be asked.
 */
export async function tryLog(
  probe: LogProbe,
  driver: Pick<Driver, 'logs'>,
  services: readonly string[],
  since: (service: string) => Date,
  now: Date,
): Promise<Attempt> {
  const logs = await Promise.all(
    services.map(async (service) => ({ service, lines: await driver.logs(service, since(service)) })),
  );
  const from = new Date(Math.min(...services.map((service) => since(service).getTime())));
  return { ...judgeLogs(probe, logs), from, to: now };
}

/** Pure. */
export function judgeLogs(
  { log: { errors, allowed, max }, minSamples }: Pick<LogProbe, 'log' | 'minSamples'>,
  logs: readonly { readonly service: string; readonly lines: readonly string[] }[],
): Attempt {
  if (logs.length === 0) return impossible('no service whose log could be read', true);
  const [bad, fine] = [errors, allowed].map((patterns) => patterns.map((text) => new RegExp(text)));
  const matches = (patterns: readonly RegExp[] | undefined, line: string) =>
    patterns?.some((pattern) => pattern.test(line)) ?? false;
  const found = logs.flatMap(({ service, lines }) =>
    lines
      .map((line) => line.slice(0, LINE_LIMIT))
      .filter((line) => matches(bad, line) && !matches(fine, line))
      .map((line) => ({ service, line })),
  );
  const samples = logs.reduce((total, { lines }) => total + lines.length, 0);
  const rest = { value: found.length, limit: max, samples };
  const [first] = found;
  if (first !== undefined && found.length > max) {
    const count = found.length === 1 ? 'an error' : `${found.length} errors`;
    const [line = ''] = lastLines(first.line, 1, 120);
    return { result: 'failed', seen: `${count} in ${lineCount(samples)}, first of ${first.service}: ${line}`, ...rest };
  }
  const short = logs.filter(({ lines }) => lines.length < minSamples);
  if (short.length > 0) {
    const names = short.map(({ service, lines }) => `${service} (${lineCount(lines.length)})`).join(', ');
    return { ...impossible(`too little was logged since the deployment: ${names}`), ...rest };
  }
  const seen = found.length === 0 ? 'no error' : `${found.length} of at most ${max} errors`;
  return { result: 'passed', seen: `${seen} in ${lineCount(samples)}`, ...rest };
}

function lineCount(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
