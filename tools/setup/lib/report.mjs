// One calm line per step: what, whether it was already there, how long it took.

/**
 * @typedef {object} Outcome
 * @property {boolean} changed Whether the step did anything.
 * @property {string} detail What is there now, in a few words.
 */

/** @typedef {(title: string, work: (note: (text: string) => void) => Promise<Outcome>) => Promise<Outcome>} Step */

/**
 * @param {{ quiet?: boolean, write?: (line: string) => void }} [options] `quiet` keeps the lines of steps that changed nothing to itself.
 * @returns {Step} Runs one step and prints its line; `note` prints a line of progress inside it.
 */
export function createStep({ quiet = false, write = (line) => process.stdout.write(`${line}\n`) } = {}) {
  return async (title, work) => {
    const start = Date.now();
    const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
    try {
      const outcome = await work((text) => write(`  · ${title}: ${text} (${seconds()})`));
      if (outcome.changed || !quiet) {
        write(`  ✓ ${title}: ${outcome.detail}${outcome.changed ? '' : ', already there'} (${seconds()})`);
      }
      return outcome;
    } catch (error) {
      write(`  ✗ ${title} (${seconds()})`);
      throw error;
    }
  };
}
