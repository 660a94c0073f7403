import { deployedRelease } from '../../ledger/deployed-release';
import type { BackupRecord, DeployedRelease, RollbackPart } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import type { EnvironmentState } from '../../ledger/state';
import { configurationHashes, sameHashes } from '../anchor/anchor-store';
import { readConfiguration, type Configuration } from '../anchor/configuration-files';
import type { Driver, RunningService } from '../drivers/driver';
import { sameRelease } from '../read-back';
import {
  doubtfulRelease,
  leavingRelease,
  namedTarget,
  openRollback,
  strayRelease,
  undoneDeployment,
} from '../rollback-target';
import type { Step } from '../session';
import { anchoredRelease, schemaOfSnapshot, snapshotIdOf, type Anchored } from './anchored';
import { chooseTarget, NO_TARGET } from './choose-target';
import { mustStop, planSchema, type SchemaPlan } from './schema-plan';
import { targetRefusals } from './target-refusals';

export interface ConfigurationPlan {
  /** Deployment whose files are brought back. */
  readonly of: string;
  readonly content: Configuration;
  /** Names and hashes, one line each. */
  readonly changes: readonly string[];
}

/** All that a rollback will do. */
export interface RollbackPlan {
  readonly kind: 'planned';
  readonly parts: readonly RollbackPart[];
  readonly to: DeployedRelease;
  readonly leaving: DeployedRelease | null;
  /** Id that it goes by: the deployment that is undone; null: a new one. */
  readonly deployment: string | null;
  readonly anchored: Anchored;
  readonly schema: SchemaPlan;
  readonly configuration: ConfigurationPlan | null;
  readonly running: readonly RunningService[];
  /** What a person should know of the release that a backup brings along. */
  readonly caution?: string;
}

export type Planned = RollbackPlan | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export interface RollbackWish {
  readonly driver: Driver;
  /** Version to go back to. */
  readonly to?: string;
  /** Default: the application, and the database where the older release can't run with it as it is. */
  readonly only?: RollbackPart;
  /** Id of a backup that is put in the place of the data, with the release that it was taken under. */
  readonly restore?: string;
}

/** Where to go back to, and what that takes. Touches nothing. */
export async function planRollback(step: Step, wish: RollbackWish, state: EnvironmentState): Promise<Planned> {
  const only = wish.only ?? resumedPart(wish, state);
  if (only === 'configuration') return planConfiguration(step, wish, state);
  if (only === 'database' && wish.restore === undefined) return planDatabase(step, wish, state);
  const restored = wish.restore === undefined ? null : findBackup(state, wish.restore);
  if (restored !== null && 'reason' in restored) return refuse([restored]);
  const examine = async (leaving: DeployedRelease | null): Promise<Examined> => {
    const to = restored?.to ?? chooseTarget(step.environment, state, wish.to, leaving);
    if ('remedy' in to) return { refusals: [to] };
    const anchored = await anchoredRelease(step.assets, state, to);
    const refusals = await targetRefusals(step, wish.driver, state, to, anchored);
    return refusals.length > 0 ? { refusals } : { leaving, to, anchored };
  };
  // Nearly always what runs is what the ledger says: one is looked at beside the other.
  const [running, recorded] = await Promise.all([wish.driver.current(), examine(leavingRelease(state))]);
  const stray = strayRelease(state, running);
  const examined = stray === null ? recorded : await examine(stray);
  if ('refusals' in examined) return refuse(examined.refusals);
  const { leaving, to, anchored } = examined;
  const schema = await planSchema(step.assets, {
    state,
    snapshot: restored?.deployment ?? anchored.id,
    leaving,
    when: 'asNeeded',
    ...(restored === null ? {} : { restore: restored.backup }),
  });
  if (mustStop(schema) && wish.driver.stop === undefined && wish.only !== 'application')
    return refuse([
      {
        id: 'stop',
        reason: `the database can't be brought back while its users run, and ${wish.driver.name} can't stop them`,
        remedy: `roll the application back alone: ${step.commands.rollback} --only=application`,
      },
    ]);
  const applicationOnly = wish.only === 'application' && schema.kind === 'reverse';
  const deployment = undoneDeployment(state, leaving);
  return {
    kind: 'planned',
    parts:
      schema.kind === 'restore' || (schema.kind === 'reverse' && !applicationOnly)
        ? ['application', 'database']
        : ['application'],
    to,
    leaving,
    deployment,
    anchored,
    schema: applicationOnly ? { kind: 'left', why: 'only the application was asked for' } : schema,
    configuration: null,
    running,
    ...(restored === null ? {} : cautionOf(state, to)),
  };
}

type Examined =
  | { readonly leaving: DeployedRelease | null; readonly to: DeployedRelease; readonly anchored: Anchored }
  | { readonly refusals: readonly Refusal[] };

/** Naming the backup is the consent, and its release comes along whatever became of it. */
function cautionOf({ bad, verified }: EnvironmentState, to: DeployedRelease): Pick<RollbackPlan, 'caution'> {
  const reason = bad.get(to.version);
  if (reason !== undefined) return { caution: `${to.version} turned bad here: ${reason}` };
  return verified.some((one) => sameRelease(one, to)) ? {} : { caution: `${to.version} was never verified here` };
}

/** The one part that a rollback was bringing back when it was cut off; undefined where it is not gone on with. */
function resumedPart({ to, restore }: RollbackWish, { unfinished }: EnvironmentState): RollbackPart | undefined {
  if (to !== undefined || restore !== undefined || unfinished?.kind !== 'rollback.intent') return undefined;
  return unfinished.parts?.length === 1 ? unfinished.parts[0] : undefined;
}

/** The schema alone: only what the release that serves does not need. */
async function planDatabase(step: Step, wish: RollbackWish, state: EnvironmentState): Promise<Planned> {
  const { environment, commands, assets } = step;
  const { current } = state;
  if (current === null) return refuse([{ ...NO_TARGET, reason: `nothing serves in ${environment}` }]);
  const running = await wish.driver.current();
  const unsettled = unsettledRefusals(step, state, running);
  if (unsettled.length > 0) return refuse(unsettled);
  const own = snapshotIdOf(state, current);
  const named =
    wish.to === undefined || wish.to === current.version ? current : namedTarget(state, environment, wish.to);
  if ('remedy' in named) return refuse([named]);
  const snapshot = sameRelease(named, current) ? own : snapshotIdOf(state, named);
  const needs = schemaOfSnapshot(state, own) ?? [];
  const target = schemaOfSnapshot(state, snapshot) ?? [];
  const missing = needs.filter((name) => !target.includes(name));
  if (missing.length > 0)
    return refuse([
      {
        id: 'schemaInUse',
        reason: `${environment} serves ${current.version}, which needs ${missing.join(', ')}`,
        remedy: `roll the application back first: ${commands.rollback}`,
      },
    ]);
  const schema = await planSchema(assets, { state, snapshot, leaving: current, when: 'always' });
  if (schema.kind === 'refused') return refuse(schema.refusals.map((refusal) => withRestore(refusal, step, state)));
  return {
    kind: 'planned',
    parts: ['database'],
    to: deployedRelease(current),
    leaving: current,
    deployment: null,
    anchored: await anchoredRelease(assets, state, current),
    // What serves ran with that schema before, and runs with this one: it may go on meanwhile.
    schema: schema.kind === 'reverse' ? { ...schema, order: 'applicationFirst' } : schema,
    configuration: null,
    running,
  };
}

/** What can't be reversed can be restored, if a person says so. */
function withRestore(refusal: Refusal, { commands }: Step, { history }: EnvironmentState): Refusal {
  const backup = history.flatMap(({ steps }) => steps.flatMap((one) => one.backup ?? [])).at(-1);
  if (backup === undefined) return refusal;
  const remedy = `${refusal.remedy}; the backup of ${backup.takenAt} can be restored, and everything written since is lost then: ${commands.rollback} --restore=${backup.id}`;
  return { ...refusal, remedy };
}

interface Restorable {
  readonly backup: BackupRecord;
  readonly to: DeployedRelease;
  /** Deployment whose schema the backup holds; null where nobody recorded it. */
  readonly deployment: string | null;
}

function findBackup(state: EnvironmentState, id: string): Restorable | Refusal {
  for (const movement of [...state.history].reverse()) {
    const backup = movement.steps.find((one) => one.backup?.id === id)?.backup;
    if (backup == null) continue;
    // Before a deployment its anchor served; before a rollback, what it left.
    if (movement.before === null) break;
    return { backup, to: movement.before, deployment: snapshotIdOf(state, movement.before) };
  }
  const known = state.history.flatMap(({ steps }) => steps.flatMap((one) => one.backup?.id ?? []));
  const remedy = known.length === 0 ? 'no backup was recorded' : `name one of ${known.join(', ')}`;
  return { id: 'backup', reason: `no backup ${id} with a release that served then is recorded`, remedy };
}

/** The environment's files as they were, with the release that serves. */
async function planConfiguration(step: Step, wish: RollbackWish, state: EnvironmentState): Promise<Planned> {
  const { environment, assets, world } = step;
  const { current, verified, snapshots } = state;
  if (assets === undefined || current === null)
    return refuse([
      { ...NO_TARGET, reason: `nothing serves in ${environment} whose configuration could be brought back` },
    ]);
  const running = await wish.driver.current();
  const unsettled = unsettledRefusals(step, state, running);
  if (unsettled.length > 0) return refuse(unsettled);
  const present = await readConfiguration(world.root, assets.envFiles);
  const hashes = configurationHashes(present);
  const open = openRollback(state)?.configurationOf ?? null;
  const isMeant = wish.to === undefined || (open !== null && snapshots.get(open)?.release.version === wish.to);
  const cutOff = isMeant ? open : null;
  const wanted = verified.filter(({ version }) => wish.to === undefined || version === wish.to).reverse();
  const ids = cutOff !== null ? [cutOff] : wanted.flatMap(({ snapshotOf }) => snapshotOf ?? []);
  const different = ids.find((id) => {
    const recorded = snapshots.get(id);
    return recorded !== undefined && (cutOff !== null || !sameHashes(recorded.snapshot.configuration, hashes));
  });
  const recorded = different === undefined ? undefined : snapshots.get(different);
  if (different === undefined || recorded === undefined)
    return refuse([
      {
        id: 'configuration',
        reason: `no verified deployment${wish.to === undefined ? '' : ` of ${wish.to}`} in ${environment} had another configuration than this host has now`,
        remedy: 'name a version that was verified with another one (--to), or correct the files',
      },
    ]);
  const content = await assets.anchors.load(different, recorded.snapshot);
  if (content === null)
    return refuse([
      {
        id: 'configuration',
        reason: `this host does not hold the files of deployment ${different}, or not any more as they were`,
        remedy: 'run it on the host that deployed it, or correct the files by hand',
      },
    ]);
  return {
    kind: 'planned',
    parts: ['configuration'],
    to: deployedRelease(current),
    leaving: current,
    deployment: null,
    anchored: sameRelease(recorded.release, current) ? { id: different, content } : { id: null, content: null },
    schema: { kind: 'none', why: 'only the configuration is brought back' },
    configuration: {
      of: different,
      content: content.configuration,
      changes: changesOf(hashes, recorded.snapshot.configuration),
    },
    running,
  };
}

/** Why a part of the release that serves can't be brought back alone: nobody knows that it serves. */
function unsettledRefusals(
  { environment, commands }: Step,
  state: EnvironmentState,
  running: readonly RunningService[],
): readonly Refusal[] {
  const remedy = `roll the application back first: ${commands.rollback}`;
  const doubtful = doubtfulRelease(state);
  if (doubtful !== null)
    return [{ id: 'inDoubt', reason: `${doubtful.version} may serve in ${environment}, whole or in part`, remedy }];
  const { services = {}, version } = state.current ?? {};
  const other = running.find(({ service, image }) => services[service] !== undefined && services[service] !== image);
  if (other === undefined) return [];
  const reason = `${other.service} of ${environment} runs another image than ${version} has, which serves by the ledger`;
  return [{ id: 'inDoubt', reason, remedy }];
}

function changesOf(now: Readonly<Record<string, string>>, then: Readonly<Record<string, string>>): readonly string[] {
  const show = (hash: string | undefined) => (hash === undefined ? 'not there' : hash.slice(0, 12));
  return [...new Set([...Object.keys(now), ...Object.keys(then)])]
    .sort()
    .filter((path) => now[path] !== then[path])
    .map((path) => `${path}: ${show(now[path])} → ${show(then[path])}`);
}

function refuse(refusals: readonly Refusal[]): Planned {
  return { kind: 'refused', refusals };
}
