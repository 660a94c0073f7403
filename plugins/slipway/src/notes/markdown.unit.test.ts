import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { PlannedCommit } from '../plan/release-plan';
import { plannedCommit } from '../testing/plan';
import { renderChangelogSection } from './changelog';
import { findCoverage } from './coverage-comment';
import { refreshNotes } from './refresh';
import { renderNotes, type ReleaseNotes } from './release-notes';
import { linksOf } from './remote-links';

interface Node {
  readonly type: string;
  readonly url?: string;
  readonly value?: string;
  readonly depth?: number;
  readonly children?: readonly Node[];
}

/** As GitHub reads it: tables, footnotes, task lists, strikethrough, and links of bare addresses. */
function nodesOf(markdown: string): Node[] {
  const flat = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flat)];
  return flat(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
}

const PIECES = [
  ...[
    '<',
    '>',
    '<b>',
    '</b>',
    '<!--',
    '-->',
    '<!-- slipway: covers -->',
    '<script>',
    '<img src=x>',
    '&lt;',
    '&#60;',
    '&',
  ],
  ...['![', '[', ']', '](', '](x)', '(x)', '[^1]', '[^1]: x', '[ ]', '[x] ', '[a]: https://a.test', '<https://a.test>'],
  ...[
    'https://a.test/x',
    'http://a.test',
    'www.a.test',
    'a@a.test',
    'mailto:a@a.test',
    'xmpp:a@a.test',
    'ftp://a.test',
  ],
  ...[
    '@',
    '@here',
    '@ada',
    '#12',
    'acme/shop#3',
    '::',
    '::error::',
    '##[x]',
    '\u001b[2J',
    '\u202e',
    '\u200b',
    '\ufeff',
  ],
  ...[
    '`',
    '``',
    '```',
    '~~~',
    '~',
    '~~',
    '*',
    '**',
    '_',
    '__',
    '\\',
    '|',
    '---',
    '===',
    '| - |',
    ':-',
    '# ',
    '- ',
    '1. ',
  ],
  ...['{{entry}}', '{{{x}}}', '{{> header}}', 'a', 'b', ' ', '  ', '    ', '\t', '.', '!', ':', '/', '\r\n', '\u2028'],
];
const words = (separators: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...PIECES, ...separators), fc.string({ unit: 'binary', maxLength: 3 })), {
      maxLength: 16,
    })
    .map((pieces) => pieces.join(''));
const line = words([]);
const text = words(['\n', '\n\n', '\n\n', '\n- ', '\n```\n', '\n> ', '\n    ', '\n# ', '\n---\n', '\n1) ']);

const hostile: fc.Arbitrary<PlannedCommit> = fc
  .record({
    id: fc.stringMatching(/^[0-9a-f]{40}$/),
    author: line,
    email: fc.constantFrom('a@b.test', 'c@d.test', ''),
    type: fc.constantFrom('feat', 'fix', 'perf', 'docs', 'revert', 'chore'),
    scope: fc.option(line),
    subject: line,
    breaking: fc.boolean(),
    breakingNote: fc.option(text),
    references: fc.array(fc.oneof(fc.constantFrom('#12', 'acme/shop#3'), line), { maxLength: 2 }),
  })
  .map((change) => plannedCommit({ ...change, projects: ['web'] }));

const HOME = 'https://github.com/acme/shop';
const RELEASE: ReleaseNotes = {
  version: '1.2.0',
  date: '2026-11-22',
  commits: [],
  since: { name: 'v1.1.0', tag: 'v1.1.0' },
  tag: 'v1.2.0',
  support: {},
};
const facts = fc
  .record({
    commits: fc.array(hostile, { maxLength: 4 }),
    linked: fc.boolean(),
    name: line,
    understated: fc.option(line),
  })
  .map(({ commits, linked, name, understated }): ReleaseNotes => ({
    ...RELEASE,
    commits,
    understated,
    links: linked ? linksOf(HOME) : null,
    projects: [{ name: name || 'web', current: '1.0.0', next: '3.0.0' }],
  }));

/** Text that does nothing but show: no node beyond those of the template's own structure. */
function expectHarmless(markdown: string, { headings, comments }: { headings: RegExp; comments: number }): void {
  const nodes = nodesOf(markdown);
  const of = (type: string): Node[] => nodes.filter((node) => node.type === type);
  expect(of('html').map(({ value }) => value?.replace(/covers[ 0-9a-f]*/, 'covers '))).toEqual(
    Array.from({ length: comments }, () => '<!-- slipway: covers -->'),
  );
  for (const { url } of of('link')) expect(url).toMatch(/^https:\/\/github\.com\/acme\/[\w/.-]+$/);
  for (const type of [
    'image',
    'imageReference',
    'linkReference',
    'definition',
    'footnoteReference',
    'footnoteDefinition',
  ])
    expect(of(type)).toEqual([]);
  for (const type of ['emphasis', 'delete', 'thematicBreak']) expect(of(type)).toEqual([]);
  expect(of('table').length).toBeLessThanOrEqual(1);
  for (const heading of of('heading')) expect(headingText(heading)).toMatch(headings);
  for (const node of nodes) {
    if (node.type === 'text' || node.type === 'code' || node.type === 'inlineCode') {
      expect(node.value).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(node.value).not.toMatch(/@(?:here|channel|everyone)(?![a-z0-9])/i);
    }
    if (node.type === 'text') expect(node.value).not.toMatch(/@\w/);
  }
  expect(markdown).not.toMatch(/^\s*(?:[-*] )?::[a-z]+[^:]*::/m);
}

function headingText(node: Node): string {
  return `${'#'.repeat(node.depth ?? 0)} ${(node.children ?? []).map((child) => child.value ?? child.children?.[0]?.value ?? '').join('')}`;
}

describe('notes and changelog, read by a Markdown parser', () => {
  const headings =
    /^# Release v1\.2\.0$|^## (?:⚠️ Breaking Changes|🎉 New Features|🐛 Bug Fixes|🔧 Improvements|📚 Documentation|🚀 Upgrade Instructions|📞 Support|🙏 Contributors)$/;

  it('have no HTML, images, links or structure but their own, whatever commits say', async () => {
    await fc.assert(
      fc.asyncProperty(facts, async (notes) => {
        const written = await renderNotes(notes);
        expectHarmless(written, { headings, comments: 1 });
        expect(findCoverage(written)?.end).toBe(written.length - 1);
        expectHarmless(await renderChangelogSection(notes), {
          headings: /^## (?:\[1\.2\.0\]|1\.2\.0) - 2026-11-22$|^### (?:⚠️|🎉|🐛|🔧|📚) [A-Z]\w+(?: [A-Z]\w+)?$/,
          comments: 0,
        });
      }),
      { numRuns: 100 },
    );
  });

  it('stay so when commits are added', async () => {
    await fc.assert(
      fc.asyncProperty(facts, facts, async (before, after) => {
        const { content } = refreshNotes(await renderNotes(before), after);
        expectHarmless(content, { headings, comments: 1 });
      }),
      { numRuns: 50 },
    );
  });
});
