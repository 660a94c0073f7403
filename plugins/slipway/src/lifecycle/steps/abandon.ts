import { RELEASE_STREAM } from '../../ledger/events';
import { command, result, type Step } from '../context';
import { readSituation } from '../situation';

export interface AbandonOptions {
  readonly reason: string;
}

/** Gives up the open release. What it wrote stays: its branch, and whatever was deployed. */
export const abandon: Step<AbandonOptions> = async (context, { reason }) => {
  const { release } = await readSituation(context);
  if (release.open === null) return result({ kind: 'alreadyDone', summary: 'no release is open' });
  const { version, branch } = release.open;
  if (release.tag !== null) {
    const remedy = `go back with: ${command(context, 'release-rollback', '--env=…')}, and release a fix`;
    return result({
      kind: 'refused',
      refusals: [{ id: 'tagged', reason: `${version} is tagged, so it can no longer be given up`, remedy }],
    });
  }
  const again = `go on with: git checkout ${context.config.release.main}`;
  const summary = `gave up release ${version}; its branch ${branch} stays, and may go with git branch -D ${branch}; ${again}`;
  if (context.dryRun) return result({ kind: 'wouldDo', summary: `give up release ${version}` });
  context.world.stop.check();
  await context.ledger.append(RELEASE_STREAM, { kind: 'abandoned', version, reason });
  return result({ kind: 'done', summary }, { version });
};
