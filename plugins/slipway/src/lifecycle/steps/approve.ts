import { closest } from '../../config/suggest';
import { RELEASE_STREAM, type StoredEvent } from '../../ledger/events';
import { result, type Step } from '../context';
import { approvalsAtHead, releaseAtHead } from '../at-head';
import { refusalOf, unmetOf } from '../preconditions';
import { readSituation } from '../situation';
import { STEPS } from '../steps';

export interface ApproveOptions {
  /** Role in which the person signs off. */
  readonly as: string;
  readonly note?: string;
}

/** Records a person's sign-off of this commit's release. It is bound to the commit: after another one it counts no more. */
export const approve: Step<ApproveOptions> = async (context, options) => {
  const roles = [...new Set(Object.values(context.config.environments).flatMap(({ requires }) => requires.approvals))];
  if (!roles.includes(options.as)) {
    const meant = closest(options.as, roles);
    const reason = `no environment asks for the sign-off of "${options.as}"${meant === null ? '' : ` (did you mean "${meant}"?)`}`;
    const remedy =
      roles.length > 0
        ? `sign off as one of: ${roles.join(', ')}`
        : 'name the roles under "environments.<name>.requires.approvals" in slipway.json';
    return result({ kind: 'refused', refusals: [{ id: 'roleUnknown', reason, remedy }] });
  }
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.approve.preconditions, { context, situation, environment: null });
  const dossier = releaseAtHead(situation);
  if (problems.length > 0 || dossier === null) return result(refusalOf(problems));
  const { version, commit } = dossier;
  if (approvalsAtHead(situation).some(({ role }) => role === options.as)) {
    return result({ kind: 'alreadyDone', summary: `${version} is signed off as ${options.as}` });
  }
  const summary = `${version} at ${commit.slice(0, 8)} as ${options.as}`;
  if (context.dryRun) return result({ kind: 'wouldDo', summary: `sign off ${summary}` });
  context.world.stop.check();
  let standing: StoredEvent | null = null;
  const event = await context.ledger.append(
    RELEASE_STREAM,
    { kind: 'approval', version, role: options.as, commit, note: options.note ?? '' },
    {
      unless: (events) =>
        (standing =
          events.find(({ body }) => body.kind === 'approval' && body.role === options.as && body.commit === commit) ??
          null),
    },
  );
  return result(
    { kind: standing === null ? 'done' : 'alreadyDone', summary: `${event.by} signed off ${summary}` },
    { version, commit, role: options.as, by: event.by, at: event.at },
  );
};
