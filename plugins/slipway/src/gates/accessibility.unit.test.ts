import { accessibility as policyShape } from '../config/gates/accessibility';
import { readReport } from '../reports';
import type { AccessibilityPage, AccessibilityRule, LighthouseReport, Report, SignOff } from '../reports/report';
import { samples } from '../reports/testing/samples';
import { accessibilityCheck } from './accessibility';
import type { CheckResult, JudgedProject } from './check';
import { WCAG_21_AA } from './wcag21';

const looked = { kind: 'accessibility', globs: ['reports/a11y/*.json'], root: 'packages/web', producers: [] };
const SIGNED: SignOff = { result: 'met', by: 'web team', on: '2026-11-01', note: 'examined by keyboard' };

function project(...targets: string[]): JudgedProject {
  const asOf = new Date('2026-11-22T00:00:00Z');
  return { name: 'web', root: 'packages/web', kind: 'npm', targets, documents: null, asOf };
}

function rule(id: string, changed: Partial<AccessibilityRule> = {}): AccessibilityRule {
  const base = {
    id,
    title: `the rule ${id}`,
    impact: null,
    criteria: ['1.1.1'],
    tags: ['wcag2a', 'wcag111'],
    url: null,
  };
  return { ...base, nodes: [], ...changed };
}

const LOGO = { target: 'img.logo', html: '<img class="logo">', summary: 'has no alt' };
const UNNAMED = rule('image-alt', { impact: 'critical', nodes: [LOGO] });

function page(changed: Partial<AccessibilityPage> = {}): AccessibilityPage {
  const url = 'http://localhost:3000/tickets';
  return { url, violations: [], incomplete: [], passed: [rule('image-alt')], inapplicable: [], ...changed };
}

function axe(...pages: AccessibilityPage[]): Report {
  return { kind: 'accessibility', pages };
}

/** All criteria, some of them changed or left out. */
function signOffs(changed: Record<string, SignOff | null> = {}, triaged: Record<string, SignOff> = {}): Report {
  const all = WCAG_21_AA.flatMap(({ number }): [string, SignOff][] => {
    const signOff = number in changed ? changed[number] : SIGNED;
    return signOff ? [[number, signOff]] : [];
  });
  return { kind: 'signoff', criteria: Object.fromEntries(all), triaged };
}

function judge(...reports: Report[]): CheckResult {
  return accessibilityCheck.judge({ reports, unreadable: [], looked }, policyShape.parse({}), project('release-a11y'));
}

describe('violations', () => {
  it('of level A and AA fail, each element by itself', () => {
    const result = judge(axe(page({ violations: [UNNAMED] })), signOffs());
    expect(result).toMatchObject({
      verdict: 'fail',
      measured: 1,
      limit: 0,
      unit: 'count',
      reason: '1 violation of WCAG 2.1 A or AA: the rule image-alt (WCAG 1.1.1): img.logo on /tickets',
    });
    expect(result.findings).toEqual([
      {
        title: 'the rule image-alt (WCAG 1.1.1): img.logo on /tickets',
        detail: '<img class="logo">\nhas no alt',
        severity: 'critical',
        fingerprint: 'accessibility:image-alt:/tickets:img.logo@critical',
      },
    ]);
    expect(result.unsettled).toBeUndefined();
  });

  it('are told once for a page that was looked at twice', () => {
    expect(judge(axe(page({ violations: [UNNAMED] }), page({ violations: [UNNAMED] })), signOffs()).measured).toBe(1);
  });

  it.each([['wcag2a'], ['wcag2aa'], ['wcag21a'], ['wcag21aa']])('count with the tag %s', (tag) => {
    expect(judge(axe(page({ violations: [{ ...UNNAMED, tags: [tag] }] })), signOffs()).verdict).toBe('fail');
  });

  it.each([['best-practice'], ['wcag22aa'], ['wcag2aaa'], ['wcag2a-obsolete']])(
    'are only told with the tag %s',
    (tag) => {
      const result = judge(axe(page({ violations: [{ ...UNNAMED, tags: [tag] }] })), signOffs());
      expect(result.verdict).toBe('pass');
      expect(result.warnings).toEqual(['best practice: the rule image-alt (image-alt), 1 times on /tickets']);
    },
  );

  it('is one too where a report was cut down and no longer says to which level its rule belongs', () => {
    expect(judge(axe(page({ violations: [{ ...UNNAMED, tags: [], criteria: [] }] })), signOffs()).verdict).toBe('fail');
  });

  it('are no excuse for what is open: waived away, the rest remains', () => {
    const result = judge(axe(page({ violations: [UNNAMED] })), signOffs({ '1.2.1': null }));
    expect(result.verdict).toBe('fail');
    expect(result.unsettled).toContain('1 of 50 criteria');
  });
});

describe('what axe could not decide', () => {
  const undecided = page({ incomplete: [{ ...UNNAMED, impact: 'serious' }] });
  const fingerprint = 'accessibility:image-alt:/tickets:img.logo@serious';

  it('must be looked at, and the finding holds the very text to add', () => {
    const result = judge(axe(undecided), signOffs());
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      reason: '1 result that axe could not decide must be looked at, and noted in packages/web/accessibility.json',
    });
    expect(result.findings[0]?.fix).toBe(
      'look at it, then add to "triaged" in packages/web/accessibility.json: "accessibility:image-alt:/tickets:img.logo@serious": { "result": "met", "by": "<role or team>", "on": "2026-11-22", "note": "<how it was examined>" }',
    );
    expect(result.findings[0]).not.toHaveProperty('fingerprint');
  });

  it.each<[string, SignOff, string]>([
    ['found in order', SIGNED, 'pass'],
    ['not concerned', { ...SIGNED, result: 'notApplicable' }, 'pass'],
    ['found at fault', { ...SIGNED, result: 'notMet' }, 'fail'],
    ['too long ago', { ...SIGNED, on: '2025-11-21' }, 'inconclusive'],
    ['not yet', { ...SIGNED, on: '2026-11-23' }, 'inconclusive'],
  ])('counts as it was %s', (_, signOff, verdict) => {
    expect(judge(axe(undecided), signOffs({}, { [fingerprint]: signOff })).verdict).toBe(verdict);
  });

  it('is open again when its impact changed', () => {
    const worse = page({ incomplete: [UNNAMED] });
    const result = judge(axe(worse), signOffs({}, { [fingerprint]: SIGNED }));
    expect(result.verdict).toBe('inconclusive');
    expect(result.warnings).toEqual([`the triage of ${fingerprint} is not needed any more`]);
  });
});

describe('the 50 criteria', () => {
  it('are each automated or signed off, and listed as such', () => {
    const result = judge(axe(page()), signOffs({ '1.1.1': null }));
    expect(result).toMatchObject({
      verdict: 'pass',
      measured: 0,
      reason: 'no violation of WCAG 2.1 A or AA on 1 page; of 50 criteria 1 are automated and 49 signed off',
    });
    expect(result.findings.map(({ title, detail }) => [title, detail?.split('; ')[0]])).toEqual([
      ['1 criteria are automated', '1.1.1 Non-text Content'],
      ['49 criteria are signed off', '1.2.1 Audio-only and Video-only (Prerecorded): met, web team on 2026-11-01'],
    ]);
  });

  it('are open without both, with a template that its reader refuses until it is filled in', () => {
    const result = judge(axe(page()), signOffs({ '1.2.1': null, '4.1.3': null }));
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      reason: '2 of 50 criteria are neither automated nor signed off in packages/web/accessibility.json: 1.2.1, 4.1.3',
    });
    expect(result.findings.map(({ title }) => title)).toEqual([
      '1.2.1 Audio-only and Video-only (Prerecorded) (A): no rule tested it, and nobody signed it off',
      '4.1.3 Status Messages (AA): no rule tested it, and nobody signed it off',
    ]);
    const entries = result.findings.map(({ fix = '' }) => /"\d.*$/.exec(fix)?.[0]);
    const template = `{"criteria":{${entries.join(',')}}}`;
    expect(() => readReport('auto', template)).toThrow('placeholder');
    expect(() => readReport('auto', template.replaceAll(/<[^>]*>/g, 'examined'))).not.toThrow();
  });

  it('are named, all of them in the findings, the first in the reason', () => {
    const result = judge(axe(page()), { kind: 'signoff', criteria: {}, triaged: {} });
    expect(result.reason).toMatch(/^49 of 50 .*: 1\.2\.1, 1\.2\.2, .* and 41 more$/);
    expect(result.findings).toHaveLength(49);
  });

  it.each<[string, Partial<AccessibilityPage>, string]>([
    [
      'a rule that had nothing to look at',
      { passed: [rule('html-has-lang', { criteria: ['3.1.1'] })], inapplicable: [rule('image-alt')] },
      'inconclusive',
    ],
    ['a best practice', { passed: [rule('image-alt', { tags: ['best-practice', 'wcag111'] })] }, 'inconclusive'],
    ['a rule that passed', {}, 'pass'],
  ])('are automated only by a rule of level A or AA that ran: %s', (_, changed, verdict) => {
    expect(judge(axe(page(changed)), signOffs({ '1.1.1': null })).verdict).toBe(verdict);
  });

  it.each<[string, SignOff, string]>([
    ['does not apply', { ...SIGNED, result: 'notApplicable' }, 'pass'],
    ['is met since a year to the day', { ...SIGNED, on: '2025-11-22' }, 'pass'],
    ['was met longer ago', { ...SIGNED, on: '2025-11-21' }, 'inconclusive'],
    ['will be met', { ...SIGNED, on: '2026-11-23' }, 'inconclusive'],
    ['is not met', { ...SIGNED, result: 'notMet' }, 'fail'],
    ['was not met long ago', { ...SIGNED, result: 'notMet', on: '2020-01-01' }, 'fail'],
  ])('count as signed off: one that %s', (_, signOff, verdict) => {
    const result = judge(axe(page()), signOffs({ '2.1.2': signOff }));
    expect(result.verdict).toBe(verdict);
    if (verdict === 'fail') expect(result.findings[0]?.fingerprint).toBe('accessibility:2.1.2@notMet');
  });

  it('follow the latest of several sign-offs, and the one that says no of the same day', () => {
    const no = signOffs({ '2.1.2': { ...SIGNED, result: 'notMet' } });
    const later = signOffs({ '2.1.2': { ...SIGNED, on: '2026-11-02' } });
    expect(judge(axe(page()), signOffs(), no).verdict).toBe('fail');
    expect(judge(axe(page()), no, signOffs()).verdict).toBe('fail');
    expect(judge(axe(page()), later, no).verdict).toBe('pass');
  });

  it('are those of levels A and AA: a sign-off of another one is told', () => {
    const other: Report = { kind: 'signoff', criteria: { '1.4.6': SIGNED }, triaged: {} };
    expect(judge(axe(page()), signOffs(), other)).toMatchObject({
      verdict: 'pass',
      warnings: ['1.4.6 is signed off, and no A or AA criterion of WCAG 2.1'],
    });
  });
});

describe('pages that say nothing', () => {
  const lighthouse: LighthouseReport = {
    kind: 'lighthouse',
    url: 'http://localhost:3000/tickets',
    scores: { accessibility: 60 },
    failed: [
      { category: 'accessibility', id: 'image-alt', title: 'Image elements do not have [alt] attributes' },
      { category: 'accessibility', id: 'heading-order', title: 'Headings are not in order' },
      { category: 'performance', id: 'unsized-images', title: 'Images have no size' },
    ],
    warnings: [],
  };

  it.each<[string, Report[], string]>([
    ['none', [signOffs()], 'no page was looked at with axe'],
    ['Lighthouse only', [{ ...lighthouse, failed: [] }, signOffs()], 'Lighthouse alone tests too little'],
    ['an empty one', [axe(page({ passed: [] })), signOffs()], 'no rule passed on /tickets'],
    ["the browser's error page", [axe(page({ url: 'chrome-error://chromewebdata/' })), signOffs()], 'error page'],
    ['no report', [], 'no accessibility report in packages/web'],
  ])('are inconclusive: %s', (_, reports, reason) => {
    const result = judge(...reports);
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toContain(reason);
  });

  it("fail all the same by what Lighthouse found, where WCAG asks for it and axe didn't tell it", () => {
    const result = judge(lighthouse);
    expect(result.verdict).toBe('fail');
    expect(result.findings.flatMap(({ fingerprint }) => fingerprint ?? [])).toEqual([
      'accessibility:image-alt:/tickets:lighthouse@failed',
    ]);
    expect(judge(lighthouse, axe(page({ violations: [UNNAMED] })), signOffs()).measured).toBe(1);
  });
});

it('concerns only projects with pages', () => {
  expect(accessibilityCheck.exempt(project('build'))).toBe('no pages are configured (projects.web.a11y)');
  expect(accessibilityCheck.exempt(project('release-a11y'))).toBeNull();
});

it.each(
  samples
    .filter(({ check }) => check === 'accessibility')
    .map((sample) => [sample.format, sample.verdict, sample] as const),
)('judges a sample of %s: %s', (_, verdict, { content, beside = [] }) => {
  const reports = [content, ...beside].map((text) => readReport('auto', text).report);
  const today = { ...project('release-a11y'), asOf: new Date() };
  const result = accessibilityCheck.judge({ reports, unreadable: [], looked }, policyShape.parse({}), today);
  expect(result.verdict).toBe(verdict);
});

describe('WCAG 2.1', () => {
  it('has 30 criteria of level A and 20 of level AA', () => {
    const count = (level: string): number => WCAG_21_AA.filter((criterion) => criterion.level === level).length;
    expect([count('A'), count('AA')]).toEqual([30, 20]);
  });

  it('lists each once, in order', () => {
    const numbers = WCAG_21_AA.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(50);
    expect(numbers.slice(14, 20)).toEqual(['1.4.4', '1.4.5', '1.4.10', '1.4.11', '1.4.12', '1.4.13']);
  });
});
