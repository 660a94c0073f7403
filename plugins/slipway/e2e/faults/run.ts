import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeStrike, readPoints, sample, seamVariables, strikesAt } from './points';
import { OUTAGES } from './outages';
import { table, total } from './report';
import { DEPLOY, runCase, runStrike, type CaseResult } from './run-case';
import { createStage, type Stage } from './stage';

export interface FaultOptions {
  /** How many of the kills to try, spread over all of them; default: every one. */
  readonly count?: number;
  /** Only faults whose name holds this. */
  readonly only?: string;
  readonly say: (line: string) => void;
  /** Where the list of every point goes. */
  readonly out: string;
}

/** Injects faults into deployments of a real workspace on the real engine; returns how each one ended. */
export async function runFaults({ count, only, say, out }: FaultOptions): Promise<readonly CaseResult[]> {
  say('Preparing a workspace: one release that serves, and the next one');
  const stage = await createStage();
  const results: CaseResult[] = [];
  try {
    const points = await undisturbed(stage);
    say(`A deployment has ${points.length} side effects: ${points.map(({ name }) => name).join(', ')}`);
    const strikes = strikesAt(points).filter((strike) => only === undefined || describeStrike(strike).includes(only));
    const outages = OUTAGES.filter(({ name }) => only === undefined || name.includes(only));
    const faults: readonly (() => Promise<CaseResult>)[] = [
      ...sample(strikes, count ?? strikes.length).map((strike) => () => runStrike(stage, DEPLOY, strike)),
      ...outages.map(
        ({ name, strike }) =>
          () =>
            runCase(stage, `deploy: ${name}`, (said) => strike(stage, said)),
      ),
    ];
    for (const [index, fault] of faults.entries()) {
      const result = await fault();
      results.push(result);
      say(`${index + 1}/${faults.length} ${show(result)}`);
      await save(out, results);
    }
  } finally {
    await stage.cleanUp();
  }
  say(`\n${table(results)}`);
  say(total(results));
  return results;
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
