// `npm run test:faults [-- --part=rollback --count=20 --only=push]`: kills deployments and rollbacks at each of their side effects,
// takes away what they rely on, and looks at what is left. Needs the Docker Engine (node tools/setup/setup.mjs).
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    count: { type: 'string' },
    cells: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string', default: `${root}/dist/faults.json` },
    add: { type: 'boolean', default: false },
  },
});
const require = createRequire(import.meta.url);
require(`${root}/plugins/slipway/src/testing/register-typescript.cjs`);
const { PARTS, runFaults } = require(`${root}/plugins/slipway/e2e/faults/run.ts`);
const unknown = values.part?.filter((part) => !PARTS.includes(part)) ?? [];
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
const results = await runFaults({
  ...(values.part === undefined ? {} : { parts: values.part }),
  ...(values.count === undefined ? {} : { count: Number(values.count) }),
  ...(values.only === undefined ? {} : { only: values.only }),
  cells: values.cells,
  say: (line) => console.log(line),
  out: values.out,
  add: values.add,
});
process.exitCode = results.length > 0 && results.every(({ passed }) => passed) ? 0 : 1;
