const { mkdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Jest writes `reports/jest.json` only at its end and does not make the folder. The report of an
 * earlier run goes first, so that a run which breaks leaves none rather than a stale one.
 */
module.exports = () => {
  const reports = join(__dirname, 'reports');
  mkdirSync(reports, { recursive: true });
  rmSync(join(reports, 'jest.json'), { force: true });
};
