import { milliseconds } from '../../deploy/duration';
import { samePerson } from '../../gates/review';
import type { EventOf } from '../../ledger/events';
import type { Bypass, BypassRequest } from '../../ledger/emergency-state';
import { succeeded } from '../../ledger/outcome-kinds';
import type { StepContext } from '../context';
import type { PreconditionId, Unmet } from '../preconditions/precondition';
import { parsePerson } from '../release-checks/release-range';
import type { Situation } from '../situation';
import { PASSABLE, POST_MORTEM } from './passable';

/** How a deployment goes by the emergency lane. */
export interface Lane {
  /** Id of the bypass, for the deployment's intent. */
  readonly bypass: string;
  /** What does not hold and is passed over. */
  readonly over: readonly PreconditionId[];
  /** Written before the deployment; null where all of them stand in the ledger already. */
  readonly debts: EventOf<'debt.opened'> | null;
  /** It served a deployment that was done: only that one may still be told of, nothing may change by it. */
  readonly spent: boolean;
}

type Context = Pick<StepContext, 'config'>;

/**
 * The bypass that lets the checked-out commit into an environment although `problems` do not hold. Pure.
 * Null where there are none, or no bypass covers all of them: for this commit and environment, asked for by enough people, and in
 * time. A deployment that was cut off may be finished after that time.
 */
export function bypassFor(
  { config }: Context,
  situation: Situation,
  environment: string,
  problems: readonly Unmet[],
): Lane | null {
  if (problems.length === 0 || !problems.every(({ id }) => isPassable(id))) return null;
  const over = problems.map(({ id }) => id);
  const cutOff = situation.environments.get(environment)?.unfinished ?? null;
  const lanes = (situation.bypasses.get(environment) ?? []).flatMap((bypass): Lane[] => {
    if (bypass.commit !== situation.tree.head || !covers(bypass, problems)) return [];
    if (peopleOf(bypass).length < config.emergency.people) return [];
    const spent = isSpent(bypass);
    const resumes = cutOff?.kind === 'deploy.intent' && cutOff.bypass === bypass.id;
    if (!spent && !resumes && isExpired(bypass, situation.now)) return [];
    return [{ bypass: bypass.id, over, debts: spent ? null : debtsOf(config, bypass, over, situation.now), spent }];
  });
  return lanes.findLast(({ spent }) => !spent) ?? lanes.at(-1) ?? null;
}

export function isPassable(id: PreconditionId): boolean {
  return PASSABLE[id] !== null;
}

/** Whether all that does not hold was known when it was asked for. */
export function covers({ preconditions }: Bypass, problems: readonly { readonly id: string }[]): boolean {
  return problems.every(({ id }) => preconditions.includes(id));
}

/** One bypass serves one deployment; those of it that failed may be tried again. */
export function isSpent({ deployments }: Bypass): boolean {
  return deployments.some(({ outcome }) => outcome !== null && succeeded(outcome));
}

export function isExpired({ validUntil }: Bypass, now: Date): boolean {
  return now.getTime() > Date.parse(validUntil);
}

/** Different people that asked, each by their first request. Whoever git can't name counts for nobody. */
export function peopleOf({ requests }: Pick<Bypass, 'requests'>): readonly BypassRequest[] {
  return requests.filter(
    ({ by }, index) =>
      parsePerson(by) !== null && !requests.slice(0, index).some((earlier) => isSamePerson(earlier.by, by)),
  );
}

/** Whether two, as the ledger names them, are one person: by address or by name, however they are written. */
export function isSamePerson(a: string, b: string): boolean {
  const [one, other] = [parsePerson(a), parsePerson(b)];
  return one !== null && other !== null && samePerson(one, other);
}

function debtsOf(
  { emergency }: StepContext['config'],
  { id: bypass, version, debts: standing }: Bypass,
  over: readonly PreconditionId[],
  now: Date,
): EventOf<'debt.opened'> | null {
  const all = [
    ...over.flatMap((id) => {
      const what = PASSABLE[id]?.debt ?? null;
      return what === null ? [] : [{ id, what }];
    }),
    POST_MORTEM,
  ];
  const debts = all.filter(({ id }) => !standing.some((debt) => debt.id === id));
  if (debts.length === 0) return null;
  const due = new Date(now.getTime() + milliseconds(emergency.settleWithin)).toISOString();
  return { kind: 'debt.opened', version, bypass, debts, due };
}
