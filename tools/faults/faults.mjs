// `npm run test:faults [-- --count=20 --only=push]`: kills deployments at each of their side effects, takes away what they
// rely on, and looks at what is left. Needs the Docker Engine (node tools/setup/setup.mjs).
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const { values } = parseArgs({ options: { count: { type: 'string' }, only: { type: 'string' } } });
const require = createRequire(import.meta.url);
require(`${root}/plugins/slipway/src/testing/register-typescript.cjs`);
const { runFaults } = require(`${root}/plugins/slipway/e2e/faults/run.ts`);
const results = await runFaults({
  ...(values.count === undefined ? {} : { count: Number(values.count) }),
  ...(values.only === undefined ? {} : { only: values.only }),
  say: (line) => console.log(line),
  out: `${root}/dist/faults.json`,
});
process.exitCode = results.length > 0 && results.every(({ passed }) => passed) ? 0 : 1;
