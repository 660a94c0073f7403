import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One side effect of a step, as the seam (tools/faults/seam.cjs) saw it in a run that nobody disturbed. */
export interface Point {
  /** E.g. `git push #2`: the same in each run. */
  readonly name: string;
  /** Milliseconds. */
  readonly took: number;
}

export type Moment = 'before' | 'during' | 'after';
export type Victim = 'executor' | 'nx';

/** Where to strike. */
export interface Strike {
  readonly point: Point;
  readonly moment: Moment;
  readonly victim: Victim;
  /** SIGINT to `nx` is a person's Ctrl-C; SIGSTOP makes time for what happens meanwhile. */
  readonly signal: 'SIGKILL' | 'SIGINT' | 'SIGSTOP';
}

export interface SeamLine {
  readonly point: string;
  readonly state: 'begins' | 'ended' | 'killed';
  readonly pid?: number;
  readonly took?: number;
}

export async function readSeam(path: string): Promise<readonly SeamLine[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SeamLine);
}

/** The side effects in the order in which they began. */
export async function readPoints(path: string): Promise<readonly Point[]> {
  const lines = await readSeam(path);
  return lines
    .filter(({ state }) => state === 'begins')
    .map(({ point }) => ({
      name: point,
      took: lines.find((line) => line.point === point && line.state === 'ended')?.took ?? 0,
    }));
}

/** Every point: the executor and `nx` alone killed at each moment, and a person's Ctrl-C. */
export function strikesAt(points: readonly Point[]): readonly Strike[] {
  return points.flatMap((point): readonly Strike[] => [
    ...(['before', 'during', 'after'] as const).flatMap((moment) =>
      (['executor', 'nx'] as const).map((victim) => ({ point, moment, victim, signal: 'SIGKILL' as const })),
    ),
    { point, moment: 'during', victim: 'nx', signal: 'SIGINT' },
  ]);
}

/** What the table calls it, whichever side effect it is at. */
export function strikeKind({ moment, victim, signal }: Strike): string {
  return signal === 'SIGINT' ? 'Ctrl-C' : `${victim} ${moment}`;
}

/** In words, the same in each run. */
export function describeStrike({ point, moment, victim, signal }: Strike): string {
  if (signal === 'SIGINT') return `Ctrl-C ${moment} ${point.name}`;
  return `${victim} ${signal === 'SIGSTOP' ? 'held up' : 'killed'} ${moment} ${point.name}`;
}

/** A choice that is the same each time: every n-th, so that it spreads over the whole run. */
export function sample<T>(all: readonly T[], count: number): readonly T[] {
  if (count >= all.length) return all;
  return Array.from({ length: count }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)] as T);
}

/** One of each kind of strike at each kind of side effect, the middle one: each cell of the table once, but those that `tried` names. */
export function oneOfEach(
  strikes: readonly Strike[],
  cellOf: (strike: Strike) => string,
  tried: ReadonlySet<string>,
): readonly Strike[] {
  const cells = new Map<string, Strike[]>();
  for (const strike of strikes) cells.set(cellOf(strike), [...(cells.get(cellOf(strike)) ?? []), strike]);
  return [...cells].flatMap(([cell, all]) =>
    tried.has(cell) ? [] : all.slice(all.length >> 1, (all.length >> 1) + 1),
  );
}

/** What the seam reads from the environment. `clock`: milliseconds by which the step believes to be ahead. */
export function seamVariables(log: string, strike: Strike | null, clock = 0): Record<string, string> {
  const seam = join(__dirname, '../../../../tools/faults/seam.cjs');
  const kill =
    strike === null
      ? undefined
      : {
          point: strike.point.name,
          moment: strike.moment,
          victim: strike.victim,
          signal: strike.signal,
          delay: Math.floor(strike.point.took / 2),
        };
  return { NODE_OPTIONS: `--require=${seam}`, SLIPWAY_SEAM: JSON.stringify({ log, kill, clock }) };
}
