/**
 * A process of its own, for tests that need several or kill one: `ledger-child <root> <command> <arguments…>`.
 * Writes one line of JSON to standard output when it is done.
 */
import { LockHeldError } from '../ledger';
import { openLedger } from '../open-ledger';
import { currentProcess } from '../process-identity';
import { testWorld } from './world';

const [root = '.', command, ...args] = process.argv.slice(2);

async function main(): Promise<unknown> {
  const store = process.env['LEDGER_STORE'] === 'branch' ? 'branch' : 'refs';
  const ledger = await openLedger(testWorld(root), {
    remote: 'origin',
    store,
    // As if it ran on another machine.
    ...(process.env['LEDGER_HOST'] === undefined
      ? {}
      : { process: { ...currentProcess(), host: process.env['LEDGER_HOST'], boot: 'another', namespace: 'another' } }),
  });
  switch (command) {
    case 'append': {
      const [stream = '', from = '', count = '1'] = args;
      const ids: string[] = [];
      for (let n = 0; n < Number(count); n++) {
        ids.push((await ledger.append(stream, { kind: 'bump.intent', version: '1.1.0', from: `${from}-${n}` })).id);
      }
      return ids;
    }
    case 'acquire': {
      const [environment = '', reason = ''] = args;
      try {
        await ledger.acquire(environment, { reason });
        return { won: true };
      } catch (error) {
        if (!(error instanceof LockHeldError)) throw error;
        return { won: false, message: error.message };
      }
    }
    // Holds the lock; at each SIGUSR2 it tells whether it still does.
    case 'hold': {
      const [environment = '', ttl] = args;
      const options = ttl === undefined ? {} : { ttl: Number(ttl) };
      const lock = await ledger.acquire(environment, { reason: 'deploy 1.1.0', ...options });
      process.on('SIGUSR2', () => {
        lock.check().then(
          () => process.stdout.write('still held\n'),
          (error: unknown) => process.stdout.write(`${error instanceof Error ? error.name : String(error)}\n`),
        );
      });
      process.stdout.write('held\n');
      return new Promise(() => setInterval(() => undefined, 1_000));
    }
    default:
      throw new Error(`unknown command ${command}`);
  }
}

main().then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
