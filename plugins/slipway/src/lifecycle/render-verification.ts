import { oneLine, painter, renderTable, type RenderOptions } from '../render';
import type { EventOf, Health, Measurement } from '../ledger/events';

const COLORS = { healthy: 'green', unhealthy: 'red', unknown: 'yellow' } as const satisfies Record<Health, string>;

/** What was measured, as a table for a terminal. */
export function renderVerification(
  { version, measurements }: Pick<EventOf<'verify.outcome'>, 'version' | 'measurements'>,
  options: RenderOptions,
): string[] {
  if (measurements.length === 0) return [];
  const paint = painter(options);
  const columns = [
    { title: `Probe (${oneLine(version)})`, shrink: false },
    { title: 'Verdict', shrink: false },
    { title: 'Seen' },
    { title: 'Value', shrink: false },
    { title: 'Limit', shrink: false },
    { title: 'Samples', shrink: false },
    { title: 'Failed', shrink: false },
    { title: 'Window', shrink: false },
  ];
  const rows = measurements.map((one) => [
    oneLine(one.probe),
    paint(COLORS[one.health], one.health),
    oneLine(one.seen),
    figure(one.value),
    figure(one.limit),
    figure(one.samples),
    `${one.failures ?? (one.health === 'unhealthy' ? one.attempts : 0)} of ${one.attempts}`,
    windowOf(one),
  ]);
  return renderTable(columns, rows, { width: 120, ...options });
}

function figure(value: number | null | undefined): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : '-';
}

/** `14:03:10–14:08:10`, UTC. */
function windowOf({ from, to }: Measurement): string {
  if (from === undefined || to === undefined) return '-';
  const [start, end] = [from, to].map((moment) => moment.slice(11, 19));
  return from.slice(0, 10) === to.slice(0, 10) && start === end ? `${start} UTC` : `${start}–${end} UTC`;
}
