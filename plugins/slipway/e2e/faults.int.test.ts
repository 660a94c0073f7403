import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFaults } from './faults/run';

/** A sample of `npm run test:faults`, spread over a whole deployment. */
it('leaves one release serving, a valid ledger and a free lock, whenever it is killed and whatever is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-faults-'));
  try {
    const results = await runFaults({
      parts: ['deploy', 'outages'],
      count: 2,
      outages: ['each reply of the remote is lost'],
      say: () => undefined,
      out: join(folder, 'faults.json'),
    });
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results).toHaveLength(3);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
