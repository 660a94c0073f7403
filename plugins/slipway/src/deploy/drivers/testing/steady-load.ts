/** What was asked of an address while something else went on. */
export interface Load {
  readonly requests: number;
  /** What went wrong, one line each. */
  readonly failures: readonly string[];
  /** First words of the answers that came. */
  readonly seen: ReadonlySet<string>;
}

/** Asks `url` again and again, `clients` at a time, until `work` is done and a moment longer. */
export async function underLoad<T>(
  url: string,
  work: () => Promise<T>,
  clients = 4,
): Promise<{ readonly result: T; readonly load: Load }> {
  let done = false;
  let requests = 0;
  const failures: string[] = [];
  const seen = new Set<string>();
  const client = async () => {
    while (!done) {
      requests += 1;
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
        const text = await answer.text();
        if (answer.status === 200) seen.add(text.split(' ')[0] ?? '');
        else failures.push(`status ${answer.status}`);
      } catch (error) {
        failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  try {
    const result = await work();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return { result, load: { requests, failures, seen } };
  } finally {
    done = true;
    await all;
  }
}
