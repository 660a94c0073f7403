/** Milliseconds to wait before try `attempt` + 1: exponential, with full jitter, so that racers part ways. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(1_500, 40 * 2 ** Math.min(attempt, 10));
  return Math.round(10 + random() * ceiling);
}
