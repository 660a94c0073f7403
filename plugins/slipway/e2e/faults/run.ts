import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../support/processes';
import { configureMetrics, LOST_METRICS, lostMetrics, startMetrics, unverified } from './metrics';
import { engineOutages, OUTAGES, type Outage } from './outages';
import { createOwnEngine } from './own-engine';
import { describeStrike, oneOfEach, sample, strikesAt } from './points';
import { table, total } from './report';
import { placeOf, runCase, runStrike, type CaseResult } from './run-case';
import { deployment, pointsOf, rollback, type Scenario } from './scenario';
import { createStage, type Stage, type StageOptions } from './stage';

/** What may be tried apart: kills of each step, and what may be missing. */
export const PARTS = ['deploy', 'rollback', 'outages', 'database', 'metrics', 'engine'] as const;
export type Part = (typeof PARTS)[number];

export interface FaultOptions {
  /** Default: all. */
  readonly parts?: readonly Part[];
  /** How many of the kills of each step to try, spread over all of them; default: every one. */
  readonly count?: number;
  /** Instead: one kill for each cell of the table, where none held in a run before. */
  readonly cells?: boolean;
  /** Names of the outages to try; default: all. */
  readonly outages?: readonly string[];
  /** Only faults whose name holds this. */
  readonly only?: string;
  readonly say: (line: string) => void;
  /** Where the list of every point goes. */
  readonly out: string;
  /** Whether results of earlier runs in that list stay, where they are not tried again. */
  readonly add?: boolean;
}

interface Fault {
  readonly name: string;
  readonly run: () => Promise<CaseResult>;
}

/** Injects faults into steps of a real workspace on the real engine; returns how each one ended. */
export async function runFaults(options: FaultOptions): Promise<readonly CaseResult[]> {
  const { parts = PARTS, count, cells = false, outages, only, say, out } = options;
  const results = new Map(options.add === true ? (await readResults(out)).map((result) => [result.name, result]) : []);
  const wanted = (name: string): boolean => only === undefined || name.includes(only);
  const isTried = ({ name }: Outage): boolean => wanted(`deploy: ${name}`) && (outages?.includes(name) ?? true);
  const has = (part: Part): boolean => parts.includes(part);

  async function runAll(faults: readonly Fault[]): Promise<void> {
    for (const [index, fault] of faults.entries()) {
      const result = await fault.run();
      results.set(result.name, result);
      say(`${index + 1}/${faults.length} ${show(result)}`);
      await save(out, [...results.values()]);
    }
  }
  async function strike(stage: Stage, scenario: Scenario): Promise<void> {
    const points = await pointsOf(stage, scenario);
    const names = points.map(({ name }) => name);
    const strikes = strikesAt(points).filter((each) => wanted(`${scenario.name}: ${describeStrike(each)}`));
    const held = [...results.values()].flatMap(({ at, passed }) => (passed && at !== null ? [cellOf(at)] : []));
    const chosen = cells
      ? oneOfEach(strikes, (each) => cellOf(placeOf(scenario, each)), new Set(held))
      : sample(strikes, count ?? strikes.length);
    say(`${scenario.name}: ${names.length} side effects, ${chosen.length} kills: ${names.join(', ')}`);
    await runAll(chosen.map((each) => ({ name: describeStrike(each), run: () => runStrike(stage, scenario, each) })));
  }
  const withoutAll = (stage: Stage, all: readonly Outage[]): Promise<void> =>
    runAll(all.filter(isTried).map((outage) => ({ name: outage.name, run: () => runOutage(stage, outage) })));

  if (has('deploy') || has('rollback') || (has('outages') && OUTAGES.some(isTried)))
    await withStage({}, say, async (stage) => {
      if (has('deploy')) await strike(stage, deployment(stage));
      if (has('rollback')) await strike(stage, await rollback(stage));
      if (has('outages')) await withoutAll(stage, OUTAGES);
    });
  if (has('database'))
    await withStage({ database: true }, say, async (stage) => {
      await strike(stage, deployment(stage));
      await strike(stage, await rollback(stage));
    });
  if (has('metrics') && LOST_METRICS.some(wanted)) {
    const prometheus = await startMetrics();
    try {
      const configure: StageOptions['configure'] = (configuration) => configureMetrics(configuration, prometheus);
      await withStage({ configure }, say, async (stage) => {
        const faults = lostMetrics(stage, await unverified(stage), prometheus);
        await runAll(faults.filter(({ name }) => wanted(name)));
      });
    } finally {
      await prometheus.cleanUp();
    }
  }
  if (has('engine') && engineOutages({ host: '', start: never, stop: never, cleanUp: never }).some(isTried)) {
    say('Starting an engine that may be killed');
    const engine = await createOwnEngine(['debian:bookworm-slim']);
    const restore = setEngine(engine.host);
    try {
      await withStage({}, say, (stage) => withoutAll(stage, engineOutages(engine)));
    } finally {
      restore();
      await engine.cleanUp();
    }
  }
  const all = [...results.values()];
  say(`\n${table(all)}`);
  say(total(all));
  return all;
}

function cellOf({ effect, strike }: { readonly effect: string; readonly strike: string }): string {
  return `${effect}\t${strike}`;
}

const never = (): Promise<void> => Promise.reject(new Error('there is no engine'));

function setEngine(host: string): () => void {
  const before = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = host;
  return () => {
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
  };
}

async function withStage(
  options: StageOptions,
  say: FaultOptions['say'],
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  say('Preparing a workspace: one release that serves, and the next one');
  const stage = await createStage(options);
  try {
    await work(stage);
  } finally {
    await stage.cleanUp();
  }
}

function runOutage(stage: Stage, { name, strike }: Outage): Promise<CaseResult> {
  return runCase(stage, stage.ready, { name: `deploy: ${name}`, at: null }, (said) => strike(stage, said));
}

function show({ name, passed, problems, said, took }: CaseResult): string {
  const ends = Object.entries(said).map(([who, sentence]) => `    ${who}: ${sentence}`);
  const lines = [`${passed ? '✓' : '✗'} ${name} (${(took / 1_000).toFixed(1)} s)`, ...ends];
  return [...lines, ...problems.map((problem) => `    problem: ${problem}`)].join('\n');
}

async function readResults(path: string): Promise<readonly CaseResult[]> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { readonly results: readonly CaseResult[] }).results;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function save(out: string, results: readonly CaseResult[]): Promise<void> {
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify({ results }, null, 2)}\n`);
}
