// A browser of Chromium's family, in which accessibility is looked at.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from '../lib/apt.mjs';
import { ensureInstalled } from '../lib/ensure-installed.mjs';
import { probe } from '../lib/run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Sees to it that there is one. Installs Debian's package as root; elsewhere a browser is the person's own business.
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 * @throws {SetupError} saying what to install.
 */
export function ensureBrowser() {
  return ensureInstalled({
    lock: 'browser',
    find: async () => {
      const found = findBrowser();
      return found && describe(found);
    },
    // Ubuntu's package of this name only fetches a snap.
    installable: ({ id, root }) => id === 'debian' && root,
    missing: () =>
      'No Chromium is installed, which accessibility tests open pages with. Install Chromium, Chrome or Edge (Debian: sudo apt-get install chromium), or name one by CHROMIUM=<path>.',
    install: () => aptInstall(['chromium']),
    stillMissing: "Debian's package chromium was installed, but there is no program chromium.",
  });
}

/** @returns {string | undefined} */
export function findBrowser() {
  const named = [process.env.CHROMIUM, process.env.CHROME_PATH].filter(Boolean);
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...named, ...onPath, ...places].find(runs);
}

async function describe(path) {
  const { stdout } = await probe([path, '--version']);
  return /^\S.*?\d+(?:\.\d+)+/m.exec(stdout)?.[0] ?? path;
}

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run.
    return false;
  }
}
