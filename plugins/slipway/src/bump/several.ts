/** Items at a time: as many as Node has threads for files. */
const WIDTH = 4;

/**
 * Does the same for each item, several at a time, and gives the results in the order of the items.
 * After an error nothing more begins, and what had begun has ended when it is thrown.
 */
export async function several<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const errors: unknown[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) {
      try {
        results[index] = await work(item);
      } catch (error) {
        errors.push(error);
      }
      if (errors.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
