import type { World } from '../io/world';
import { isDecided } from './judge-sequence';
import { NO_COURSE, proceed, type Course, type Task } from './task';

/** A task on its way. */
export interface Run {
  readonly task: Task;
  course: Course;
}

export function runOf(task: Task): Run {
  return { task, course: NO_COURSE };
}

export interface Following {
  readonly world: Pick<World, 'clock' | 'stop'>;
  /** Whether there is something left to measure; asked before each measurement and while waiting for it. */
  readonly goesOn: (run: Run) => boolean;
  /** After each measurement. */
  readonly measured: (run: Run) => void;
}

/** Milliseconds after which waiting looks whether it is still wanted. */
const SLICE = 250;

/**
 * Measures a task every interval while it is wanted.
 * @throws when the step is being stopped.
 */
export async function follow(run: Run, { world, goesOn, measured }: Following): Promise<void> {
  const pause = async (length: number) => {
    const due = world.clock.now().getTime() + length;
    for (;;) {
      world.stop.check();
      const left = due - world.clock.now().getTime();
      if (left <= 0 || !goesOn(run)) return;
      await world.clock.sleep(Math.min(SLICE, left));
    }
  };
  await pause(run.task.initialDelay);
  while (goesOn(run)) {
    world.stop.check();
    const attempt = await run.task.measure();
    run.course = proceed(run.course, attempt, run.task.rules, world.clock.now());
    measured(run);
    await pause(run.task.interval);
  }
}

/** Whether nothing that is measured any more can change the verdict. */
export function isSettled({ course }: Run): boolean {
  return isDecided(course.tally.standing);
}

export function isHealthy({ course }: Run): boolean {
  return course.tally.standing === 'healthy';
}

/** What a person reads about the latest measurement while there is no verdict. */
export function progressOf({ task, course }: Run): string {
  const { begun, conclusive, waited, standing } = course.tally;
  const where = begun
    ? standing === 'measuring' && conclusive >= task.rules.count
      ? 'looking again'
      : `measurement ${conclusive} of ${task.rules.count}`
    : `attempt ${waited} of ${task.rules.attempts}`;
  return `${task.name}: ${course.last?.seen ?? ''} (${where})`;
}
