import { readReport, ReportError, type Report, type ReportFormat } from './index';
import { samples } from './testing/samples';

function read<K extends Report['kind']>(kind: K, content: string): Extract<Report, { kind: K }> {
  const { report } = readReport('auto', content);
  if (report.kind !== kind) throw new Error(`read as ${report.kind}`);
  return report as Extract<Report, { kind: K }>;
}

function problem(value: unknown, format: ReportFormat | 'auto'): string {
  try {
    readReport(format, JSON.stringify(value));
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

function sample(format: ReportFormat): string {
  const found = samples.find((one) => one.format === format);
  if (!found) throw new Error(`no sample of ${format}`);
  return found.content;
}

describe('axe', () => {
  const violation = {
    id: 'image-alt',
    impact: 'critical',
    tags: ['cat.text-alternatives', 'wcag2a', 'wcag111', 'wcag1412', 'wcag21aa', 'EN-9.1.1.1'],
    help: 'Images must have alternative text',
    helpUrl: 'https://rules.example.org/image-alt',
    nodes: [{ target: ['#app', ['x-card', 'img']], html: '<img>', failureSummary: 'Fix it' }],
  };
  const page = {
    testEngine: { name: 'axe-core', version: '4.11.0' },
    timestamp: '2026-11-01T10:00:00.000Z',
    url: 'http://localhost:3000/',
    violations: [violation],
    incomplete: [],
    passes: [{ ...violation, impact: null }],
    inapplicable: [{ ...violation, id: 'area-alt', nodes: [] }],
  };

  it('gives rules with their criteria, and where they are broken', () => {
    const { pages } = read('accessibility', JSON.stringify(page));
    expect(pages[0]?.violations).toEqual([
      {
        id: 'image-alt',
        title: 'Images must have alternative text',
        impact: 'critical',
        criteria: ['1.1.1', '1.4.12'],
        tags: violation.tags,
        url: 'https://rules.example.org/image-alt',
        nodes: [{ target: '#app x-card img', html: '<img>', summary: 'Fix it' }],
      },
    ]);
    expect(pages[0]?.passed[0]?.nodes).toEqual([]);
    expect(pages[0]?.inapplicable[0]?.id).toBe('area-alt');
  });

  it.each([
    ['one page', page, 1],
    ['a list of pages', [page, page], 2],
    ["release-a11y's pages", { slipway: { measuredAt: '2026-11-02T10:00:00Z' }, pages: [page, page, page] }, 3],
  ])('takes %s', (_, value, count) => {
    expect(read('accessibility', JSON.stringify(value)).pages).toHaveLength(count);
  });

  it('takes violations from a result that was cut down to them', () => {
    const { pages } = read('accessibility', JSON.stringify({ violations: [{ ...violation, tags: undefined }] }));
    expect(pages[0]).toMatchObject({ violations: [{ id: 'image-alt', tags: [] }], incomplete: [], passed: [] });
  });

  it('is as old as the oldest page', () => {
    const older = { ...page, timestamp: '2026-10-01T10:00:00.000Z' };
    expect(read('accessibility', JSON.stringify([page, older])).origin).toMatchObject({
      measuredAt: '2026-10-01T10:00:00.000Z',
      tool: 'axe-core',
      toolVersion: '4.11.0',
    });
  });

  it.each([
    ['no page', { pages: [] }, 'malformed'],
    ['neither violations nor passes', { ...page, violations: [], passes: undefined }, 'malformed'],
    ['neither violations nor incomplete results', { ...page, violations: [], incomplete: undefined }, 'malformed'],
    ['a violation of no element', { ...page, violations: [{ ...violation, nodes: [] }] }, 'malformed'],
    ['an unknown impact', { ...page, violations: [{ ...violation, impact: 'blocker' }] }, 'malformed'],
    ['another engine', { ...page, testEngine: { name: 'other', version: '1.0.0' } }, 'malformed'],
    ['one page of several that failed', [page, { error: 'timeout' }], 'malformed'],
  ])('is refused with %s', (_, value, expected) => {
    expect(problem(value, 'axe')).toBe(expected);
  });
});

describe('sign-offs', () => {
  const signOff = { result: 'met', by: 'web team', on: '2026-11-01', note: 'examined by keyboard' };
  const with_ = (change: object): object => ({ criteria: { '1.2.1': { ...signOff, ...change } } });

  it('are read by criterion and by fingerprint', () => {
    const fingerprint = 'accessibility:color-contrast:/:p@serious';
    const file = JSON.stringify({ criteria: { '1.4.10': signOff }, triaged: { [fingerprint]: signOff } });
    expect(read('signoff', file)).toEqual({
      kind: 'signoff',
      criteria: { '1.4.10': signOff },
      triaged: { [fingerprint]: signOff },
    });
  });

  it.each([
    ['no person', with_({ by: '' }), 'malformed'],
    ["the template's placeholder", with_({ by: '<role or team>' }), 'malformed'],
    ['no note', with_({ note: ' ' }), 'malformed'],
    ['a day that does not exist', with_({ on: '2026-02-30' }), 'malformed'],
    ['another result', with_({ result: 'pass' }), 'malformed'],
    ['a key that nobody knows', with_({ until: '2027-01-01' }), 'malformed'],
    ['a part that nobody knows', { ...with_({}), criterions: {} }, 'malformed'],
    ['a name for a number', { criteria: { 'Captions (Live)': signOff } }, 'malformed'],
    ['a triage of something else', { triaged: { 'color-contrast': signOff } }, 'malformed'],
    ['nothing', {}, 'empty'],
  ])('are refused with %s', (_, value, expected) => {
    expect(problem(value, 'slipway-accessibility')).toBe(expected);
  });
});

describe('Lighthouse', () => {
  const whole = JSON.parse(sample('lighthouse')) as Record<string, unknown>;
  const audit = (id: string, score: number | null, scoreDisplayMode = 'binary'): object => ({
    [id]: { id, title: `about ${id}`, score, scoreDisplayMode },
  });

  it('gives scores in percent and the audits that failed, by category', () => {
    const refs = ['label', 'tabindex', 'focus-traps', 'errors-in-console', 'speed-index'].map((id) => ({ id }));
    const report = read(
      'lighthouse',
      JSON.stringify({
        ...whole,
        runWarnings: ['The page was redirected'],
        audits: {
          ...audit('label', 0),
          ...audit('tabindex', 1),
          ...audit('focus-traps', null, 'manual'),
          ...audit('errors-in-console', 0, 'informative'),
          ...audit('speed-index', 0.89, 'numeric'),
        },
        categories: { accessibility: { score: 0.29, auditRefs: refs }, seo: { score: null, auditRefs: [] } },
      }),
    );
    expect(report.scores).toEqual({ accessibility: 29, seo: null });
    expect(report.failed).toEqual([
      { category: 'accessibility', id: 'label', title: 'about label' },
      { category: 'accessibility', id: 'speed-index', title: 'about speed-index' },
    ]);
    expect(report.warnings).toEqual(['The page was redirected']);
    expect(report.origin?.toolVersion).toBe('12.8.2');
  });

  it.each([
    ['an error of its own', { runtimeError: { code: 'NO_FCP', message: 'nothing was painted' } }, 'toolError'],
    ['a version that nobody knows', { lighthouseVersion: '99.0.0' }, 'unknownVersion'],
    ['a version that is none', { lighthouseVersion: 'latest' }, 'malformed'],
    ['no category', { categories: {} }, 'empty'],
    ['no audit', { audits: {} }, 'empty'],
    ['a score above 1', { categories: { performance: { score: 97, auditRefs: [] } } }, 'malformed'],
    [
      'an audit that is missing',
      { categories: { accessibility: { score: 1, auditRefs: [{ id: 'gone' }] } } },
      'contradictory',
    ],
  ])('is refused with %s', (_, change, expected) => {
    expect(problem({ ...whole, ...change }, 'lighthouse')).toBe(expected);
  });
});
