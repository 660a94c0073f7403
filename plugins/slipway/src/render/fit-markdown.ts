/** What a run's summary on GitHub may hold in all; one that is larger is not shown at all. */
export const SUMMARY_LIMIT = 1024 * 1024;

const NOTE = '_The summary was cut here: there is no room for more. The rest is in the verdict files._';

/**
 * Cuts Markdown to a number of bytes: between lines, with a closing note, and with code fences and details closed and no table left
 * without its rows. Empty where not even the note fits.
 */
export function fitMarkdown(text: string, bytesLeft: number): string {
  if (Buffer.byteLength(text) <= bytesLeft) return text;
  const lines = text.split('\n');
  const kept: string[] = [];
  const state = new OpenBlocks();
  let bytes = 0;
  let best: string | null = null;
  let bytesOfBest = 0;
  for (const [index, line] of lines.entries()) {
    if (!isInsideTableHead(lines, index)) {
      const ending = `${state.closing()}\n${NOTE}\n`;
      if (bytes + Buffer.byteLength(ending) > bytesLeft) {
        // A longer beginning may close what is open and so need fewer bytes at its end, but not by more than it adds.
        if (bytes > bytesLeft) break;
      } else {
        best = ending;
        bytesOfBest = kept.length;
      }
    }
    kept.push(line);
    bytes += Buffer.byteLength(line) + 1;
    state.read(line);
  }
  return best === null ? '' : [...kept.slice(0, bytesOfBest), best].join('\n');
}

/** Whether a cut before this line would part a table's head from its delimiter row or its first row. */
function isInsideTableHead(lines: readonly string[], index: number): boolean {
  const isRow = (at: number): boolean => (lines[at] ?? '').startsWith('|');
  const isDelimiter = (at: number): boolean => /^\|(?: *:?-+:? *\|)+$/.test(lines[at] ?? '');
  return isDelimiter(index) || (isDelimiter(index - 1) && isRow(index));
}

/** What is open after the lines that were read. */
class OpenBlocks {
  private fence: string | null = null;
  private details = 0;

  read(line: string): void {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    const marks = fence?.[1];
    if (this.fence !== null) {
      if (marks?.startsWith(this.fence) === true && fence?.[2]?.trim() === '') this.fence = null;
    } else if (marks !== undefined) this.fence = marks;
    else if (line.startsWith('<details')) this.details += 1;
    else if (line.startsWith('</details>')) this.details = Math.max(0, this.details - 1);
  }

  /** Lines that close it, each with its line end. */
  closing(): string {
    const fence = this.fence === null ? '' : `${this.fence}\n`;
    return `${fence}${'\n</details>\n'.repeat(this.details)}`;
  }
}
