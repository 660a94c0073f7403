import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import autocannon from 'autocannon';
import { getRules } from 'axe-core';
import { chromium, type Browser } from 'playwright-core';
import { accessibility } from '../config/gates/accessibility';
import { performance } from '../config/gates/performance';
import { findBrowser } from '../produce/a11y/find-browser';
import { readReport } from '../reports';
import { accessibilityCheck } from './accessibility';
import type { CheckResult, JudgedProject } from './check';
import { performanceCheck } from './performance';
import { isRequired, WCAG_21_AA } from './wcag21';

const PAGE = `<!doctype html><html lang="en"><head><title>Tickets</title></head><body><main><h1>Tickets</h1>
<input name="search"><p style="color:#bbb;background:#fff">pale</p>
<div style="background:url(paper.png)"><p>on an image</p></div></main></body></html>`;

const web: JudgedProject = {
  name: 'web',
  root: 'packages/web',
  kind: 'npm',
  targets: [],
  documents: null,
  asOf: new Date('2026-11-22'),
};

let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hang') return;
    if (request.url === '/broken') response.statusCode = 500;
    const answer = (): unknown =>
      response.setHeader('content-type', 'text/html').end(request.url === '/' ? PAGE : 'ok');
    if (request.url === '/slow') setTimeout(answer, 60);
    else answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function judge(check: 'performance' | 'accessibility', content: string, policy: object = {}): CheckResult {
  const { report } = readReport('auto', content);
  const evidence = {
    reports: [report],
    unreadable: [],
    looked: { kind: check, globs: [], root: web.root, producers: [] },
  };
  return check === 'performance'
    ? performanceCheck.judge(evidence, performance.parse(policy), web)
    : accessibilityCheck.judge(evidence, accessibility.parse(policy), web);
}

describe('what autocannon writes', () => {
  const measure = async (path: string): Promise<string> =>
    JSON.stringify(await autocannon({ url: base + path, connections: 4, amount: 120, timeout: 1, title: path }));

  it('is judged by its percentiles, which bound the one that it lacks', async () => {
    const report = await measure('/slow');
    expect(judge('performance', report, { p95: 5_000 }).verdict).toBe('pass');
    expect(judge('performance', report, { p95: 20 })).toMatchObject({ verdict: 'fail', unit: 'milliseconds' });
  });

  it('fails where the server answers fast, with errors', async () => {
    const result = judge('performance', await measure('/broken'));
    expect(result.findings.map(({ fingerprint }) => fingerprint)).toEqual([
      'performance:/broken:p95@none',
      'performance:/broken:errors@100',
    ]);
  });

  it('fails where the server does not answer, although no latency is told', async () => {
    const hung = await autocannon({ url: `${base}/hang`, connections: 4, duration: 3, timeout: 1, title: 'hang' });
    expect(hung.timeouts).toBeGreaterThan(0);
    expect(judge('performance', JSON.stringify(hung), { minRequests: 1 })).toMatchObject({ verdict: 'fail' });
  });
});

describe('what axe finds in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    const executablePath = findBrowser(undefined, process.env);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(() => browser.close());

  it('names the field without a label, the pale text and what it could not decide', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(base);
    const result = judge('accessibility', JSON.stringify(await new AxeBuilder({ page }).analyze()));
    expect(result.verdict).toBe('fail');
    expect(result.findings.flatMap(({ fingerprint }) => fingerprint ?? []).sort()).toEqual([
      'accessibility:color-contrast:/:main > p@serious',
      'accessibility:label:/:input@critical',
    ]);
    expect(result.unsettled).toContain('1 result that axe could not decide');
    expect(result.unsettled).toContain('criteria are neither automated nor signed off');
  });
});

it('knows every criterion of level A and AA that a rule of axe tests', () => {
  const known = new Set(WCAG_21_AA.map(({ number }) => `wcag${number.replaceAll('.', '')}`));
  const tested = getRules()
    .filter(isRequired)
    .flatMap(({ tags }) => tags.filter((tag) => /^wcag\d{3,4}$/.test(tag)));
  // A few rules name a criterion of level AAA beside one of A.
  expect([...new Set(tested)].filter((tag) => !known.has(tag))).toEqual(['wcag213']);
  expect(new Set(tested.filter((tag) => known.has(tag))).size).toBeLessThan(WCAG_21_AA.length / 2);
});
