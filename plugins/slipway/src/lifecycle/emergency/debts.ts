import type { Debt } from '../../ledger/emergency-state';
import { command, type StepContext } from '../context';
import type { Situation } from '../situation';

export interface OpenDebt extends Debt {
  readonly environment: string;
  readonly overdue: boolean;
}

/** Debts of emergencies that nobody settled yet, by environment, oldest first. */
export function openDebts({ bypasses, now }: Pick<Situation, 'bypasses' | 'now'>): readonly OpenDebt[] {
  return [...bypasses].flatMap(([environment, all]) =>
    all.flatMap(({ debts }) =>
      debts
        .filter(({ settled }) => settled === null)
        .map((debt) => ({ ...debt, environment, overdue: now.getTime() > Date.parse(debt.due) })),
    ),
  );
}

/** How a person names a debt: `--settle=<bypass>/<id>`. */
export function debtName({ bypass, id }: Pick<Debt, 'bypass' | 'id'>): string {
  return `${bypass}/${id}`;
}

/** Told when a release is planned: what will hold it up at its tag. */
export function debtNotes(
  context: Pick<StepContext, 'owner'>,
  situation: Pick<Situation, 'bypasses' | 'now'>,
  version: string,
): readonly string[] {
  const debts = openDebts(situation).filter((debt) => debt.version !== version);
  if (debts.length === 0) return [];
  return [
    '',
    `Before ${version} can be tagged, settle what emergencies left to do:`,
    ...debts.map((debt) => `  ${debt.overdue ? 'OVERDUE ' : ''}${debtName(debt)}: ${debt.what}`),
    `  each with: ${command(context, 'release-bypass', '--settle=<debt>', '--note="…"')}`,
  ];
}
