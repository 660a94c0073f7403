/** Tells the story: chapters with the time gone by, and what is said in between. */
export function createNarrator({ write = (line) => console.log(line), now = () => Date.now() } = {}) {
  const start = now();
  const clock = () => {
    const seconds = Math.round((now() - start) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  return {
    /** @param {string} title */
    chapter: (title) => write(`\n━━ ${clock()} ━━ ${title}\n`),
    /** @param {string} line */
    say: (line) => write(`   ${line}`),
    /** A command as a person would type it. @param {readonly string[]} argv */
    command: (argv) => write(`\n$ ${argv.join(' ')}`),
    line: write,
    end: () => write(`\nThe demo took ${clock()} minutes.`),
  };
}
