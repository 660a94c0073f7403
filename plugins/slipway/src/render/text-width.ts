import stringWidth from 'string-width';

/** Columns that a line takes: wide characters two, colours none. */
export { stringWidth };

const COLOR = /\u001b\[[\d;]*m/y;
const ELLIPSIS = '…';

/** Cuts a line to some columns, with an ellipsis. Colours that were begun are kept and ended. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  if (width <= 0) return '';
  let result = '';
  let left = width - 1;
  let at = 0;
  let colored = false;
  while (at < text.length) {
    COLOR.lastIndex = at;
    const color = COLOR.exec(text)?.[0];
    if (color !== undefined) {
      result += color;
      colored = true;
      at += color.length;
      continue;
    }
    const next = text.indexOf('\u001b', at);
    const plain = text.slice(at, next < 0 || next === at ? undefined : next);
    for (const { segment } of new Intl.Segmenter().segment(plain)) {
      const columns = stringWidth(segment);
      if (columns > left) return `${result}${ELLIPSIS}${colored ? '\u001b[0m' : ''}`;
      result += segment;
      left -= columns;
    }
    at += plain.length;
  }
  return result;
}

export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Breaks text between words into lines of some columns. A longer word (a path, a command) stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(joined) > width) {
      lines.push(line);
      line = word;
    } else line = joined;
  }
  lines.push(line);
  return lines;
}
