import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { hostileText } from '../testing/hostile-text';
import { hostileVerdict } from '../testing/hostile-verdict';
import { aCheck, aVerdict } from '../testing/verdict';
import { fitMarkdown } from './fit-markdown';
import { code, plain } from './markdown-text';
import { oneLine } from './neutralise';
import { verdictMarkdown } from './verdict-markdown';

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

/** As GitHub reads it: tables, footnotes, task lists, strikethrough, and links of bare addresses. */
function nodesOf(markdown: string): Node[] {
  const flat = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flat)];
  return flat(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
}

function textOf(markdown: string): string {
  return nodesOf(markdown)
    .filter(({ type }) => type === 'text' || type === 'inlineCode')
    .map(({ value }) => value ?? '')
    .join('')
    .replaceAll('\u2060', '');
}

const OWN_HTML = /^(?:<details>\n<summary>[^<>"]*<\/summary>|<\/details>)$/;
const HARMLESS = new Set([
  ...['root', 'paragraph', 'heading', 'text', 'strong', 'inlineCode', 'html'],
  ...['list', 'listItem', 'table', 'tableRow', 'tableCell'],
]);

const TESTS = aCheck({
  check: 'tests',
  verdict: 'fail',
  reason: '97.61 % passed, 1 of 42 failed',
  measured: (100 * 41) / 42,
  limit: 100,
  findings: [
    { title: 'test_close', file: 'tickets/test_api.py', line: 17, detail: 'assert 500 == 200' },
    { title: 'lodash', severity: 'high', fix: 'npm install lodash@4.17.21' },
    { title: 'old', waived: { approver: 'Ada', expiry: '2026-12-15', reason: 'build only' } },
  ],
});

describe('a verdict in Markdown', () => {
  const off = aCheck({ check: 'migrations', verdict: 'notApplicable', reason: 'no Django', measured: null });
  const text = verdictMarkdown(aVerdict([TESTS, aCheck({ warnings: ['less than before'] }), off]));

  it('is a table, and a list of what blocks', () => {
    expect(text).toContain('### ✖ backend: fail (1 failed, 1 passed)');
    expect(text).toContain('| tests | ✖ fail | 97.61 % | 100 % | 97.61 % passed, 1 of 42 failed |');
    expect(text).toContain('- `tickets/test_api.py:17` test\\_close: assert 500 \\=\\= 200');
    expect(text).toContain('- **high** lodash\n  - fix: `npm install lodash@4.17.21`');
    expect(text).toContain('- old\n  - waived by Ada until 2026\\-12\\-15: build only');
    expect(text).toContain('Not applicable: migrations \\(no Django\\).');
    expect(text).toContain('More: `npx nx run backend:release-judge --explain=tests`');
  });

  it('folds away what blocks nothing', () => {
    expect(text).toContain(
      '<details>\n<summary>✔ coverage: 1 warning</summary>\n\n- warning: less than before\n\n</details>',
    );
  });

  it('makes no markup, link, mention or reference of what a report holds', () => {
    fc.assert(
      fc.property(hostileVerdict, (verdict) => {
        const markdown = verdictMarkdown(verdict);
        const nodes = nodesOf(markdown);
        expect(nodes.map(({ type }) => type).filter((type) => !HARMLESS.has(type))).toEqual([]);
        for (const { type, value = '' } of nodes) {
          if (type === 'html') expect(value).toMatch(OWN_HTML);
          if (type === 'text') expect(value).not.toMatch(/[#@][a-z0-9]|:\/\/|\bGH-\d/i);
        }
        expect(markdown).not.toMatch(/[^\P{Cc}\n]|[\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: 100 },
    );
  });

  it('shows the very text, in lists, tables and code', () => {
    fc.assert(
      fc.property(hostileText, (hostile) => {
        const line = oneLine(hostile);
        expect(textOf(`- ${plain(hostile)} |`)).toBe(line === '' ? '|' : `${line} |`);
        expect(textOf(`| a |\n| --- |\n| ${plain(hostile)} |`)).toBe(`a${line}`);
        expect(textOf(`- x ${code(hostile)}`)).toBe(`x ${line}`.trim());
      }),
    );
  });
});

describe('Markdown that must fit', () => {
  const long = verdictMarkdown(
    aVerdict(
      ['pass', 'fail', 'pass'].map((verdict, index) =>
        aCheck({
          check: `check${index}`,
          verdict: verdict as 'pass' | 'fail',
          findings: Array.from({ length: 20 }, (_, at) => ({ title: `本番 finding ${at}`, fix: 'npm i 🙂' })),
        }),
      ),
    ),
  );
  const fenced = `# log\n\n\`\`\`\`text\n\`\`\`\n${'é\n'.repeat(50)}\`\`\`\`\n\nend\n`;

  it('is left alone where there is room', () => {
    expect(fitMarkdown(long, Buffer.byteLength(long))).toBe(long);
    expect(fitMarkdown('', 0)).toBe('');
  });

  it('is cut between lines with a note, and everything open is closed', () => {
    expect(fitMarkdown(fenced, 160)).toBe(
      `# log\n\n\`\`\`\`text\n\`\`\`\n${'é\n'.repeat(15)}\`\`\`\`\n\n_The summary was cut here: there is no room for more. The rest is in the verdict files._\n`,
    );
  });

  it('at any length holds whole lines only, no broken character, no open block, and no more bytes than asked', () => {
    fc.assert(
      fc.property(fc.constantFrom(long, fenced), fc.nat(12_000), (text, limit) => {
        const cut = fitMarkdown(text, limit);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
        if (cut === text || cut === '') return;
        expect(cut).not.toContain('\ufffd');
        expect(
          cut.endsWith('_The summary was cut here: there is no room for more. The rest is in the verdict files._\n'),
        ).toBe(true);
        const count = (pattern: RegExp): number => cut.match(pattern)?.length ?? 0;
        expect(count(/^<details>/gm)).toBe(count(/^<\/details>/gm));
        expect(count(/^````/gm) % 2).toBe(0);
        const nodes = nodesOf(cut);
        expect(nodes.at(-2)?.type).toBe('emphasis');
        const own = new Set([...text.split('\n'), ...cut.split('\n').slice(-4)]);
        for (const line of cut.split('\n')) expect(own).toContain(line);
        if (cut.includes('| --- |')) expect(nodes.some(({ type }) => type === 'table')).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('is nothing where not even the note fits', () => expect(fitMarkdown(long, 20)).toBe(''));
});
