/** Runs one piece of work after the other, in the order of asking. Not re-entrant. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

export function createMutex(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    // The next one waits for the end, whichever it is; the failure itself goes to whoever asked.
    last = mine.catch(() => undefined);
    return mine;
  };
}
