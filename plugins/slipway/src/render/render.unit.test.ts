import fc from 'fast-check';
import { aCheck, aVerdict } from '../testing/verdict';
import {
  oneLine,
  renderOutcome,
  renderTable,
  renderVerdict,
  stringWidth,
  truncate,
  verdictMarkdown,
  wantsColor,
  wrap,
} from './index';

const PLAIN = { color: false, width: 80 };

const VERDICT = aVerdict([
  aCheck({
    check: 'tests',
    verdict: 'fail',
    reason: '97.61 % passed, 1 of 42 failed; 100 % must pass',
    measured: 97.6,
    limit: 100,
    findings: [{ title: 'test_close', file: 'tickets/test_api.py', line: 17, detail: 'assert 500 == 200' }],
  }),
  aCheck(),
  aCheck({
    check: 'audit',
    verdict: 'inconclusive',
    reason:
      'no report in packages/backend (looked for reports/audit.json); make one with: nx run backend:release-audit',
    measured: null,
    limit: null,
    unit: 'count',
  }),
]);

describe('a verdict on the terminal', () => {
  it('reads well without colour', () => {
    expect(renderVerdict(VERDICT, PLAIN)).toEqual([
      '✖ backend  fail',
      '  ✖ tests     fail          97.61 % passed, 1 of 42 failed; 100 % must pass',
      '      tickets/test_api.py:17  test_close',
      '        assert 500 == 200',
      '  ✔ coverage  pass          91.2 % of 500 lines covered, at least 80 % asked for',
      '  ? audit     inconclusive  no report in packages/backend (looked for',
      '                            reports/audit.json); make one with: nx run',
      '                            backend:release-audit',
    ]);
  });

  it('says the same with colour', () => {
    const lines = renderVerdict(VERDICT, { ...PLAIN, color: true });
    expect(lines[0]).toContain('\u001b[31m');
    expect(lines.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(renderVerdict(VERDICT, PLAIN));
  });

  it('lets nothing out of a report steer the terminal', () => {
    const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp.exe\r\nDone: released.';
    fc.assert(
      fc.property(fc.oneof(fc.constant(hostile), fc.string({ unit: 'binary' })), (text) => {
        const [tests] = VERDICT.checks;
        if (!tests) throw new Error('no check');
        const verdict = {
          ...VERDICT,
          project: text,
          checks: [
            { ...tests, check: text, reason: text, findings: [{ title: text, file: text, line: 1, detail: text }] },
          ],
        };
        const lines = [
          ...renderVerdict(verdict, PLAIN),
          ...verdictMarkdown(verdict).split('\n'),
          ...renderOutcome({ kind: 'failed', reason: text, remedy: text }, PLAIN),
        ];
        for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      }),
    );
    expect(oneLine(hostile)).toBe('\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u202egnp.exe Done: released.');
  });

  it('shows the first findings and says how many more there are', () => {
    const findings = Array.from({ length: 14 }, (_, index) => ({ title: `t${index}` }));
    const [tests] = VERDICT.checks;
    const lines = renderVerdict({ ...VERDICT, checks: tests ? [{ ...tests, findings }] : [] }, PLAIN);
    expect(lines.at(-1)).toBe('      … 4 more in the verdict file');
    expect(lines).toHaveLength(13);
  });
});

describe('a verdict in Markdown', () => {
  it('is a table and a list', () => {
    expect(verdictMarkdown(VERDICT)).toContain('| tests | ✖ fail | 97.61 % passed, 1 of 42 failed; 100 % must pass |');
    expect(verdictMarkdown(VERDICT)).toContain('- `tickets/test_api.py:17` test\\_close: assert 500 == 200');
  });

  it('makes no markup of what a report holds', () => {
    const [tests] = VERDICT.checks;
    const title = '<img src=x> [a](http://b) | @all `c`';
    const text = verdictMarkdown({
      ...VERDICT,
      checks: tests ? [{ ...tests, findings: [{ title, file: 'a`b.ts' }] }] : [],
    });
    expect(text).toContain('- ``a`b.ts`` \\<img src=x\\> \\[a\\]\\(http&#58;//b\\) \\| &#64;all \\`c\\`');
  });
});

describe('an outcome', () => {
  it('is one sentence', () => {
    expect(renderOutcome({ kind: 'done', summary: 'released 1.1.0' }, PLAIN)).toEqual(['✔ Done: released 1.1.0.']);
    expect(
      renderOutcome({ kind: 'unknown', reason: 'no reply', findOut: 'nx release-status platform' }, PLAIN)[0],
    ).toMatch(/^\? Unknown: no reply/);
  });

  it('gives every refusal with what mends it, uncut', () => {
    const remedy = `npx nx release-approve platform --as=uat ${'x'.repeat(200)}`;
    expect(
      renderOutcome(
        {
          kind: 'refused',
          refusals: [
            { id: 'treeClean', reason: 'the tree is dirty', remedy: 'commit or discard your changes' },
            { id: 'approved', reason: 'uat has not signed off', remedy },
          ],
        },
        PLAIN,
      ),
    ).toEqual([
      '✖ Refused, nothing changed: the tree is dirty; uat has not signed off.',
      '  · the tree is dirty',
      '    next: commit or discard your changes',
      '  · uat has not signed off',
      `    next: ${remedy}`,
    ]);
  });
});

describe('a table', () => {
  const columns = [{ title: 'environment' }, { title: 'version', align: 'right' as const }, { title: 'by' }];

  it('is aligned, wide characters and colours included', () => {
    expect(
      renderTable(
        columns,
        [
          ['staging', '1.1.0', 'Ada'],
          ['本番', '\u001b[31m1.0.10\u001b[39m', '田中'],
        ],
        PLAIN,
      ),
    ).toEqual([
      'environment  version  by',
      'staging        1.1.0  Ada',
      '本番          \u001b[31m1.0.10\u001b[39m  田中',
    ]);
  });

  it('fits its width by cutting the widest column that may be cut', () => {
    const table = renderTable([{ title: 'a' }, { title: 'b', shrink: false }], [['x'.repeat(50), 'y'.repeat(20)]], {
      color: false,
      width: 40,
    });
    expect(table[1]).toBe(`${'x'.repeat(17)}…  ${'y'.repeat(20)}`);
  });

  it('never cuts wider than asked, and ends colours it began', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        expect(stringWidth(truncate(oneLine(text), width))).toBeLessThanOrEqual(width);
      }),
    );
    expect(truncate('\u001b[31mabcdef\u001b[39m', 4)).toBe('\u001b[31mabc…\u001b[0m');
  });

  it('wraps between words only', () => {
    expect(wrap('make it with: nx run a:b', 10)).toEqual(['make it', 'with: nx', 'run a:b']);
  });
});

describe('colour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s → %s', (env, isTTY, expected) => {
    expect(wantsColor(env, isTTY)).toBe(expected);
  });
});
