import { EngineError } from '../image/engine';
import { errorMessage } from '../io/error-message';
import { RunError } from '../io/exec';
import { StoppedError, type World } from '../io/world';
import type { Assets } from './assets';
import { DatabaseError } from './database/database';
import type { LedgerEventBody } from '../ledger/events';
import { LedgerError, LockHeldError, type HeldLock, type Ledger } from '../ledger/ledger';
import type { Outcome } from '../ledger/outcome';

/** What a person runs next; the caller knows the projects' and targets' names. */
export interface StepCommands {
  readonly deploy: string;
  readonly verify: string;
  readonly rollback: string;
  readonly status: string;
}

/** What every step on an environment needs. */
export interface Step {
  readonly world: World;
  readonly ledger: Ledger;
  /** Name of the environment; its stream in the ledger has the same one. */
  readonly environment: string;
  readonly commands: StepCommands;
  /** Anchors and database; without them a release is all that is moved. */
  readonly assets?: Assets;
}

/** One step's time under the environment's lock. */
export interface Session extends Step {
  readonly lock: HeldLock;
  /** Whether services may have been changed: from then on a failure is not "nothing changed". */
  touched: boolean;
}

/** Milliseconds that the lock lasts without a sign of life; it is renewed in the background. */
export const LOCK_TTL = 2 * 60_000;
/** Milliseconds to wait for a holder that is being stopped: an executor whose `nx` was killed is gone three seconds later. */
const PATIENCE = 5_000;
/** Milliseconds for each of the last words once a stop was requested: outcome and lock together stay below three seconds. */
const LAST_WORDS = 1_200;

export interface LockOptions {
  readonly reason: string;
  /** What runs the step again. */
  readonly command: string;
  /** Milliseconds until others may take the lock from a host that is gone. */
  readonly ttl: number;
  readonly version?: string;
  /** Why a lock that someone holds is broken; see {@link AcquireOptions.steal}. */
  readonly steal?: string;
}

/**
 * Holds the environment's lock around `body`, and turns what goes wrong into the outcome that is true of it.
 * Errors that no step foresees are thrown on, after the lock is free.
 */
export async function withLock(
  step: Step,
  options: LockOptions,
  body: (session: Session) => Promise<Outcome>,
): Promise<Outcome> {
  let lock: HeldLock;
  try {
    step.world.stop.check();
    const { reason, ttl, version, steal, command } = options;
    lock = await step.ledger.acquire(step.environment, {
      reason,
      ttl,
      wait: PATIENCE,
      command,
      ...(version === undefined ? {} : { version }),
      ...(steal === undefined ? {} : { steal }),
    });
  } catch (error) {
    if (error instanceof LockHeldError) {
      return { kind: 'refused', refusals: [{ id: 'lockFree', reason: error.message, remedy: error.remedy }] };
    }
    return outcomeOf(error, step, false, options.command);
  }
  const session: Session = { ...step, lock, touched: false };
  try {
    return await body(session);
  } catch (error) {
    return outcomeOf(error, step, session.touched, options.command);
  } finally {
    await freeLock(step, lock);
  }
}

/** A lock that can't be freed does not change how the step ended: it expires by itself. */
async function freeLock({ world, environment }: Step, lock: HeldLock): Promise<void> {
  try {
    await lastWord(world, `free the lock of ${environment}`, () => lock.release());
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    world.log.warn(`The lock of ${environment} could not be freed (${error.message}): it expires by itself`);
  }
}

/** The outcome that an error amounts to. Throws on what is no foreseen failure. */
function outcomeOf(error: unknown, { world, commands }: Step, touched: boolean, command: string): Outcome {
  const known = describeError(error, world);
  if (known === null) throw error;
  if (touched)
    return {
      kind: 'unknown',
      reason: `${known.reason}, while services may have been changed`,
      findOut: commands.status,
    };
  return { kind: 'failed', reason: known.reason, remedy: known.remedy ?? command };
}

function describeError(
  error: unknown,
  world: World,
): { readonly reason: string; readonly remedy: string | null } | null {
  if (wasStopped(error, world)) return { reason: stopReason(world), remedy: null };
  if (error instanceof LedgerError || error instanceof EngineError || error instanceof DatabaseError)
    return { reason: error.message, remedy: error.remedy };
  if (error instanceof RunError) return { reason: error.message, remedy: null };
  return null;
}

/** Children of the process die before it: the death of one while we are being stopped is no failure of its own. */
export function wasStopped(error: unknown, world: World): boolean {
  return (
    error instanceof StoppedError || world.stop.requested || (error instanceof RunError && error.failure === 'stopped')
  );
}

export function stopReason(world: World): string {
  return world.stop.reason === null ? 'it was stopped' : `it was stopped (${world.stop.reason})`;
}

/**
 * Appends an event under the lock. While being stopped it takes a moment at most, and a failure to write is only said.
 * @param last whether nothing follows it: then the same push frees the lock.
 */
export async function record(session: Session, body: LedgerEventBody, { last = false } = {}): Promise<void> {
  await lastWord(session.world, `record ${body.kind} in the ledger`, async () => {
    await session.ledger.append(session.environment, body, { lock: session.lock, ...(last ? { release: true } : {}) });
  });
}

async function lastWord(world: World, what: string, work: () => Promise<void>): Promise<void> {
  if (!world.stop.requested) return work();
  const clock = (world.finishing ?? world).clock;
  try {
    const written = await Promise.race([work().then(() => true), clock.sleep(LAST_WORDS).then(() => false)]);
    if (!written) world.log.warn(`Could not ${what} in the time left`);
  } catch (error) {
    world.log.warn(`Could not ${what}: ${errorMessage(error)}`);
  }
}
