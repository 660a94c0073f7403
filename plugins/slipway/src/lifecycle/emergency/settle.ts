import { closest } from '../../config/suggest';
import type { StoredEvent } from '../../ledger/events';
import { foldBypasses, type Debt } from '../../ledger/emergency-state';
import { command, result, type StepContext, type StepResult } from '../context';
import { readSituation, type Situation } from '../situation';
import { debtName, openDebts } from './debts';
import { tooShort } from './words';

export interface Settlement {
  /** `<bypass>/<id>`, or the id alone. */
  readonly name: string;
  readonly note: string;
  /** Null: wherever it is. */
  readonly environment: string | null;
}

type Owed = Debt & { readonly environment: string };

/** Records what was done about a debt of an emergency. Anybody may: the note says who did what. */
export async function settle(context: StepContext, { name, note, environment }: Settlement): Promise<StepResult> {
  const situation = await readSituation(context);
  const all = allDebts(situation).filter((debt) => environment === null || debt.environment === environment);
  const named = all.filter((debt) => debtName(debt) === name || debt.id === name);
  const open = named.filter(({ settled }) => settled === null);
  const [debt, ...others] = open.length > 0 ? open : named.slice(-1);
  if (debt === undefined) return unknown(context, situation, name);
  if (others.length > 0)
    return refused(
      'debtAmbiguous',
      `${open.length} open debts are called ${name}`,
      `name one of them: ${open.map((one) => `--settle=${debtName(one)}`).join(' or ')}`,
    );
  if (debt.settled !== null) return alreadySettled(debt, debt.settled.by);
  const settling = command(context, 'release-bypass', `--settle=${debtName(debt)}`, '--note="…"');
  if (tooShort(note))
    return refused(
      'noteShort',
      note.trim() === ''
        ? 'the note is missing: what was done?'
        : `the note "${note.trim()}" does not tell what was done`,
      `say in a sentence what was done to "${debt.what}": ${settling}`,
    );
  const summary = `settled ${debtName(debt)} of ${debt.environment}`;
  if (context.dryRun)
    return result({ kind: 'wouldDo', summary: `settle ${debtName(debt)} of ${debt.environment}` }, { debt });
  context.world.stop.check();
  let standing: StoredEvent | null = null;
  const event = await context.ledger.append(
    debt.environment,
    { kind: 'debt.settled', version: debt.version, bypass: debt.bypass, id: debt.id, note: note.trim() },
    { unless: (events) => (standing = settlementIn(events, debt)) },
  );
  if (standing !== null) return alreadySettled(debt, event.by);
  const left = openDebts(situation).length - 1;
  const rest = left === 0 ? 'none is left' : `${left === 1 ? 'one is' : `${left} are`} left`;
  return result({ kind: 'done', summary: `${summary}; ${rest}` }, { debt, left });
}

function allDebts({ bypasses }: Situation): readonly Owed[] {
  return [...bypasses].flatMap(([environment, found]) =>
    found.flatMap(({ debts }) => debts.map((debt) => ({ ...debt, environment }))),
  );
}

function settlementIn(events: readonly StoredEvent[], { bypass, id }: Owed): StoredEvent | null {
  const debt = foldBypasses(events)
    .find((one) => one.id === bypass)
    ?.debts.find((one) => one.id === id);
  if (debt === undefined || debt.settled === null) return null;
  return events.find(({ body }) => body.kind === 'debt.settled' && body.bypass === bypass && body.id === id) ?? null;
}

function alreadySettled(debt: Owed, by: string): StepResult {
  return result({ kind: 'alreadyDone', summary: `${debtName(debt)} was settled by ${by}` }, { debt });
}

function unknown(context: StepContext, situation: Situation, name: string): StepResult {
  const open = openDebts(situation).map(debtName);
  const meant = closest(name, open);
  const reason = `there is no debt "${name}"${meant === null ? '' : ` (did you mean "${meant}"?)`}`;
  const remedy =
    open.length > 0
      ? `name one that is open: ${open.map((one) => `--settle=${one}`).join(' or ')}`
      : `none is open; ${command(context, 'release-status')} shows what there is`;
  return refused('debtUnknown', reason, remedy);
}

function refused(id: string, reason: string, remedy: string): StepResult {
  return result({ kind: 'refused', refusals: [{ id, reason, remedy }] });
}
