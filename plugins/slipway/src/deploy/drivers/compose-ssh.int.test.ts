import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { DeployedRelease } from '../../ledger/events';
import type { Driver } from './driver';
import { createComposeStack, type ComposeStack } from './testing/compose-stack';
import { startEngine, type OwnEngine } from './testing/own-engine';
import { startSshHost, type SshHost } from './testing/ssh-server';

/** OpenSSH's own client, a server on the loopback, and an engine behind it that has nothing of ours but the images. */
describe('Docker Compose on an engine behind ssh://', () => {
  let engine: OwnEngine;
  let host: SshHost;
  let stack: ComposeStack;
  let context = '';
  let driver: Driver;
  let first: DeployedRelease;
  let second: DeployedRelease;
  beforeAll(async () => {
    // Which engine is behind it is known only later.
    let address = '';
    host = await startSshHost(() => address);
    stack = await createComposeStack([host.programs]);
    context = stack.project;
    first = await stack.release('1.0.0');
    second = await stack.release('1.1.0');
    engine = await startEngine([...new Set([...Object.values(first.services), ...Object.values(second.services)])]);
    address = engine.address;
    execFileSync('docker', ['context', 'create', context, '--docker', `host=${host.address}`], { stdio: 'ignore' });
    driver = stack.driverWith({ context, strategy: 'recreate' });
  }, 120_000);
  afterAll(async () => {
    execFileSync('docker', ['context', 'rm', '--force', context], { stdio: 'ignore' });
    await host.cleanUp();
    await engine.cleanUp();
    await stack.cleanUp();
  }, 60_000);

  const free = async () => undefined;

  it('deploys one release after the other, runs programs, hands data over, and does nothing here', async () => {
    expect((await driver.inspect(first)).refusals).toEqual([]);
    for (const release of [first, second]) {
      expect((await driver.apply(release, { guard: free })).kind).toBe('applied');
      const [app] = (await driver.current()).filter(({ service }) => service === 'app');
      expect(app).toMatchObject({ image: release.services['app'] });
      expect(await engine.docker('ps', '--quiet', '--no-trunc', '--filter', `id=${app?.instance}`)).toBe(app?.instance);
    }
    const time = { timeout: 30_000 };
    const once = { service: 'app', argv: ['sh', '-c', 'echo $VERSION $EXTRA'], env: { EXTRA: 'x' }, ...time } as const;
    expect(await driver.runOnce(second, once)).toMatchObject({ exitCode: 0, stdout: '1.1.0 x\n' });
    // More than one packet of SSH, and bytes that are no text.
    const input = Buffer.alloc(300_000, 0xfe);
    const counted = await driver.execute({ service: 'app', argv: ['sha256sum'], input, ...time });
    expect(counted.stdout).toContain(createHash('sha256').update(input).digest('hex'));
    expect(await driver.logs('app', new Date(0))).toEqual(['app 1.1.0 is healthy']);
    const label = `label=com.docker.compose.project=${stack.project}`;
    expect(await stack.docker('ps', '--all', '--quiet', '--filter', label)).toBe('');
    expect(host.sessions()).toBeGreaterThan(10);
  });

  it('leaves nothing of a program that was cut off', async () => {
    const slow = { service: 'app', argv: ['sleep', '100'], timeout: 4_000 } as const;
    await expect(driver.runOnce(second, slow)).rejects.toMatchObject({ failure: 'timedOut' });
    expect(await engine.docker('ps', '--all', '--quiet', '--filter', 'label=slipway.once')).toBe('');
  });

  it('says what SSH said where it lets nobody in', async () => {
    host.shut();
    await expect(driver.inspect(first)).rejects.toThrow(
      /can not be reached over SSH \(.*Permission denied \(publickey\)\.\)$/,
    );
  });
});
