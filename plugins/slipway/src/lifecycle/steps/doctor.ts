import { oneLine, painter, renderTable } from '../../render';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import type { Diagnosis } from '../doctor/diagnosis';
import { examineDossier } from '../doctor/dossier-checks';
import { examine } from '../doctor/examine';

export interface DoctorOptions {
  /** Environment to look at; default: all of them. */
  readonly env?: string;
  /** File of a dossier: then it is examined, and nothing else. */
  readonly dossier?: string;
  /** File of the public key (PEM) that it is signed with. */
  readonly key?: string;
}

/** Examines, and leaves nothing behind. */
export const doctor: Step<DoctorOptions> = (context, { dossier = '', key = '', env = '' }) =>
  dossier === '' ? environments(context, env) : ofDossier(context, dossier, key === '' ? null : key);

async function environments(context: StepContext, env: string): Promise<StepResult> {
  const configured = Object.entries(context.config.environments).map(([name, config]) => ({ name, config }));
  const chosen = env === '' ? configured : configured.filter(({ name }) => name === env);
  if (env !== '' && chosen.length === 0) {
    const known = configured.map(({ name }) => name).join(', ') || 'none';
    const reason = `there is no environment '${env}' (there is ${known})`;
    const remedy = 'name one of them, or none to look at all';
    return result({ kind: 'refused', refusals: [{ id: 'environment', reason, remedy }] });
  }
  const found = await examine({ context, environments: chosen });
  const lines = tableOf(found, context);
  const data = { environments: chosen.map(({ name }) => name), diagnoses: found };
  const count = (state: Diagnosis['state']) => found.filter((diagnosis) => diagnosis.state === state);
  const [good, bad, unknown] = [count('good'), count('bad'), count('unknown')];
  const open = unknown.length === 0 ? '' : `, ${unknown.length} could not be told (${names(unknown)})`;
  const first = bad[0];
  if (first === undefined) return result({ kind: 'done', summary: `${good.length} good${open}` }, data, lines);
  return result(
    {
      kind: 'failed',
      reason: `${bad.length} of ${found.length} findings are bad (${names(bad)})${open}`,
      remedy: first.remedy ?? 'see the table above',
    },
    data,
    lines,
  );
}

function names(found: readonly Diagnosis[]): string {
  return found.map(({ name }) => name).join(', ');
}

const MARKS = { good: '✓', bad: '✗', unknown: '?' } as const;
const COLORS = { good: 'green', bad: 'red', unknown: 'yellow' } as const;

/** A table of what was found, and below it what mends each finding that is not good. */
function tableOf(found: readonly Diagnosis[], { color }: StepContext): string[] {
  const paint = painter({ color });
  const mark = (state: Diagnosis['state']) => paint(COLORS[state], `${MARKS[state]} ${state}`);
  const columns = [{ title: 'State', shrink: false }, { title: 'What', shrink: false }, { title: 'Found' }];
  const rows = found.map(({ name, state, told }) => [mark(state), oneLine(name), oneLine(told)]);
  const mends = found.flatMap(({ name, state, told, remedy }) =>
    state === 'good'
      ? []
      : [
          `${MARKS[state]} ${oneLine(name)}: ${oneLine(told)}`,
          ...(remedy === undefined ? [] : [`  mend it: ${oneLine(remedy)}`]),
        ],
  );
  return [...renderTable(columns, rows, { color, width: 110 }), ...(mends.length > 0 ? ['', ...mends] : [])];
}

async function ofDossier(context: StepContext, dossier: string, key: string | null): Promise<StepResult> {
  const found = await examineDossier(context, { file: dossier, key });
  const lines = found.map(({ name, state, told }) => `${MARKS[state]} ${name}: ${told}`);
  const bad = found.filter(({ state }) => state === 'bad');
  // What the ledger holds may be out of reach; who signed it must be known.
  const open = found.filter(({ name, state }) => state === 'unknown' && name === 'signature');
  const first = bad[0] ?? open[0];
  const data = { dossier, diagnoses: found };
  if (first === undefined)
    return result(
      { kind: 'done', summary: `${dossier} is what it claims to be: ${found.map(({ told }) => told).join('; ')}` },
      data,
      lines,
    );
  if (bad.length === 0)
    return result(
      {
        kind: 'unknown',
        reason: `${dossier} may be genuine: ${first.told}`,
        findOut: command(context, 'release-doctor', `--dossier=${dossier}`, '--key=<public key, PEM>'),
      },
      data,
      lines,
    );
  return result(
    {
      kind: 'failed',
      reason: `${dossier} is not to be relied on: ${bad.map(({ told }) => told).join('; ')}`,
      remedy: first.remedy ?? 'get the dossier from whoever made the release',
    },
    data,
    lines,
  );
}
