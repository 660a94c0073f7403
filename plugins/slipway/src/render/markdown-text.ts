import { oneLine } from './neutralise';

/** Shows nothing; keeps what stands around it from being read as one word. */
const JOINER = '&#8288;';

/**
 * Text that others wrote as Markdown that shows just this text: every character that could begin markup, a formula, a link, a mention or
 * a reference to an issue is escaped or parted from what follows.
 */
export function plain(text: string): string {
  return (
    oneLine(text)
      .replace(/&/g, '&amp;')
      .replace(/[\\`*_{}[\]<>()+!|~$=-]/g, '\\$&')
      .replace(/^(\d{1,9})(\.|\\\))(?=\s|$)/, (_, digits: string, mark: string) => `${digits}\\${mark.at(-1)}`)
      // Renderers look for these in the text that Markdown has made, so escaping alone does not hold them off.
      .replace(/#/g, `\\#${JOINER}`)
      .replace(/@/g, `@${JOINER}`)
      .replace(/:(?=\/\/)|(?:mailto|xmpp):/gi, `$&${JOINER}`)
      .replace(/www(?=\.)/gi, `$&${JOINER}`)
      .replace(/GH(?=\\-\d)/gi, `$&${JOINER}`)
  );
}

/** The same as a code span, for paths and commands outside of tables; its fence is longer than any run of backticks inside. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === '') return '';
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}
