import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { parseCommit } from './parse-commit';

/** In a process of its own: the package exports an ES module only, which Jest's resolver does not find. */
const PARSE = `
import { CommitParser } from 'conventional-commits-parser';
const parser = new CommitParser({
  headerPattern: /^(\\w*)(?:\\(([^()]+)\\))?!?: (.*)$/,
  breakingHeaderPattern: /^(\\w*)(?:\\(([^()]+)\\))?!: (.*)$/,
});
let input = '';
for await (const chunk of process.stdin) input += chunk;
process.stdout.write(JSON.stringify(JSON.parse(input).map((message) => {
  const { type, scope, subject, notes } = parser.parse(message);
  return { type, scope: scope ?? null, subject, notes: notes.map((note) => note.text) };
})));
`;

interface Theirs {
  readonly type: string;
  readonly scope: string | null;
  readonly subject: string;
  readonly notes: readonly string[];
}

describe('parseCommit', () => {
  it('agrees with conventional-commits-parser where that one keeps to the specification', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/);
    const words = fc.array(word, { minLength: 1, maxLength: 5 }).map((list) => list.join(' '));
    const message = fc
      .record({
        type: word,
        scope: fc.option(word),
        mark: fc.boolean(),
        subject: words,
        body: fc.option(words),
        note: fc.option(words),
      })
      .map(({ type, scope, mark, subject, body, note }) =>
        [
          `${type}${scope === null ? '' : `(${scope})`}${mark ? '!' : ''}: ${subject}`,
          ...(body === null ? [] : [body]),
          ...(note === null ? [] : [`BREAKING CHANGE: ${note}`]),
        ].join('\n\n'),
      );
    const messages = fc.sample(message, { numRuns: 500, seed: 1 });
    const theirs = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--eval', PARSE], {
        cwd: __dirname,
        input: JSON.stringify(messages),
        encoding: 'utf8',
      }),
    ) as readonly Theirs[];

    expect(theirs).toHaveLength(500);
    for (const [index, text] of messages.entries()) {
      const { type, scope, subject, notes } = theirs[index]!;
      const ours = parseCommit(text);
      expect(ours).toMatchObject({ type, scope, subject, breaking: notes.length > 0 });
      if (text.includes('BREAKING CHANGE: ')) expect(ours?.breakingNote).toBe(notes[0]);
    }
  });
});
