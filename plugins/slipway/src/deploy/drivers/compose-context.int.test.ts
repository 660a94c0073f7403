import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployedRelease } from '../../ledger/events';
import type { Driver } from './driver';
import { createComposeStack, type ComposeStack } from './testing/compose-stack';
import { startEngine, type OwnEngine } from './testing/own-engine';

describe('Docker Compose on an engine of another context', () => {
  let stack: ComposeStack;
  let engine: OwnEngine;
  let context = '';
  let driver: Driver;
  let first: DeployedRelease;
  let second: DeployedRelease;
  beforeAll(async () => {
    stack = await createComposeStack();
    context = stack.project;
    first = await stack.release('1.0.0');
    second = await stack.release('1.1.0');
    engine = await startEngine([...new Set([...Object.values(first.services), ...Object.values(second.services)])]);
    execFileSync('docker', ['context', 'create', context, '--docker', `host=${engine.address}`], { stdio: 'ignore' });
    driver = stack.driverWith({ context, strategy: 'recreate' });
  }, 120_000);
  afterAll(async () => {
    execFileSync('docker', ['context', 'rm', '--force', context], { stdio: 'ignore' });
    await engine.cleanUp();
    await stack.cleanUp();
  }, 60_000);

  const free = async () => undefined;
  const here = () =>
    stack.docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${stack.project}`);

  it('deploys, runs programs and reads logs there, and does nothing here', async () => {
    expect((await driver.inspect(first)).refusals).toEqual([]);
    expect((await driver.apply(first, { guard: free })).kind).toBe('applied');
    const [app] = (await driver.current()).filter(({ service }) => service === 'app');
    expect(await engine.docker('ps', '--quiet', '--no-trunc', '--filter', `id=${app?.instance}`)).toBe(app?.instance);
    const time = { timeout: 20_000 };
    const once = await driver.runOnce(first, {
      service: 'app',
      argv: ['sh', '-c', 'echo $VERSION $EXTRA'],
      env: { EXTRA: 'x' },
      ...time,
    });
    expect(once).toMatchObject({ exitCode: 0, stdout: '1.0.0 x\n' });
    const sent = await driver.execute({ service: 'app', argv: ['cat'], input: Buffer.from('there and back'), ...time });
    expect(sent.stdout).toBe('there and back');
    expect(await driver.logs('app', new Date(0))).toEqual(['app 1.0.0 is healthy']);
    expect(await here()).toBe('');
  });

  it('leaves nothing of a program that was cut off', async () => {
    const slow = { service: 'app', argv: ['sleep', '100'], timeout: 2_500 } as const;
    await expect(driver.runOnce(first, slow)).rejects.toMatchObject({ failure: 'timedOut' });
    expect(await engine.docker('ps', '--all', '--quiet', '--filter', 'label=slipway.once')).toBe('');
  });

  it('keeps images that a rollback needs when everything unused is pruned', async () => {
    expect((await driver.apply(second, { guard: free })).kind).toBe('applied');
    await engine.docker('image', 'prune', '--all', '--force');
    expect((await driver.inspect(first)).refusals).toEqual([]);
    expect((await driver.apply(first, { guard: free })).kind).toBe('applied');
    // They are no services: Compose and Slipway pass over them.
    expect((await driver.current()).map(({ service }) => service).sort()).toEqual(['app', 'prepare', 'proxy']);
  });

  it('refuses a release whose image is gone all the same, e.g. by docker system prune', async () => {
    await engine.docker('system', 'prune', '--all', '--force');
    expect((await driver.inspect(second)).refusals).toMatchObject([
      { id: 'images', reason: expect.stringMatching(/app.* is gone/) },
    ]);
    expect((await driver.inspect(first)).refusals).toEqual([]);
  });

  it('says where a context does not exist or does not answer', async () => {
    const nowhere = stack.driverWith({ context: 'slipway-no-such-context' });
    await expect(nowhere.inspect(first)).rejects.toThrow(/slipway-no-such-context/);
    const folder = await mkdtemp(join(tmpdir(), 'slipway-context-'));
    execFileSync('docker', ['context', 'create', `${context}-away`, '--docker', `host=unix://${folder}/none.sock`], {
      stdio: 'ignore',
    });
    try {
      await expect(stack.driverWith({ context: `${context}-away` }).inspect(first)).rejects.toThrow(
        /can not be reached/,
      );
    } finally {
      execFileSync('docker', ['context', 'rm', '--force', `${context}-away`], { stdio: 'ignore' });
      await rm(folder, { recursive: true });
    }
  });
});
