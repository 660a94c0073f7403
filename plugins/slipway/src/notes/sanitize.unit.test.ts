import fc from 'fast-check';
import { sanitizeInline, sanitizeLink } from './sanitize';

describe('sanitizeInline', () => {
  it.each([
    ['plain text', 'Filter tickets by state (#12), R&D & more', 'Filter tickets by state (#12), R&D & more'],
    ['names with underscores', 'keep snake_case_name and a+b', 'keep snake_case_name and a+b'],
    ['code', 'take `Array<T>` and ``a ` b``', 'take `Array<T>` and ``a ` b``'],
    ['colons', 'std::vector and a::b', 'std::vector and a::b'],
  ])('leaves %s as it is', (_, text, expected) => {
    expect(sanitizeInline(text)).toBe(expected);
  });

  it.each([
    ['HTML', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['entities', '&lt;b&gt; &#60;', '&amp;lt;b&amp;gt; &amp;#60;'],
    ['images', '![x](https://example.test/p.png)', '!\\[x\\](`https://example.test/p.png`)'],
    [
      'bare URLs',
      'see https://example.test/a_b, or www.example.test.',
      'see `https://example.test/a_b`, or `www.example.test`.',
    ],
    ['addresses of mail', 'mail a@example.test', 'mail `a@example.test`'],
    ['footnotes and tasks', '[^1] [ ] a', '\\[^1\\] \\[ \\] a'],
    ['comments', '<!-- a --> `<!-- b -->`', '&lt;!-- a --&gt; `‹!-- b -->`'],
    ['one tilde', 'a ~b~', 'a \\~b\\~'],
    ['text that runs backwards', 'a \u202eb\u2066c', 'a bc'],
    ['links', '[click](javascript:alert(1))', '\\[click\\](javascript:alert(1))'],
    ['emphasis', '*a* **b** __c__ ~~d~~', '\\*a\\* \\*\\*b\\*\\* \\_\\_c\\_\\_ \\~\\~d\\~\\~'],
    ['backslashes', '\\[a\\]', '\\\\\\[a\\\\\\]'],
    ['an unpaired backtick', 'a ` b', 'a \\` b'],
    ['an unpaired run before a span', '`` a `b`', '\\`\\` a `b`'],
    ['mentions', 'thanks @ada-l and @org/team', 'thanks `@ada-l` and `@org/team`'],
    ['a mention beside code', '`a`@ada`b`', '`a` `@ada` `b`'],
    ['a mention after a backtick', 'a `@ada', 'a \\` `@ada`'],
    ['a call to all', 'look @here, @channel @everyone', 'look ＠here, ＠channel ＠everyone'],
    ['a call to all in code', '`@here`', '`＠here`'],
    ["Slack's calls", '<!channel> <@U1> `<!here>`', '&lt;!channel&gt; &lt;`@U1`&gt; `‹!here>`'],
    ['versions of packages', 'take left-pad@1.2.0', 'take `left-pad@1.2.0`'],
    ['commands to a runner', '::set-output name=a::b', '\\:\\:set-output name=a::b'],
    ['old commands to a runner', 'x ##[error]y `##[add-path]z`', 'x ##\\[error\\]y `## [add-path]z`'],
    ['terminal escapes', '\u001b[31mred\u001b]0;t\u0007', 'red'],
    ['lines', 'a\r\nb\u2028# c', 'a b # c'],
    ['a heading', '# a', '\\# a'],
    ['a list', '- a', '\\- a'],
    ['a numbered list', '12. a', '12\\. a'],
    ['a rule', '---', '\\---'],
    ['a fence', '~~~ a', '\\~\\~\\~ a'],
  ])('neutralises %s', (_, text, expected) => {
    expect(sanitizeInline(text)).toBe(expected);
  });

  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '!',
          '[',
          ']',
          '(x)',
          '`',
          '``',
          '@',
          '@here',
          'a',
          ' ',
          '\\',
          '::',
          'error',
          '#',
          '-',
          '~',
          '_',
          '*',
          '\n',
          '\u001b[2J',
          '&',
          'lt;',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join(''));

  it('gives one line without controls, tags or calls to all, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = sanitizeInline(text);
        expect(safe).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(safe).not.toMatch(/@(?:here|channel|everyone)(?![a-z0-9])/i);
        expect(safe).not.toMatch(/<[!@#]/);
        expect(safe).not.toMatch(/##\[/);
        // Outside code no angle bracket and no unescaped square one. In one pass: a backslash within code escapes nothing.
        const prose = safe.replace(/\\[\\`]|(?<!(?<!\\)`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
        expect(prose).not.toMatch(/[<>`]/);
        expect(prose).not.toMatch(/(?<!\\)[[\]]/);
      }),
      { numRuns: 1_000, examples: [['`\\`'], ['``@hereerror']] },
    );
  });

  it('stays fast on hostile text', () => {
    const started = performance.now();
    sanitizeInline(Array.from({ length: 2_000 }, (_, index) => '`'.repeat(index % 700)).join(' '));
    sanitizeInline('[<@'.repeat(100_000));
    sanitizeInline('a'.repeat(200_000));
    sanitizeInline('a.'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('sanitizeLink', () => {
  it.each([
    ['https://example.test/a?b=c#d', '<https://example.test/a?b=c#d>'],
    ['help@example.test', '<help@example.test>'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['https://a.test/> <b>', '`https://a.test/`&gt; &lt;b&gt;'],
    ['the team, room 3', 'the team, room 3'],
  ])('%s becomes %s', (text, expected) => {
    expect(sanitizeLink(text)).toBe(expected);
  });
});
