/**
 * Runs contestants in turn, round after round, so that what else the machine does falls on all of them alike.
 * @param {number} rounds
 * @param {Readonly<Record<string, () => Promise<number>>>} contestants each gives its milliseconds
 * @param {(done: number, all: number, name: string) => void} progress
 * @returns {Promise<Record<string, Sample>>}
 *
 * @typedef {{ median: number, n: number, all: number[] }} Sample milliseconds
 */
export async function inTurn(rounds, contestants, progress) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, name] of names.entries()) {
      progress(round * names.length + index + 1, rounds * names.length, name);
      times[name].push(await contestants[name]());
    }
  }
  return Object.fromEntries(names.map((name) => [name, sampleOf(times[name])]));
}

/** @param {number[]} all milliseconds @returns {Sample} */
export function sampleOf(all) {
  const sorted = [...all].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, n: all.length, all: all.map((time) => Math.round(time * 10) / 10) };
}
