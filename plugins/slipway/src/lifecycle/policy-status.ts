import { freezeAt, type Freeze } from '../freeze/freeze-at';
import { affectedSince, type Affected } from './affected';
import { commitOf, imagesOf, servicesOf, subjectOf } from './at-head';
import { command, type StepContext } from './context';
import { debtName, openDebts } from './emergency/debts';
import { standingOf, tellBypass, type Standing } from './emergency/tell-bypass';
import type { Situation } from './situation';

/** What rules say of deployments to one environment, as `--json` gives it too. Moments are ISO 8601, UTC. */
export interface PolicyStatus {
  /** The freeze that holds; `until` is null where its windows leave no gap. */
  readonly freeze: (FreezeWindowStatus & { readonly until: string | null }) | null;
  /** The next one, where it begins within a week. */
  readonly nextFreeze: FreezeWindowStatus | null;
  /** What a deployment would change; null where nothing serves yet, or it would deploy what serves. */
  readonly affected: Affected | null;
  /** What was asked for by the emergency lane and may still be used, or joined. */
  readonly bypasses: readonly { readonly id: string; readonly standing: Standing; readonly told: string }[];
  /** What emergencies left to do. */
  readonly debts: readonly {
    /** For `--settle`. */
    readonly name: string;
    readonly what: string;
    readonly due: string;
    readonly overdue: boolean;
    /** The command that says that it was made up for. */
    readonly settle: string;
  }[];
}

export interface FreezeWindowStatus {
  readonly reason: string;
  readonly from: string;
  readonly to: string;
  /** IANA name or offset. */
  readonly timeZone: string;
}

/** Reads history where what serves is another commit. */
export async function policyOf(
  context: Pick<StepContext, 'owner' | 'config' | 'members' | 'world'>,
  situation: Situation,
  environment: string,
): Promise<PolicyStatus> {
  const { now } = situation;
  const { current, until, next } = freezeAt(context.config.environments[environment]?.freezes ?? [], now);
  return {
    freeze: current === null ? null : { ...shown(current), until: until?.toISOString() ?? null },
    nextFreeze: next === null ? null : shown(next),
    affected: await affectedIn(context, situation, environment),
    bypasses: (situation.bypasses.get(environment) ?? []).flatMap((bypass) => {
      const standing = standingOf(context, bypass, now);
      if (standing === 'expired' || standing === 'used') return [];
      return [{ id: bypass.id, standing, told: tellBypass(context, bypass, environment, now) }];
    }),
    debts: openDebts(situation)
      .filter((debt) => debt.environment === environment)
      .map((debt) => ({
        name: debtName(debt),
        what: debt.what,
        due: debt.due,
        overdue: debt.overdue,
        settle: command(context, 'release-bypass', `--settle=${debtName(debt)}`, '--note="…"'),
      })),
  };
}

function shown({ reason, from, to, timeZone }: Freeze): FreezeWindowStatus {
  return { reason, from: from.toISOString(), to: to.toISOString(), timeZone };
}

/** What the release that is under way, else the checked-out commit, would change in an environment. */
export async function affectedIn(
  context: Pick<StepContext, 'config' | 'members' | 'world'>,
  situation: Situation,
  environment: string,
): Promise<Affected | null> {
  const serving = situation.environments.get(environment)?.current ?? null;
  const subject = subjectOf(situation);
  const commit = commitOf(subject, situation) ?? situation.tree.head;
  if (serving === null || commit === '' || serving.commit === commit) return null;
  const built = servicesOf(context.config, subject, environment) ?? imagesOf(context.config, subject.record, commit);
  const bumps = new Set([...situation.release.releases.values()].flatMap(({ bump }) => bump?.commit ?? []));
  return affectedSince({ context, environment, serving, commit, services: built, bumps });
}
