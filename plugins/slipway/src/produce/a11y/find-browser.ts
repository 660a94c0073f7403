import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { World } from '../../io/world';
import { ProducerError } from '../producer-error';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
/** Where installers put it without a name on the PATH. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A browser of Chromium's family: the configured one, else CHROMIUM or CHROME_PATH, else the first one found.
 * @throws {ProducerError} where there is none, or the named one can't be run.
 */
export function findBrowser(configured: string | undefined, env: World['env'], runs = isExecutable): string {
  const named = [
    ['browser in slipway.json', configured],
    ['CHROMIUM', env['CHROMIUM']],
    ['CHROME_PATH', env['CHROME_PATH']],
  ].find(([, path]) => path !== undefined && path !== '');
  const path = named?.[1];
  if (path !== undefined) {
    if (runs(path)) return path;
    throw new ProducerError(`${path}, named by ${named?.[0]}, is no program that can be run`, 'correct it');
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES];
  const found = candidates.find((candidate) => runs(candidate));
  if (found !== undefined) return found;
  throw new ProducerError(
    'no Chromium was found to open pages with',
    'install it (Debian: apt-get install chromium; elsewhere Chrome or Edge serve too), or name it by CHROMIUM=<path>',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: either way no browser.
    return false;
  }
}
