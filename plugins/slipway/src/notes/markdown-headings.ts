export interface MarkdownHeading {
  readonly start: number;
  /** Of its line, line end excluded. */
  readonly end: number;
  readonly level: number;
  readonly title: string;
}

/** Headings of the levels 1 to 3, without those inside fenced code. A fence that nothing closes is taken for text. */
export function findHeadings(content: string): MarkdownHeading[] {
  const lines = [...content.matchAll(/^(\ufeff?)(.*?)\r?$/gm)].map((match) => ({
    // The byte order mark stays in front of all.
    start: match.index + (match[1]?.length ?? 0),
    text: match[2] ?? '',
  }));
  const headings: MarkdownHeading[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const { start, text } = lines[index] ?? { start: 0, text: '' };
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== undefined) {
      const close = lines.findIndex((line, at) => at > index && closes(line.text, fence));
      if (close >= 0) index = close;
      continue;
    }
    const heading = /^(#{1,3})[ \t]+(.*)$/.exec(text);
    if (heading === null) continue;
    const [, marks = '', title = ''] = heading;
    headings.push({ start, end: start + text.length, level: marks.length, title: title.trim() });
  }
  return headings;
}

function closes(line: string, fence: string): boolean {
  const mark = line.trim();
  return mark.startsWith(fence) && mark === fence.charAt(0).repeat(mark.length);
}
