import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../gates/check';
import { aCheck, aVerdict } from '../testing/verdict';
import { verdictHtml } from './verdict-html';

const BROWSERS = [
  process.env['CHROME_BIN'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const hostile = '<script>document.title = "owned"</script><img src=x onerror="document.title = 1">';
const findings = Array.from({ length: 60 }, (_, index): Finding => ({
  title: `${hostile} ${index}`,
  file: `src/${'long-name/'.repeat(12)}${index}.ts`,
  severity: (['critical', 'medium', 'low', 'unknown'] as const)[index % 4] ?? 'info',
  detail: 'what was\nseen',
  ...(index % 2 === 0 ? { fix: 'npm install x@1' } : {}),
  ...(index % 3 === 0 ? { waived: { approver: 'Ada', expiry: '2026-12-15', reason: 'build only' } } : {}),
}));
const VERDICTS = {
  full: aVerdict(
    [
      aCheck({ check: 'security', verdict: 'fail', reason: hostile, findings }),
      aCheck({ warnings: ['less than before'] }),
      aCheck({
        check: 'performance',
        verdict: 'inconclusive',
        reason: 'no report',
        measured: null,
        unit: 'milliseconds',
      }),
      aCheck({ check: 'accessibility', verdict: 'waived', reason: '1 waived' }),
      aCheck({ check: 'migrations', verdict: 'notApplicable', reason: 'no Django', measured: null, limit: null }),
    ],
    {
      reports: [
        {
          path: 'packages/backend/reports/junit.xml',
          sha256: 'a'.repeat(64),
          format: 'junit',
          origin: null,
          validUntil: null,
        },
      ],
    },
  ),
  passing: aVerdict([aCheck()]),
};

describe('the page of a verdict in a browser', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    const executablePath = BROWSERS.find((path) => path !== undefined && existsSync(path));
    if (executablePath === undefined) throw new Error('no Chromium was found; name one in CHROME_BIN');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    folder = await mkdtemp(join(tmpdir(), 'slipway-page-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function show(
    name: keyof typeof VERDICTS,
    options: NonNullable<Parameters<Browser['newContext']>[0]>,
  ): Promise<{ readonly page: Page; readonly requests: readonly string[] }> {
    const path = join(folder, `${name}.html`);
    await writeFile(path, verdictHtml(VERDICTS[name]));
    const page = await (await browser.newContext(options)).newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    return { page, requests };
  }

  it.each([
    ['full', 'light', 1200],
    ['full', 'dark', 1200],
    ['full', 'light', 360],
    ['passing', 'dark', 360],
  ] as const)('of a %s verdict, %s, %d pixels wide, has no fault that axe finds', async (name, colorScheme, width) => {
    const { page } = await show(name, { colorScheme, viewport: { width, height: 800 } });
    await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))");
    const { violations, incomplete, passes } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    // Of what a narrow table has scrolled out of sight, axe can't tell the contrast; the wide page shows it.
    const open = incomplete.filter(({ id }) => width > 400 || id !== 'color-contrast');
    expect(open.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
  });

  it('runs nothing and asks for nothing, whatever a report holds, and does not scroll sideways', async () => {
    const { page, requests } = await show('full', { viewport: { width: 360, height: 800 } });
    expect(requests.filter((url) => !url.startsWith('file:') || !url.endsWith('/full.html'))).toEqual([]);
    expect(await page.title()).toBe('backend: fail');
    expect(await page.locator('script, img').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('prints what is folded, too', async () => {
    const { page } = await show('full', {});
    await page.emulateMedia({ media: 'print' });
    const last = page.locator('li', { hasText: `${hostile} 58` });
    expect((await last.boundingBox())?.height ?? 0).toBeGreaterThan(0);
  });
});
