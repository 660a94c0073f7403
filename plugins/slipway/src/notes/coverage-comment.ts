/** The last line of generated notes: which commits they tell of, so that a refresh knows what is new. */
const COMMENT = /^<!-- slipway: covers(?<ids>(?: [0-9a-f]{7,64})*) -->[ \t]*\r?$/gm;

/** Long enough to stay unambiguous in any repository that is read by people. */
const LENGTH = 12;

export interface CoverageComment {
  /** Where its line starts and ends, line end excluded. */
  readonly start: number;
  readonly end: number;
  readonly covers: (id: string) => boolean;
  readonly ids: readonly string[];
}

/** No commit can write or end such a comment: `<`, `>` and comments in code are neutralised in all that commits say. */
export function renderCoverage(ids: readonly string[]): string {
  return `<!-- ${['slipway: covers', ...new Set(ids.map((id) => id.slice(0, LENGTH)))].join(' ')} -->`;
}

/** The last one in a text; null where there is none, which makes the text somebody's own. */
export function findCoverage(text: string): CoverageComment | null {
  const match = [...text.matchAll(COMMENT)].at(-1);
  if (match === undefined) return null;
  const ids = (match.groups?.['ids'] ?? '').split(' ').filter((id) => id !== '');
  return {
    start: match.index,
    end: match.index + match[0].replace(/\r$/, '').length,
    ids,
    covers: (id) => ids.some((known) => id.startsWith(known)),
  };
}
