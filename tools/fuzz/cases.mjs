// The cases of a fuzz run from one number on, in a process that can be ended: each is announced before it begins.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.env.TS_NODE_PROJECT ??= fileURLToPath(new URL('../../plugins/slipway/tsconfig.json', import.meta.url));
const require = createRequire(import.meta.url);
require('@swc-node/register');
const { makeCase, runCase } = require('../../plugins/slipway/src/gates/testing/fuzz/run.ts');

const request = JSON.parse(process.argv[2]);
const tell = (message) => new Promise((resolve) => process.send(message, resolve));

if (request.show !== undefined) {
  const one = makeCase(request.show, request.seed);
  const { outcome, wrongPass, error } = runCase(one);
  const must = one.mustNotPass ? 'must not pass' : 'may pass';
  console.log(
    `${one.sample.format}, ${one.sample.verdict}; ${one.how}; ${must}: ${error ?? outcome}${wrongPass ? ', WRONG' : ''}\n`,
  );
  console.log(String(one.content));
} else {
  let outcomes = [];
  for (let number = request.first; number < request.cases; number += 1) {
    await tell({ at: number, outcomes });
    outcomes = [runCase(makeCase(number, request.seed))];
  }
  await tell({ outcomes, done: true });
  process.disconnect();
}
