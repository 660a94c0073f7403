/** What is being done: on a terminal one line that changes, elsewhere a line each time that something new begins. */
export function createProgress(stream = process.stderr) {
  let shown = false;
  let last = '';
  return {
    /** @param {string} title @param {string} [detail] changes often: shown on a terminal only */
    show(title, detail = '') {
      if (stream.isTTY) {
        stream.write(`\r\x1b[2K${`${title} ${detail}`.trimEnd().slice(0, (stream.columns ?? 80) - 1)}`);
        shown = true;
      } else if (title !== last) stream.write(`${title}\n`);
      last = title;
    },
    end() {
      if (shown) stream.write('\r\x1b[2K');
      shown = false;
    },
  };
}
