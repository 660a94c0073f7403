import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kill, processesOf, until, type Running } from './support/processes';
import { createWorkspace, type Workspace } from './support/workspace';

/** What the slow moments are known by. */
const HOOK = 'sleep 3.25';
const SMOKE = 'sleep 1.75';

/** Two releases to staging, killed again and again: each test goes on where the one before ended. */
describe('a release that is killed', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('platform', {
      configure: ({ environments }) => {
        delete (environments as Partial<typeof environments>).prod;
        environments.staging.verify.probes.push({ name: 'smoke', command: SMOKE.split(' ') });
      },
      files: {
        'packages/platform/web/Dockerfile':
          'FROM debian:bookworm-slim\nCOPY packages/platform/service packages/web /srv/\nRUN sleep 3\nUSER nobody\nCMD ["perl", "/srv/server.pl"]\n',
      },
    });
    await workspace.change('feat(web): take time', workspace.behaviour('web', 'slow'));
  });
  afterAll(() => workspace.cleanUp());

  const ship = () => workspace.step('run', 'platform:release-ship');
  const startShip = () => workspace.start('run', 'platform:release-ship');
  const runs = async (command: string) =>
    (await processesOf(workspace.mark)).some((process) => process.command.includes(command));
  /** Waits for a moment of the run; a run that ends before it is a failure of the test. */
  const at = async (running: Running, moment: string, holds: () => Promise<boolean>) => {
    let over = false;
    void running.ended.then(() => (over = true));
    await until(moment, async () => {
      if (over) throw new Error(`the run ended before ${moment}:\n${running.output()}`);
      return holds();
    });
  };
  const killExecutor = async () => {
    const executors = (await processesOf(workspace.mark)).filter(({ command }) => command.includes('bin/run-executor'));
    expect(executors).toHaveLength(1);
    for (const { pid } of executors) kill(pid, 'SIGKILL');
  };
  const killNxAlone = ({ child }: Running) => {
    if (child.pid === undefined) throw new Error('nx did not start');
    kill(child.pid, 'SIGKILL');
  };
  const nothingRuns = () =>
    until('every process of the run is gone', async () => (await processesOf(workspace.mark)).length === 0, 10_000);
  const count = async (stream: string, wanted: Readonly<Record<string, unknown>>) =>
    (await workspace.ledger(stream)).filter((event) =>
      Object.entries(wanted).every(([key, value]) => event[key] === value),
    ).length;
  const lock = async () => {
    const { json } = await workspace.step('release-status', 'platform');
    return (json?.data['environments'] as { lock: unknown }[])[0]?.lock;
  };
  const containers = async () =>
    (await workspace.containers('staging')).map(({ service, running }) => [service, running]);

  it('in the bump, its executor by SIGKILL: nothing shows it', async () => {
    const hook = join(workspace.root, '.git/hooks/pre-commit');
    await workspace.write({ '.git/hooks/pre-commit': `#!/bin/sh\n${HOOK}\n` });
    await chmod(hook, 0o755);
    const head = await workspace.git('rev-parse', 'main');
    const running = startShip();
    await at(running, 'the bump commits', () => runs(HOOK));
    await killExecutor();
    expect((await running.ended).code).not.toBe(0);
    await rm(hook);
    expect(await workspace.git('rev-parse', 'main')).toBe(head);
    expect(await count('release', { kind: 'bump.intent' })).toBe(1);
    expect(await count('release', { kind: 'bump.outcome' })).toBe(0);
  });

  it('in an image build, nx alone by SIGKILL: the bump was made once, and its orphan stops by itself', async () => {
    const running = startShip();
    await at(running, 'the image is built', () => runs('docker build'));
    killNxAlone(running);
    await nothingRuns();
    expect(await count('release', { kind: 'bump.outcome', outcome: 'done' })).toBe(1);
    expect(await count('release', { kind: 'images' })).toBe(0);
    expect(await workspace.git('status', '--porcelain')).toBe('');
    expect(await workspace.git('log', '--format=%s', 'main..release/v1.1.0')).toBe('chore(release): v1.1.0');
  });

  it('in a deployment, nx by SIGTERM: it says that it was stopped, and the lock is free', async () => {
    const running = startShip();
    await at(running, 'containers are there', async () => (await containers()).length > 0);
    running.child.kill('SIGTERM');
    expect((await running.ended).code).not.toBe(0);
    await nothingRuns();
    expect(running.output()).toContain('SIGTERM');
    expect((await workspace.ledger('staging')).map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['deploy.intent', undefined],
      ['deploy.outcome', 'unknown'],
    ]);
    expect(await lock()).toBeNull();
  });

  it('in a verification, nx by SIGINT: nothing is called healthy or rolled back', async () => {
    const running = startShip();
    await at(running, 'the smoke command runs', () => runs(SMOKE));
    running.child.kill('SIGINT');
    expect((await running.ended).code).not.toBe(0);
    await nothingRuns();
    expect(await count('staging', { kind: 'verify.outcome', health: 'healthy' })).toBe(0);
    expect(await count('staging', { kind: 'verify.outcome', health: 'unhealthy' })).toBe(0);
    expect(await count('staging', { kind: 'rollback.intent' })).toBe(0);
    expect(await lock()).toBeNull();
    expect(await containers()).toEqual([
      ['api', true],
      ['web', true],
    ]);
  });

  it('in a verification, its executor by SIGKILL, arrives when it is run again; nothing was done twice', async () => {
    const running = startShip();
    await at(running, 'the smoke command runs', () => runs(SMOKE));
    await killExecutor();
    expect((await running.ended).code).not.toBe(0);

    const shipped = await ship();
    expect(shipped.json?.sentence).toBe('Done: release 1.1.0 has arrived in staging.');
    expect(shipped.code).toBe(0);
    expect(await lock()).toBeNull();
    expect(await count('release', { kind: 'planned' })).toBe(1);
    expect(await count('release', { kind: 'bump.outcome', outcome: 'done' })).toBe(1);
    expect(await count('release', { kind: 'check', passed: true })).toBe(1);
    expect(await count('release', { kind: 'images' })).toBe(1);
    expect(await count('release', { kind: 'tag.outcome', outcome: 'done' })).toBe(1);
    expect(await count('staging', { kind: 'deploy.outcome', outcome: 'done' })).toBe(1);
    expect(await count('staging', { kind: 'verify.outcome', health: 'healthy' })).toBe(1);
    expect((await workspace.git('log', '--format=%s', 'main')).split('\n').slice(0, 2)).toEqual([
      'chore(release): v1.1.0',
      'feat(web): take time',
    ]);
    expect(await workspace.git('ls-remote', 'origin', 'refs/tags/v1.1.0^{}')).toContain(
      await workspace.git('rev-parse', 'main'),
    );
    expect(await workspace.health('staging', 'web')).toMatchObject({ status: 200, body: { version: '1.1.0' } });
  });

  it('in a deployment, nx alone by SIGKILL, may be run again at once: never two at work, and it arrives', async () => {
    await workspace.change('feat(web): take time again');
    const before = new Set((await workspace.containers('staging')).map(({ id }) => id));
    const running = startShip();
    await at(running, 'new containers are there', async () =>
      (await workspace.containers('staging')).some(({ id }) => !before.has(id)),
    );
    killNxAlone(running);
    const again = await ship();
    if (again.code !== 0)
      expect(again.json?.outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'lockFree' }] });
    const shipped = again.code === 0 ? again : await ship();
    expect(shipped.json?.sentence).toBe('Done: release 1.2.0 has arrived in staging.');
    expect(await count('staging', { kind: 'deploy.outcome', outcome: 'done', version: '1.2.0' })).toBe(1);
    expect(await count('release', { kind: 'bump.outcome', outcome: 'done', version: '1.2.0' })).toBe(1);
    expect(await containers()).toEqual([
      ['api', true],
      ['web', true],
    ]);
    expect(await lock()).toBeNull();
    await nothingRuns();
  });
});
