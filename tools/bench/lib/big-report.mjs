import { closeSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.env.TS_NODE_PROJECT ??= fileURLToPath(new URL('../../../plugins/slipway/tsconfig.json', import.meta.url));
const require = createRequire(import.meta.url);
require('@swc-node/register');

/** What there is. @type {readonly { name: string, valid: boolean, pieces: (bytes: number) => Iterable<string> }[]} */
export const { BIG_REPORTS } = require('../../../plugins/slipway/src/reports/testing/big-reports.ts');

/** @param {(typeof BIG_REPORTS)[number]} report @param {string} file @param {number} bytes */
export function writeBigReport(report, file, bytes) {
  const handle = openSync(file, 'w');
  let waiting = '';
  for (const piece of report.pieces(bytes)) {
    waiting += piece;
    if (waiting.length < 1 << 20) continue;
    writeSync(handle, waiting);
    waiting = '';
  }
  writeSync(handle, waiting);
  closeSync(handle);
}
