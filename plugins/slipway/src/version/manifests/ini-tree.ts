import { ManifestError } from './editor';

export interface IniEntry {
  readonly section: string;
  readonly key: string;
  /** Each line of the value with its offset; the first one stands behind the key, and may be empty. */
  readonly lines: readonly { readonly start: number; readonly text: string }[];
  /** 1-based. */
  readonly line: number;
}

/**
 * An INI file as Python's configparser reads it: indented lines go on with the value before, `#` and `;` begin a comment line.
 * @throws {ManifestError} for a line that is nothing of that, and for a key or a section that stands twice.
 */
export function parseIni(path: string, content: string): readonly IniEntry[] {
  const entries: { section: string; key: string; line: number; lines: { start: number; text: string }[] }[] = [];
  const seen = new Set<string>();
  const once = (id: string, what: string, line: number): void => {
    if (seen.has(id)) throw new ManifestError(path, line, `${what} stands here twice`);
    seen.add(id);
  };
  let section: string | null = null;
  let goesOn = false;
  let line = 0;
  for (const { 0: text, index: start } of content.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    line += 1;
    const bare = text.trim();
    if (bare === '' || bare.startsWith('#') || bare.startsWith(';')) continue;
    const last = entries.at(-1);
    const indent = text.length - text.trimStart().length;
    if (indent > 0 && goesOn && last) {
      last.lines.push({ start: start + indent, text: bare });
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(bare)?.[1];
    if (header !== undefined) {
      once(header, `[${header}]`, line);
      section = header;
      goesOn = false;
      continue;
    }
    const separator = bare.search(/[=:]/);
    if (section === null || separator < 1)
      throw new ManifestError(path, line, 'a [section], or a key with "=" was expected');
    const key = bare.slice(0, separator).trim().toLowerCase().replaceAll('-', '_');
    once(`${section}\n${key}`, `"${key}" of [${section}]`, line);
    const value = bare.slice(separator + 1);
    const blank = value.length - value.trimStart().length;
    entries.push({
      section,
      key,
      line,
      lines: [{ start: start + indent + separator + 1 + blank, text: value.trim() }],
    });
    goesOn = true;
  }
  return entries;
}
