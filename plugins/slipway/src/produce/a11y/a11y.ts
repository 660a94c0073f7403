import { posix } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { SlipwayConfig } from '../../config/schema';
import { errorLine } from '../../io/error-message';
import type { World } from '../../io/world';
import { resolveVariables } from '../../verify/variables';
import { optionalPeer } from '../optional-peer';
import { ProducerError } from '../producer-error';
import { withOrigin, writeReport } from '../report-file';
import { findBrowser } from './find-browser';

export type A11yConfig = NonNullable<SlipwayConfig['projects'][string]['a11y']>;
type A11yPage = A11yConfig['pages'][number];

export interface A11yRun {
  /** Folder of the reports, relative to the workspace. */
  readonly reports: string;
  readonly config: A11yConfig;
  /** What `${NAME}` in the URL stands for. */
  readonly variables: ReadonlyMap<string, string>;
}

/** WCAG 2.1 A and AA, and what axe advises besides; the check judges by these tags. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const PACKAGES = ['playwright-core', '@axe-core/playwright'];
/** Milliseconds for a page to load, an element to appear, or a click to be taken. */
const PATIENCE = 20_000;

/** Where release-a11y leaves its report, relative to the workspace. */
export function a11yReport(reports: string): string {
  return posix.join(reports, 'axe.json');
}

/**
 * Opens each page in a real browser, does the configured clicks, lets axe look at it, and leaves one report of all.
 * @throws {ProducerError} where there is no browser, or a page does not get to where it is to be looked at: that is no result.
 */
export async function runA11y(
  world: World,
  { reports, config, variables }: A11yRun,
): Promise<{ readonly path: string; readonly summary: string }> {
  const { chromium } = optionalPeer(
    'release-a11y',
    PACKAGES,
    () => require('playwright-core') as typeof import('playwright-core'),
  );
  const { AxeBuilder } = optionalPeer(
    'release-a11y',
    PACKAGES,
    () => require('@axe-core/playwright') as typeof import('@axe-core/playwright'),
  );
  const executablePath = findBrowser(config.browser, world.env);
  const base = resolveVariables(config.url, variables).replace(/\/+$/, '');
  const browser = await launch(chromium, executablePath);
  const close = (): void => void browser.close();
  world.stop.signal.addEventListener('abort', close, { once: true });
  try {
    const pages: object[] = [];
    let violations = 0;
    let engine: string | null = null;
    for (const wanted of config.pages) {
      world.stop.check();
      const result = await inNewPage(browser, async (page) => {
        await open(page, base, wanted);
        return new AxeBuilder({ page }).withTags(TAGS).analyze();
      });
      world.log.info(
        `${wanted.name}: ${result.violations.length} violations, ${result.incomplete.length} undecided, ${result.passes.length} rules passed`,
      );
      violations += result.violations.length;
      engine = result.testEngine.version;
      // The stack's port is another one each time: findings are told by the path, and by what was clicked.
      pages.push({ ...result, url: addressOf(wanted), slipwayPage: wanted.name });
    }
    const tool = { tool: 'axe-core', toolVersion: engine, database: `Chromium ${browser.version()}` };
    const report = withOrigin({ pages }, tool, world.clock);
    const path = await writeReport(world.root, a11yReport(reports), report);
    return { path, summary: `${pages.length} pages, ${violations} violations` };
  } catch (error) {
    // Closing the browser on a stop fails whatever was under way.
    world.stop.check();
    throw error;
  } finally {
    world.stop.signal.removeEventListener('abort', close);
    await browser.close();
  }
}

async function launch(chromium: typeof import('playwright-core').chromium, executablePath: string): Promise<Browser> {
  // Chromium refuses to run as root inside its sandbox; in containers /dev/shm is too small for it.
  const root = process.getuid?.() === 0;
  try {
    return await chromium.launch({
      executablePath,
      args: [...(root ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    const reason = errorLine(error);
    throw new ProducerError(`${executablePath} could not be started: ${reason}`, `try it: ${executablePath} --version`);
  }
}

/** A page of its own each time: nothing of another one is left in it. */
async function inNewPage<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  // axe needs a page of a context; motion would be looked at in the middle of it.
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    return await use(page);
  } finally {
    await context.close();
  }
}

async function open(page: Page, base: string, { name, path, click, waitFor }: A11yPage): Promise<void> {
  let doing = `open ${path}`;
  try {
    const response = await page.goto(`${base}${path}`, { waitUntil: 'networkidle' });
    if (response !== null && !response.ok())
      throw new ProducerError(`${name}: ${path} answers ${response.status()}`, 'correct a11y.pages in slipway.json');
    for (const target of click) {
      doing = `click ${target}`;
      await page.click(target);
    }
    if (waitFor !== undefined) {
      doing = `find ${waitFor}`;
      await page.waitForSelector(waitFor);
    }
    if (click.length > 0) await page.waitForLoadState('networkidle');
  } catch (error) {
    if (error instanceof ProducerError) throw error;
    const reason = errorLine(error);
    throw new ProducerError(
      `${name}: the browser could not ${doing}: ${reason}`,
      'correct a11y.pages in slipway.json, or the page',
    );
  }
}

function addressOf({ path, click }: A11yPage): string {
  return [path, ...click].join(' > ');
}
