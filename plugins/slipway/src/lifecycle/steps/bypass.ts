import { randomBytes } from 'node:crypto';
import { milliseconds } from '../../deploy/duration';
import type { EventOf, StoredEvent } from '../../ledger/events';
import { foldBypasses, type Bypass } from '../../ledger/emergency-state';
import { showMoment } from '../../render/moment';
import { subjectOf } from '../at-head';
import { command, result, type Step, type StepContext, type StepResult } from '../context';
import { covers, isExpired, isPassable, isSamePerson, isSpent, peopleOf } from '../emergency/bypass-for';
import { settle } from '../emergency/settle';
import { PASSABLE, POST_MORTEM } from '../emergency/passable';
import { tooShort } from '../emergency/words';
import { personOf } from '../person';
import { refusalOf, short, unmetOf, type Unmet } from '../preconditions';
import { readSituation, type Situation } from '../situation';
import { STEPS } from '../steps';

export interface BypassOptions {
  /** Checked by the step itself: Nx would refuse without the next command. */
  readonly env?: string;
  /** What happened, and why it can't wait. */
  readonly reason?: string;
  /** Debt that was made up for: `<bypass>/<id>`, or its id alone where no other has it. */
  readonly settle?: string;
  /** What was done about the debt. */
  readonly note?: string;
}

/**
 * The emergency lane: asks for a way around the preconditions that do not hold, or joins who asked before; or settles what an emergency
 * left to do.
 */
export const bypass: Step<BypassOptions> = async (context, options) => {
  if (options.settle !== undefined)
    return settle(context, { name: options.settle, note: options.note ?? '', environment: options.env ?? null });
  return ask(context, options.env ?? '', (options.reason ?? '').trim());
};

async function ask(context: StepContext, environment: string, reason: string): Promise<StepResult> {
  const situation = await readSituation(context);
  const data = { environment };
  const basics = unmetOf(STEPS.bypass.preconditions, { context, situation, environment });
  if (basics.length > 0) return result(refusalOf(basics), data);
  if (tooShort(reason)) return refused('reasonShort', ...shortReason(context, environment, reason));
  const problems = unmetOf(STEPS.deploy.preconditions, { context, situation, environment });
  const deploy = command(context, 'release-deploy', `--env=${environment}`);
  if (problems.length === 0)
    return refused('nothingToBypass', `nothing keeps this release from being deployed to ${environment}`, deploy);
  // A refusal, also where people are missing: what is asked for here can't be waited for.
  const never = problems.filter(({ id }) => !isPassable(id));
  if (never.length > 0) return result({ kind: 'refused', refusals: never }, data);
  return join({ context, situation, environment, reason, problems, deploy, person: await personOf(context.world.git) });
}

interface Request {
  readonly context: StepContext;
  readonly situation: Situation;
  readonly environment: string;
  readonly reason: string;
  readonly problems: readonly Unmet[];
  /** What is run once the bypass is granted. */
  readonly deploy: string;
  readonly person: string;
}

/** Joins the bypass that others asked for, where there is one that covers all that does not hold; else asks for a new one. */
async function join(request: Request): Promise<StepResult> {
  const { context, situation, environment, problems, deploy, person } = request;
  const people = context.config.emergency.people;
  const standing = joinable(situation.bypasses.get(environment) ?? [], request);
  const lines = told(standing, problems);
  if (standing !== null && peopleOf(standing).length >= people)
    return result(
      { kind: 'alreadyDone', summary: `bypass ${standing.id} is granted; go on with: ${deploy}` },
      { environment, bypass: standing.id },
      lines,
    );
  if (standing !== null && hasAsked(standing, person)) return samePerson(request, standing);
  const event = requestOf(request, standing);
  const over = event.preconditions.join(', ');
  if (context.dryRun) {
    const what = standing === null ? `ask for a bypass of ${over}` : `join bypass ${standing.id} of ${over}`;
    return result({ kind: 'wouldDo', summary: `${what} in ${environment}` }, { environment }, lines);
  }
  context.world.stop.check();
  let other: StoredEvent | null = null;
  const written = await context.ledger.append(environment, event, {
    unless: (events) => (other = meanwhile(events, request, standing)),
  });
  if (other !== null) return join({ ...request, situation: await readSituation(context) });
  const now = foldBypasses(await context.ledger.read(environment)).find(({ id }) => id === event.bypass);
  const lacking = people - (now === undefined ? 1 : peopleOf(now).length);
  const next =
    lacking > 0
      ? `${lacking === 1 ? 'one more person has' : `${lacking} more people have`} to join with: ${command(context, 'release-bypass', `--env=${environment}`, '--reason="…"')}`
      : `it is granted, for one deployment of ${short(event.commit)}: ${deploy}`;
  const who = written.by.replace(/ <.*/, '');
  return result(
    {
      kind: 'done',
      summary: `${who} ${standing === null ? 'asked for' : 'joined'} bypass ${event.bypass} of ${over} in ${environment}, until ${showMoment(event.validUntil)}; ${next}`,
    },
    { environment, bypass: event.bypass, granted: lacking <= 0, preconditions: event.preconditions },
    lines,
  );
}

/** The latest one that is still open and passes over all that does not hold. */
function joinable(
  bypasses: readonly Bypass[],
  { situation, problems }: Pick<Request, 'situation' | 'problems'>,
): Bypass | null {
  const open = bypasses.filter(
    (one) =>
      one.commit === situation.tree.head && !isSpent(one) && !isExpired(one, situation.now) && covers(one, problems),
  );
  return open.at(-1) ?? null;
}

function hasAsked({ requests }: Bypass, person: string): boolean {
  return requests.some(({ by }) => isSamePerson(by, person));
}

/** Somebody was quicker: with the same request, or by joining it. */
function meanwhile(events: readonly StoredEvent[], request: Request, standing: Bypass | null): StoredEvent | null {
  const fresh = joinable(foldBypasses(events), request);
  if (fresh === null || (fresh.id === standing?.id && !hasAsked(fresh, request.person))) return null;
  return events.findLast(({ body }) => body.kind === 'bypass.requested' && body.bypass === fresh.id) ?? null;
}

function requestOf({ context, situation, environment, reason, problems }: Request, standing: Bypass | null) {
  const version = subjectOf(situation).record?.version ?? '';
  const validFor = milliseconds(context.config.emergency.validFor);
  return {
    kind: 'bypass.requested',
    version,
    bypass: standing?.id ?? `${environment}-${version}-${randomBytes(3).toString('hex')}`,
    commit: situation.tree.head,
    reason,
    preconditions: standing?.preconditions ?? problems.map(({ id }) => id),
    validUntil: standing?.validUntil ?? new Date(situation.now.getTime() + validFor).toISOString(),
  } satisfies EventOf<'bypass.requested'>;
}

/** Who asked before and why, what would be passed over, and what that leaves to do. */
function told(standing: Bypass | null, problems: readonly Unmet[]): readonly string[] {
  const debts = [...problems.flatMap(({ id }) => PASSABLE[id]?.debt ?? []), POST_MORTEM.what];
  return [
    ...(standing?.requests ?? []).map(({ by, at, reason }) => `Asked for by ${by} at ${showMoment(at)}: ${reason}`),
    'Passed over would be:',
    ...problems.map(({ id, reason }) => `  ${id}: ${reason}`),
    'To do afterwards, before the next release:',
    ...debts.map((what) => `  ${what}`),
  ];
}

function samePerson({ context, environment, person }: Request, { id, requests }: Bypass): StepResult {
  const first = requests.find(({ by }) => isSamePerson(by, person));
  const again = first === undefined || first.by === person ? '' : ` (as ${first.by})`;
  return refused(
    'samePerson',
    `${person} asked for bypass ${id} already${again}; it takes ${context.config.emergency.people} different people`,
    `somebody else runs: ${command(context, 'release-bypass', `--env=${environment}`, '--reason="…"')}`,
  );
}

function shortReason(context: StepContext, environment: string, reason: string): readonly [string, string] {
  const what = reason === '' ? 'the reason is missing' : `the reason "${reason}" tells too little`;
  return [
    `${what}: it is what people go by later`,
    `say in a sentence what happened and why it can't wait: ${command(context, 'release-bypass', `--env=${environment}`, '--reason="…"')}`,
  ];
}

function refused(id: string, reason: string, remedy: string): StepResult {
  return result({ kind: 'refused', refusals: [{ id, reason, remedy }] });
}
