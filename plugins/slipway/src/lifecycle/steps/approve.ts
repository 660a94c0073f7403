import { closest } from '../../config/suggest';
import type { SlipwayConfig } from '../../config/schema';
import { RELEASE_STREAM, type StoredEvent } from '../../ledger/events';
import { result, type Step } from '../context';
import { releaseAtHead } from '../at-head';
import { isSamePerson } from '../emergency/bypass-for';
import { personOf } from '../person';
import { refusalOf, unmetOf } from '../preconditions';
import { releaseCommit } from '../release-commit';
import { signOffsOf } from '../sign-offs';
import { readSituation } from '../situation';
import { STEPS } from '../steps';

export interface ApproveOptions {
  /** Role in which the person signs off. */
  readonly as: string;
  readonly note?: string;
}

/** Roles that the release check itself relies on; persons sign off in them before there is a dossier. */
function rolesBeforeCheck({ gates }: Pick<SlipwayConfig, 'gates'>): readonly string[] {
  const reviewer = 'notApplicable' in gates.review || gates.review.approvals === 0 ? [] : [gates.review.role];
  const acceptance = 'notApplicable' in gates.acceptance ? [] : gates.acceptance.roles;
  return [...new Set([...reviewer, ...acceptance])];
}

/** Records a person's sign-off of this commit's release. It is bound to the commit: after another one it counts no more. */
export const approve: Step<ApproveOptions> = async (context, options) => {
  const early = rolesBeforeCheck(context.config);
  const deployed = Object.values(context.config.environments).flatMap(({ requires }) => requires.approvals);
  const roles = [...new Set([...deployed, ...early])];
  if (!roles.includes(options.as)) {
    const meant = closest(options.as, roles);
    const reason = `nothing asks for the sign-off of "${options.as}"${meant === null ? '' : ` (did you mean "${meant}"?)`}`;
    const remedy =
      roles.length > 0
        ? `sign off as one of: ${roles.join(', ')}`
        : 'name the roles under "environments.<name>.requires.approvals" in slipway.json';
    return result({ kind: 'refused', refusals: [{ id: 'roleUnknown', reason, remedy }] });
  }
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.approve.preconditions, { context, situation, environment: null });
  if (problems.length > 0) return result(refusalOf(problems));
  const found = await releaseCommit(context, situation);
  if ('refusal' in found) return result({ kind: 'refused', refusals: [found.refusal] });
  // Who lets a release out signs what was found out about it.
  if (!early.includes(options.as) && releaseAtHead(situation) === null)
    return result(refusalOf(unmetOf(['dossier'], { context, situation, environment: null })));
  const { version } = found.release;
  const { commit } = found;
  const person = await personOf(context.world.git);
  // Reviewers are counted by person; any other role needs one.
  const own = isCounted(context.config, options.as) ? person : null;
  const stands = (by: string): boolean => own === null || by === own;
  if (found.record.approvals.some((past) => past.commit === commit && past.role === options.as && stands(past.by)))
    return result({ kind: 'alreadyDone', summary: `${version} is signed off as ${options.as}` });
  const before = signOffsOf(situation).find(({ by }) => by === person || isSamePerson(by, person));
  const also = before === undefined ? '' : `, as well as ${before.roles.join(' and ')}`;
  const summary = `${version} at ${commit.slice(0, 8)} as ${options.as}${also}`;
  if (context.dryRun) return result({ kind: 'wouldDo', summary: `sign off ${summary}` });
  context.world.stop.check();
  let standing: StoredEvent | null = null;
  const event = await context.ledger.append(
    RELEASE_STREAM,
    { kind: 'approval', version, role: options.as, commit, note: options.note ?? '' },
    {
      unless: (events) =>
        (standing =
          events.find(
            ({ body, by }) =>
              body.kind === 'approval' && body.role === options.as && body.commit === commit && stands(by),
          ) ?? null),
    },
  );
  return result(
    { kind: standing === null ? 'done' : 'alreadyDone', summary: `${event.by} signed off ${summary}` },
    { version, commit, role: options.as, by: event.by, at: event.at },
  );
};

function isCounted({ gates: { review } }: SlipwayConfig, role: string): boolean {
  return !('notApplicable' in review) && review.role === role;
}
