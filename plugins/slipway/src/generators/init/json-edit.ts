import { applyEdits, modify, parse, type JSONPath, type ModificationOptions } from 'jsonc-parser';

/** Reads JSON with comments. */
export function parseJson(text: string): unknown {
  return parse(text, [], { allowTrailingComma: true });
}

/** The text with one value set; comments, order and everything else stay. `insert` puts it before the array item that the path names. */
export function setInJson(text: string, path: JSONPath, value: unknown, { insert = false } = {}): string {
  return applyEdits(text, modify(text, path, value, { isArrayInsertion: insert, formattingOptions: styleOf(text) }));
}

function styleOf(text: string): NonNullable<ModificationOptions['formattingOptions']> {
  const indent = /^[ \t]+(?=\S)/m.exec(text)?.[0] ?? '  ';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
