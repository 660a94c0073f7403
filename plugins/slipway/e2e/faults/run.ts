import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { engineOutages, OUTAGES, type Outage } from './outages';
import { createOwnEngine } from './own-engine';
import { describeStrike, readPoints, sample, seamVariables, strikesAt } from './points';
import { table, total } from './report';
import { DEPLOY, runCase, runStrike, type CaseResult } from './run-case';
import { createStage, type Stage } from './stage';

export interface FaultOptions {
  /** How many of the kills to try, spread over all of them; default: every one. */
  readonly count?: number;
  /** Names of the outages to try; default: all. */
  readonly outages?: readonly string[];
  /** Only faults whose name holds this. */
  readonly only?: string;
  readonly say: (line: string) => void;
  /** Where the list of every point goes. */
  readonly out: string;
}

/** Injects faults into deployments of a real workspace on the real engine; returns how each one ended. */
export async function runFaults({ count, outages, only, say, out }: FaultOptions): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  const wanted = (name: string): boolean => only === undefined || name.includes(only);
  const tried = ({ name }: Outage): boolean => wanted(name) && (outages?.includes(name) ?? true);
  const runAll = async (faults: readonly (() => Promise<CaseResult>)[]): Promise<void> => {
    for (const [index, fault] of faults.entries()) {
      const result = await fault();
      results.push(result);
      say(`${index + 1}/${faults.length} ${show(result)}`);
      await save(out, results);
    }
  };

  say('Preparing a workspace: one release that serves, and the next one');
  await withStage(async (stage) => {
    const points = await undisturbed(stage);
    say(`A deployment has ${points.length} side effects: ${points.map(({ name }) => name).join(', ')}`);
    const strikes = strikesAt(points).filter((strike) => wanted(describeStrike(strike)));
    await runAll([
      ...sample(strikes, count ?? strikes.length).map((strike) => () => runStrike(stage, DEPLOY, strike)),
      ...OUTAGES.filter(tried).map((outage) => () => runOutage(stage, outage)),
    ]);
  });
  await withOwnEngine(tried, runAll, say);
  say(`\n${table(results)}`);
  say(total(results));
  return results;
}

async function withOwnEngine(
  tried: (outage: Outage) => boolean,
  runAll: (faults: readonly (() => Promise<CaseResult>)[]) => Promise<void>,
  say: FaultOptions['say'],
): Promise<void> {
  // Nothing is started for faults that nobody asked for.
  if (!engineOutages({ host: '', start: never, stop: never, cleanUp: never }).some(tried)) return;
  say('Starting an engine that may be killed');
  const engine = await createOwnEngine(['debian:bookworm-slim']);
  const before = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = engine.host;
  try {
    await withStage((stage) =>
      runAll(
        engineOutages(engine)
          .filter(tried)
          .map((outage) => () => runOutage(stage, outage)),
      ),
    );
  } finally {
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
    await engine.cleanUp();
  }
}

const never = (): Promise<void> => Promise.reject(new Error('there is no engine'));

async function withStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await createStage();
  try {
    await work(stage);
  } finally {
    await stage.cleanUp();
  }
}

function runOutage(stage: Stage, { name, strike }: Outage): Promise<CaseResult> {
  return runCase(stage, `deploy: ${name}`, (said) => strike(stage, said));
}

async function undisturbed(stage: Stage) {
  const log = join(dirname(stage.workspace.root), 'seam.log');
  await stage.reset();
  await rm(log, { force: true });
  const { code, output } = await stage.nx(DEPLOY.command, seamVariables(log, null));
  if (code !== 0) throw new Error(`a deployment that nobody disturbs failed:\n${output}`);
  const points = await readPoints(log);
  if (points.length === 0) throw new Error('the seam saw no side effect of a deployment');
  return points;
}

function show({ name, passed, problems, said, took }: CaseResult): string {
  const ends = Object.entries(said).map(([who, sentence]) => `    ${who}: ${sentence}`);
  const lines = [`${passed ? '✓' : '✗'} ${name} (${(took / 1_000).toFixed(1)} s)`, ...ends];
  return [...lines, ...problems.map((problem) => `    problem: ${problem}`)].join('\n');
}

async function save(out: string, results: readonly CaseResult[]): Promise<void> {
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify({ results }, null, 2)}\n`);
}
