import { anchoredRelease, schemaOfSnapshot } from '../../deploy/rollback/anchored';
import { chooseTarget } from '../../deploy/rollback/choose-target';
import type { LedgerError } from '../../ledger/ledger';
import { openLedger } from '../../ledger/open-ledger';
import type { Outcome } from '../../ledger/outcome';
import { foldEnvironment } from '../../ledger/state';
import { command, type StepContext } from '../context';
import { environmentStep } from './environment-step';

/**
 * What a person can do where the ledger's remote can't be reached. Nothing is done: without the lock nobody is kept from deploying at the same
 * time, and what nobody recorded, everyone else would be wrong about. The target comes from the ledger as this clone saw it last.
 *
 * @param wanted version to go back to
 */
export async function rollbackByHand(
  context: StepContext,
  environment: string,
  outage: LedgerError,
  wanted?: string,
): Promise<Outcome> {
  const { world, config } = context;
  const refused = (remedy: string): Outcome => ({
    kind: 'refused',
    refusals: [{ id: 'ledger', reason: `${outage.message}; without the lock nobody else is kept away`, remedy }],
  });
  if (config.environments[environment] === undefined) return refused(outage.remedy);
  // A remote that does not exist: the refs of this clone are read, and nothing is written.
  const ledger = await openLedger(world, { remote: '', readOnly: true });
  const { driver, assets } = environmentStep(context, environment);
  const state = foldEnvironment(await ledger.read(environment));
  const to = chooseTarget(environment, state, wanted);
  if ('remedy' in to) return refused(`${outage.remedy}; as this clone knows it, ${to.reason}`);
  const { id, content } = await anchoredRelease(assets, state, to);
  if (id === null || content === null || driver.byHand === undefined)
    return refused(
      `${outage.remedy}; this host holds no snapshot of ${to.version}, which could be brought back by hand`,
    );
  const byHand = driver.byHand(assets.anchors.descriptionPath(id));
  const afterwards = command(context, 'release-rollback', `--env=${environment}`, `--to=${to.version}`);
  const before = schemaOfSnapshot(state, id);
  const extra = before === null ? [] : (state.schema?.applied ?? []).filter((name) => !before.includes(name));
  const schema = extra.length === 0 ? '' : ` (the database is left as it is, with ${extra.join(', ')} applied)`;
  return refused(
    `see that nobody else deploys, then bring ${to.version} back by hand: ${byHand}${schema} — and have it recorded once the remote answers: ${afterwards}`,
  );
}
