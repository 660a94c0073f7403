import fc from 'fast-check';
import { referencesIn } from './references';

describe('referencesIn', () => {
  it.each([
    ['fix: x (#12)', ['#12']],
    ['Closes: #1\nRefs: #3, #1', ['#1', '#3']],
    ['Fixes #12.', ['#12']],
    ['GH-12 and gh-13', ['GH-12', 'gh-13']],
    ['see org/repo#12, my.org/my-repo_1#3', ['org/repo#12', 'my.org/my-repo_1#3']],
    ['See merge request group/sub/project!12', ['group/sub/project!12']],
    ['part of !12', ['!12']],
    ['[#12](https://example.test/issues/13#14)', ['#12']],
    ['"#12"', ['#12']],
    ['a lone ` and #12\n\n#13 ` there', ['#12', '#13']],
    ['`#1` ``#2 ` #3`` #4', ['#4']],
    ['``#1` #2`', ['#1']],
    ['```\n#1\n\n#2\n```\n#3', ['#3']],
    ['~~~sh\n#1\n```\n#2\n~~~~\n#3', ['#3']],
    ['https://example.test/a#12 http://x/#3', []],
    ['C#12 and &#39; and #1#2x and ##3', []],
    ['#012 #0 #12a #1234567890 #', []],
    ['wow!12 FOOGH-12 a/GH-12', []],
  ])('finds in %j %j', (text, expected) => {
    expect(referencesIn(text)).toEqual(expected);
  });

  it('gives only what is there, each once', () => {
    const piece = fc.constantFrom('#', '1', '2', ' ', '`', '``', '\n', 'a', '/', 'GH-', '!', '://', '.', '-', '```\n');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => {
          const found = referencesIn(text);
          expect(new Set(found).size).toBe(found.length);
          for (const reference of found) expect(text).toContain(reference);
        },
      ),
    );
  });
});
