/**
 * What {@link parseAddedLines} expects of `git diff` or `git show`: no setting of the repository, its attributes or the user
 * changes the form of the answer. A patch has no `-z` form; unusual paths come quoted, and are unquoted here.
 * Add `--text` to see the lines of files that git takes for binary (or that an attribute declares so) as well.
 */
export const DIFF_OPTIONS = [
  '--patch',
  '--unified=0',
  '--inter-hunk-context=0',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
] as const;

export interface AddedLine {
  /** 1-based, in the new file. */
  readonly line: number;
  /** Without its line feed; a carriage return before it stays. */
  readonly text: string;
}

export interface AddedFile {
  /** In the new commit, relative to the root of the repository. */
  readonly path: string;
  readonly lines: readonly AddedLine[];
}

export interface AddedLines {
  /** Files with added or changed lines, in the diff's order. */
  readonly files: readonly AddedFile[];
  /** Changed or added files of which git shows no lines. */
  readonly binary: readonly string[];
}

/** The text is no whole diff in the form of {@link DIFF_OPTIONS}: it breaks off, or holds a merge's combined diff. */
export class DiffError extends Error {
  override readonly name = 'DiffError';
}

/**
 * The lines that a diff adds, by file. Lines are taken by the counts in the hunks' headers, so that content which looks
 * like a header is never taken for one.
 * @param diff output of `git diff` with {@link DIFF_OPTIONS}; empty where nothing changed
 * @throws {DiffError}
 */
export function parseAddedLines(diff: string): AddedLines {
  const files: AddedFile[] = [];
  const binary: string[] = [];
  const reader = new LineReader(diff);
  while (!reader.done) {
    const header = reader.next();
    if (!header.startsWith('diff --git ')) throw new DiffError(`expected the start of a file at line ${reader.number}`);
    const file = readFile(reader, header);
    if (file.binary) binary.push(file.path);
    else if (file.lines.length > 0) files.push({ path: file.path, lines: file.lines });
  }
  return { files, binary };
}

interface FileDiff extends AddedFile {
  readonly binary: boolean;
}

function readFile(reader: LineReader, header: string): FileDiff {
  const lines: AddedLine[] = [];
  let path = pathOfHeader(header);
  let deleted = false;
  let binary = false;
  for (let text = reader.peek(); text !== null && !text.startsWith('diff --git '); text = reader.peek()) {
    reader.next();
    if (text.startsWith('rename to ') || text.startsWith('copy to '))
      path = readPath(text.slice(text.indexOf('to ') + 3));
    else if (text.startsWith('deleted file mode ')) deleted = true;
    else if (text.startsWith('+++ ')) {
      const name = readPath(text.slice(4));
      deleted = name === '/dev/null';
      if (!deleted) path = withoutPrefix(name, 'b/');
    } else if (text.startsWith('@@ ')) readHunk(reader, text, lines);
    else if (text.startsWith('Binary files ')) binary = true;
    else if (text === 'GIT binary patch') {
      binary = true;
      skipBinaryPatch(reader);
    } else if (!isHeaderLine(text)) throw new DiffError(`unexpected text at line ${reader.number}`);
  }
  if (path === null) throw new DiffError(`a file without a name, before line ${reader.number}`);
  return { path, lines, binary: binary && !deleted };
}

function isHeaderLine(text: string): boolean {
  return /^(--- |index |old mode |new mode |new file mode |similarity index |dissimilarity index |rename from |copy from )/.test(
    text,
  );
}

const HUNK = /^@@ -\d{1,10}(?:,(\d{1,10}))? \+(\d{1,10})(?:,(\d{1,10}))? @@/;

function readHunk(reader: LineReader, header: string, lines: AddedLine[]): void {
  const match = HUNK.exec(header);
  if (!match) throw new DiffError(`no header of a hunk at line ${reader.number}`);
  let removed = Number(match[1] ?? 1);
  let line = Number(match[2]);
  let added = Number(match[3] ?? 1);
  while (removed > 0 || added > 0) {
    if (reader.done) throw new DiffError('breaks off within a hunk');
    const text = reader.next();
    const sign = text[0];
    if (sign === '+' && added > 0) {
      lines.push({ line, text: text.slice(1) });
      line += 1;
      added -= 1;
    } else if (sign === '-' && removed > 0) removed -= 1;
    else if (sign === ' ' && added > 0 && removed > 0) {
      line += 1;
      added -= 1;
      removed -= 1;
    } else if (sign !== '\\') throw new DiffError(`not a line of a hunk at line ${reader.number}`);
  }
  // "\ No newline at end of file", in whatever language.
  if (reader.peek()?.startsWith('\\')) reader.next();
}

/** Its blocks are lines of base 85, each block ended by an empty line. */
function skipBinaryPatch(reader: LineReader): void {
  for (let text = reader.peek(); text !== null && !text.startsWith('diff --git '); text = reader.peek()) reader.next();
}

/** The name after `b/` where both names are the same, as they are unless `rename to` says otherwise; null for others. */
function pathOfHeader(header: string): string | null {
  const names = header.slice('diff --git '.length);
  if (names.startsWith('"')) {
    const second = /^"(?:[^"\\]|\\.)*" (".*")$/.exec(names)?.[1];
    return second === undefined ? null : withoutPrefix(unquote(second), 'b/');
  }
  const length = (names.length - 'a/ b/'.length) / 2;
  const path = names.slice(2, 2 + length);
  return Number.isInteger(length) && names === `a/${path} b/${path}` ? path : null;
}

/** Git ends an unquoted name that holds a space with a tab. */
function readPath(text: string): string {
  return text.startsWith('"') ? unquote(text.replace(/\t$/, '')) : text.replace(/\t$/, '');
}

function withoutPrefix(path: string, prefix: string): string {
  if (!path.startsWith(prefix)) throw new DiffError(`a path without the prefix ${prefix}`);
  return path.slice(prefix.length);
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** As git quotes paths: C's escapes, bytes beyond ASCII as three octal digits. */
function unquote(text: string): string {
  if (text.length < 2 || !text.endsWith('"')) throw new DiffError('a quoted path without its end');
  const bytes: Buffer[] = [];
  for (const [part, octal, escape] of text.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+|\\/gsu)) {
    if (octal !== undefined) bytes.push(Buffer.from([parseInt(octal, 8) & 0xff]));
    else if (escape !== undefined || part === '\\') {
      const code = ESCAPES[escape ?? ''];
      if (code === undefined) throw new DiffError('a quoted path with an unknown escape');
      bytes.push(Buffer.from([code]));
    } else bytes.push(Buffer.from(part, 'utf8'));
  }
  return Buffer.concat(bytes).toString('utf8');
}

/** Lines one by one, without splitting a large text at once. */
class LineReader {
  #at = 0;
  /** 1-based, of the line read last. */
  number = 0;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.#at >= this.text.length;
  }

  peek(): string | null {
    return this.done ? null : this.text.slice(this.#at, this.#end());
  }

  next(): string {
    const end = this.#end();
    const line = this.text.slice(this.#at, end);
    this.#at = end + 1;
    this.number += 1;
    return line;
  }

  #end(): number {
    const end = this.text.indexOf('\n', this.#at);
    return end < 0 ? this.text.length : end;
  }
}
