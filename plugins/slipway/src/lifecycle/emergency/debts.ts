import type { Debt } from '../../ledger/emergency-state';
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
