import { isDeepStrictEqual } from 'node:util';
import type { DeployedRelease } from '../ledger/events';
import type { Outcome } from '../ledger/outcome';
import type { Driver, InspectOptions } from './drivers/driver';
import { withLock, type LockOptions, type Session, type Step } from './session';

/** What a step asks its driver first, asked before the lock is held: asking takes longer than taking the lock. */
export interface EarlyAnswers {
  /** The driver, which gives each answer once instead of asking again. */
  readonly driver: Driver;
  /** Resolves when nothing is being asked any more. Never rejects: whoever takes an answer hears of its failure. */
  settled(): Promise<void>;
}

/** @param release the one that will be inspected, as far as one can tell; null where nobody can. */
export function askEarly(driver: Driver, release: DeployedRelease | null, options: InspectOptions = {}): EarlyAnswers {
  let inspection = release === null ? null : driver.inspect(release, options);
  let running: ReturnType<Driver['current']> | null = driver.current();
  const all = Promise.allSettled([inspection, running]);
  return {
    driver: {
      ...driver,
      inspect(wanted, { description } = {}) {
        const answer = isDeepStrictEqual(release, wanted) && options.description === description ? inspection : null;
        inspection = null;
        return answer ?? driver.inspect(wanted, { description });
      },
      current() {
        const answer = running;
        running = null;
        return answer ?? driver.current();
      },
    },
    settled: async () => void (await all),
  };
}

/**
 * {@link withLock}, and `ask` beside it. What was answered counts where the lock is `undisturbed`: nobody can have changed anything since.
 * Where it is not, `body` gets the driver as it is, and asks again.
 */
export async function withLockAndAnswers(
  step: Step & { readonly driver: Driver },
  ask: () => Promise<EarlyAnswers>,
  options: LockOptions,
  body: (session: Session, driver: Driver) => Promise<Outcome>,
): Promise<Outcome> {
  const early = ask();
  const over = Promise.allSettled([early.then((answers) => answers.settled())]);
  try {
    return await withLock(step, options, async (session) =>
      body(session, session.lock.undisturbed ? (await early).driver : step.driver),
    );
  } finally {
    await over;
  }
}
