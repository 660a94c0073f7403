/**
 * A step that can be stopped, as a process of its own: takes a lock, runs a long command, and writes its outcome and frees the lock in a
 * `finally`. `stop-child <root> [stubborn]`: a stubborn one never ends by itself.
 */
import { openLedger } from '../../ledger/open-ledger';
import { RunError } from '../exec';
import { createWorld } from '../create-world';

const [root = '.', mode] = process.argv.slice(2);

async function main(): Promise<void> {
  const { world, dispose } = createWorld({ root });
  const ledger = await openLedger(world, { remote: 'origin' });
  const lock = await ledger.acquire('prod', { reason: 'deploy 1.1.0' });
  let reason = 'it ended';
  try {
    const sleep = world.run(['sleep', '600']);
    process.stdout.write('working\n');
    await sleep;
  } catch (error) {
    reason = error instanceof RunError ? error.failure : String(error);
    if (mode === 'stubborn') await new Promise(() => setInterval(() => undefined, 1_000));
  } finally {
    const outcome = {
      kind: 'deploy.outcome',
      version: '1.1.0',
      deployment: 'd',
      outcome: 'unknown',
      services: {},
      reason: `${reason}: ${world.stop.reason}`,
    } as const;
    await ledger.append('prod', outcome, { lock, release: true });
    await lock.release();
    dispose();
  }
}

main().then(
  () => {
    process.exitCode = 1;
    if (process.connected) process.disconnect();
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 2;
  },
);
