import { sanitizeBlocks } from './blocks';

describe('sanitizeBlocks', () => {
  const markdown = (text: string): string =>
    sanitizeBlocks(text)
      .map(({ lines }) => lines.join('\n'))
      .join('\n\n');

  it.each([
    ['paragraphs', 'One\ntwo.\n\n\nThree.', 'One two.\n\nThree.'],
    ['a list', 'Do:\n- a\n  more\n\n* b\n\nEnd', 'Do:\n\n- a more\n- b\n\nEnd'],
    ['numbers', '1) a\n2. b', '1. a\n2. b'],
    ['code', '~~~ts\na\n~~~\nb', '```ts\na\n```\n\nb'],
    ['backticks in code', '````\n```\nx\n````', '````\n```\nx\n````'],
    ['a fence that nothing closes', '```\n# x', '\\`\\`\\` # x'],
    ['headings and quotes', '# a\n\n> b', '\\# a\n\n&gt; b'],
    ['what would begin a table', 'a | b\n:- | -:', 'a | b :- | -:'],
    ['an info string that does more', '``` js {onload=x}\na\n```', '```\na\n```'],
    ['calls to all in code', '```\n@channel\n::error::x\n```', '```\n＠channel\n: :error::x\n```'],
    ['nothing', ' \n\n', ''],
  ])('writes %s anew', (_, text, expected) => {
    expect(markdown(text)).toBe(expected);
  });

  it('stays fast on hostile text', () => {
    const started = performance.now();
    sanitizeBlocks('```\n'.repeat(2_000) + '~~~\n'.repeat(2_001) + '- \n'.repeat(2_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
