import { join } from 'node:path';
import { openLedger } from '../ledger/open-ledger';
import { Repositories } from '../ledger/testing/repositories';
import { spawnSource } from '../ledger/testing/spawn';
import { testWorld } from '../ledger/testing/world';

const CHILD = join(__dirname, 'testing/stop-child.ts');

describe('a step that is stopped', () => {
  let repos: Repositories;
  let root: string;
  beforeEach(() => {
    repos = new Repositories();
    root = repos.clone('ada', repos.bare());
  });
  afterEach(() => repos.remove());

  const start = async (...args: string[]) => {
    const child = spawnSource(CHILD, [root, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    await child.line((line) => line === 'working');
    return child;
  };

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'] as const)(
    'by %s writes its outcome and frees its lock within three seconds',
    async (how) => {
      const child = await start();
      const begun = performance.now();
      if (how === 'disconnect') child.process.disconnect();
      else child.process.kill(how);
      const { code, signal, stderr } = await child.ended();
      expect(performance.now() - begun).toBeLessThan(3_000);
      // It ended by itself, neither by the signal nor by the hard exit.
      expect({ code, signal }).toEqual({ code: 1, signal: null });
      expect(stderr).toContain('Stopping (');
      const ledger = await openLedger(testWorld(repos.clone('bob', join(repos.folder, 'remote.git'))), {
        remote: 'origin',
      });
      const why = how === 'disconnect' ? 'the process that started it is gone' : how;
      expect((await ledger.read('prod')).map(({ body }) => body)).toEqual([
        expect.objectContaining({ kind: 'deploy.outcome', reason: `stopped: ${why}` }),
      ]);
      expect(await ledger.lock('prod')).toBeNull();
    },
  );

  it('ends as soon while the remote hangs; its last push goes on alone, and frees the lock with its outcome', async () => {
    const child = await start();
    const bare = join(repos.folder, 'remote.git');
    repos.hook(bare, 'pre-receive', 'sleep 5');
    const begun = performance.now();
    child.process.kill('SIGTERM');
    const { code } = await child.exited();
    expect(performance.now() - begun).toBeLessThan(3_300);
    expect(code).toBe(143);
    const ledger = await openLedger(testWorld(repos.clone('bob', bare)), { remote: 'origin' });
    expect(await ledger.lock('prod')).not.toBeNull();
    while ((await ledger.lock('prod')) !== null && performance.now() - begun < 15_000) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await ledger.refresh();
    }
    expect(await ledger.lock('prod')).toBeNull();
    expect((await ledger.read('prod')).map(({ body }) => body.kind)).toEqual(['deploy.outcome']);
  });

  it('twice stops once', async () => {
    const child = await start();
    child.process.kill('SIGINT');
    child.process.kill('SIGTERM');
    const { code, stderr } = await child.ended();
    expect(code).toBe(1);
    expect(stderr.match(/Stopping \(/g)).toHaveLength(1);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s and does not end is ended hard after three seconds', async (how, exitCode) => {
    const child = await start('stubborn');
    const begun = performance.now();
    child.process.kill(how);
    const { code, stderr } = await child.ended();
    expect(performance.now() - begun).toBeGreaterThan(2_700);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(code).toBe(exitCode);
    expect(stderr).toContain('release-status');
  });
});
