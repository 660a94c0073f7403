import { stripVTControlCharacters } from 'node:util';

/** How much of a failure's text is looked at. Stack traces of hostile or runaway tests can be megabytes. */
const HEAD = 4_096;
const TAIL = 4_096;

export function clip(text: string): string {
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`;
}

/** The first line that says something, without colours, at most 300 characters. */
export function firstLine(text: string): string {
  const line = stripVTControlCharacters(clip(text))
    .split('\n')
    .find((candidate) => candidate.trim() !== '');
  return (line ?? '').trim().slice(0, 300);
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

const PYTEST = /^([^\s:][^:\n]{0,400}\.py):(\d{1,7}): /gm;
const PYTHON_TRACEBACK = /^\s*File "([^"\n]{1,400})", line (\d{1,7})/gm;
const JAVASCRIPT_FRAME = /^\s{1,20}at (?:[^\n]{0,300}\()?((?:file:\/\/)?[^()\s:]{1,400}):(\d{1,7}):\d{1,7}\)?$/gm;

/** Where a failure's text points to: the last frame of a Python trace, the first JavaScript frame outside dependencies. */
export function locate(text: string): Place | null {
  const clipped = stripVTControlCharacters(clip(text));
  const python = places(PYTEST, clipped).at(-1) ?? places(PYTHON_TRACEBACK, clipped).at(-1);
  return python ?? places(JAVASCRIPT_FRAME, clipped).find(isOwnCode) ?? null;
}

function isOwnCode(place: Place): boolean {
  return !place.file.includes('node_modules/') && !place.file.startsWith('node:');
}

function places(pattern: RegExp, text: string): Place[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    file: (match[1] ?? '').replace(/^file:\/\//, ''),
    line: Number(match[2]),
  }));
}
