import type { ReportSample } from './sample';

/** Sign-offs count for a year: samples are judged as of the same month. */
const TODAY = '2026-11-01';

const SIGNED = [
  ...['1.2.1', '1.2.2', '1.2.3', '1.2.4', '1.2.5', '1.3.1', '1.3.2', '1.3.3', '1.3.4', '1.3.5', '1.4.1', '1.4.2'],
  ...['1.4.4', '1.4.5', '1.4.10', '1.4.11', '1.4.12', '1.4.13', '2.1.1', '2.1.2', '2.1.4', '2.2.1', '2.2.2', '2.3.1'],
  ...['2.4.1', '2.4.3', '2.4.4', '2.4.5', '2.4.6', '2.4.7', '2.5.1', '2.5.2', '2.5.3', '2.5.4', '3.1.2', '3.2.1'],
  ...['3.2.2', '3.2.3', '3.2.4', '3.3.1', '3.3.2', '3.3.3', '3.3.4', '4.1.1', '4.1.3'],
];

function signOff(result: string): string {
  return `{"result":"${result}","by":"web team","on":"${TODAY}","note":"examined by hand"}`;
}

function signOffs(refused: readonly string[] = []): string {
  const each = SIGNED.map((number) => `"${number}":${signOff(refused.includes(number) ? 'notMet' : 'met')}`);
  return `{"criteria":{${each.join(',')}},"triaged":{}}`;
}

function rule(id: string, tags: readonly string[], nodes: readonly string[] = []): string {
  return JSON.stringify({
    id,
    impact: nodes.length > 0 ? 'critical' : null,
    tags,
    help: `the rule ${id}`,
    helpUrl: `https://rules.example.org/${id}`,
    nodes: nodes.map((target) => ({ target: [target], html: `<${target}>`, failureSummary: 'Fix it' })),
  });
}

const PASSED = [
  rule('image-alt', ['wcag2a', 'wcag111']),
  rule('color-contrast', ['wcag2aa', 'wcag143']),
  rule('document-title', ['wcag2a', 'wcag242']),
  rule('html-has-lang', ['wcag2a', 'wcag311']),
  rule('button-name', ['wcag2a', 'wcag412']),
];

function page(path: string, ...violations: string[]): string {
  return `{"testEngine":{"name":"axe-core","version":"4.11.0"},"timestamp":"2026-11-01T10:00:00.000Z","url":"http://localhost:3000${path}","passes":[${PASSED.join(',')}],"incomplete":[],"inapplicable":[],"violations":[${violations.join(',')}]}`;
}

const UNNAMED = rule('button-name', ['wcag2a', 'wcag412'], ['button']);
const PALE = rule('color-contrast', ['wcag2aa', 'wcag143'], ['p.hint']);

export const axeSamples: readonly ReportSample[] = [
  {
    format: 'axe',
    check: 'accessibility',
    verdict: 'pass',
    content: `[${page('/')},${page('/tickets')}]`,
    beside: [signOffs()],
  },
  {
    format: 'axe',
    check: 'accessibility',
    verdict: 'fail',
    content: `{"slipway":{"measuredAt":"2026-11-01T10:00:00Z"},"pages":[${page('/', UNNAMED)},${page('/tickets', PALE)}]}`,
    beside: [signOffs()],
    evidence: [`"violations":[${UNNAMED}`, `"violations":[${PALE}`],
  },
];

export const accessibilitySignOffSamples: readonly ReportSample[] = [
  {
    format: 'slipway-accessibility',
    check: 'accessibility',
    verdict: 'pass',
    content: signOffs(),
    beside: [page('/')],
    parts: [`"1.2.1":${signOff('met')},`, `"3.3.4":${signOff('met')},`],
  },
  {
    format: 'slipway-accessibility',
    check: 'accessibility',
    verdict: 'fail',
    content: signOffs(['1.3.3', '3.3.4']),
    beside: [page('/')],
    evidence: [`"1.3.3":${signOff('notMet')}`, `"3.3.4":${signOff('notMet')}`],
  },
];

function audit(id: string, score: number | null): string {
  return `"${id}":{"id":"${id}","title":"about ${id}","score":${score},"scoreDisplayMode":"binary"}`;
}

function lighthouse(performance: number, accessibility: number, audits: readonly string[]): string {
  const refs = audits.map((text) => ({ id: /"([^"]+)"/.exec(text)?.[1] }));
  const categories = JSON.stringify({
    performance: { title: 'Performance', score: performance, auditRefs: [] },
    accessibility: { title: 'Accessibility', score: accessibility, auditRefs: refs },
  });
  return `{"lighthouseVersion":"12.8.2","requestedUrl":"http://localhost:3000/","finalDisplayedUrl":"http://localhost:3000/","fetchTime":"2026-11-01T10:00:00.000Z","runWarnings":[],"audits":{${audits.join(',')}},"categories":${categories}}`;
}

const GOOD = [audit('image-alt', 1), audit('document-title', 1)];
const BAD = [audit('image-alt', 0), audit('document-title', 1), audit('html-has-lang', null), audit('button-name', 0)];

export const lighthouseSamples: readonly ReportSample[] = [
  { format: 'lighthouse', check: 'performance', verdict: 'pass', content: lighthouse(0.97, 1, GOOD) },
  {
    format: 'lighthouse',
    check: 'accessibility',
    verdict: 'fail',
    content: lighthouse(0.97, 0.6, BAD),
    evidence: [audit('image-alt', 0), audit('button-name', 0)],
  },
];
