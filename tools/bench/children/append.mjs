// Appends events to one stream of a shared ledger, from several clones at once, in a process of its own: `node append.mjs <request as JSON>`
// prints `{ milliseconds, kept }`. The clock runs from the first append to the end of the last one; opening the ledgers is not in it.
import { createRequire } from 'node:module';

const { dist, clones, reader, each } = JSON.parse(process.argv[2]);
const require = createRequire(import.meta.url);
const { createWorld } = require(`${dist}/io/create-world.js`);
const { openLedger } = require(`${dist}/ledger/open-ledger.js`);

const log = { info: () => {}, warn: (line) => console.error(line) };
const worlds = [...clones, reader].map((root) => createWorld({ root, log }));
try {
  const ledgers = await Promise.all(worlds.map(({ world }) => openLedger(world, { remote: 'origin', required: true })));
  const readers = ledgers.pop();
  const start = performance.now();
  await Promise.all(
    ledgers.map(async (ledger, writer) => {
      for (let n = 0; n < each; n += 1)
        await ledger.append('prod', { kind: 'bump.intent', version: '1.1.0', from: `${writer}-${n}` });
    }),
  );
  const milliseconds = performance.now() - start;
  await readers.refresh();
  const kept = new Set((await readers.read('prod')).map(({ body }) => body.from)).size;
  process.stdout.write(`${JSON.stringify({ milliseconds, kept })}\n`);
} finally {
  for (const { dispose } of worlds) dispose();
}
