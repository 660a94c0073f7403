// Reads one report in a process of its own: `node read-report.mjs <request as JSON>` prints
// `{ milliseconds, processor, megabytes, outcome, message }`. The clock runs from the bytes to the report; the memory is the most that the
// process ever took, with Node itself and the file. `processor` is the time of all threads, whatever else the machine does.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { file, dist } = JSON.parse(process.argv[2]);
const require = createRequire(import.meta.url);
if (dist === undefined) {
  process.env.TS_NODE_PROJECT ??= fileURLToPath(new URL('../../../plugins/slipway/tsconfig.json', import.meta.url));
  require('@swc-node/register');
}
const { readReport } = require(
  dist === undefined ? '../../../plugins/slipway/src/reports/index.ts' : `${dist}/reports/index.js`,
);

const content = readFileSync(file);
const start = performance.now();
const before = process.cpuUsage();
let outcome;
let message = '';
try {
  outcome = `read as ${readReport('auto', content).format}`;
} catch (error) {
  outcome = error.name === 'ReportError' ? error.problem : 'crash';
  message = String(error.message).slice(0, 300);
}
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(before);
const processor = (user + system) / 1_000;
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ milliseconds, processor, megabytes, outcome, message })}\n`);
