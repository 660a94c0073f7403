import { StoppedError } from '../../io/world';
import type { DeployedRelease } from '../../ledger/events';
import { composeFile, createComposeStack, type ComposeStack } from './testing/compose-stack';
import { underLoad } from './testing/steady-load';

describe('rolling with Docker Compose', () => {
  let stack: ComposeStack;
  let first: DeployedRelease;
  let second: DeployedRelease;
  let sick: DeployedRelease;
  beforeAll(async () => {
    stack = await createComposeStack();
    first = await stack.release('1.0.0');
    second = await stack.release('1.1.0');
    sick = await stack.release('1.2.0', 'sick');
  }, 60_000);
  afterAll(() => stack.cleanUp(), 60_000);

  const free = async () => undefined;
  const apply = (release: DeployedRelease) => stack.driver.apply(release, { guard: free });
  const applyQuickly = (release: DeployedRelease) =>
    stack.driverWith({ drain: '100ms' }).apply(release, { guard: free });
  const answer = async () => (await fetch(stack.url)).text();
  const app = () => stack.containers('app');

  it('loses no request, leaves what did not change alone, and leaves one container', async () => {
    expect((await apply(first)).kind).toBe('applied');
    const [before, proxy] = [await app(), await stack.containers('proxy')];
    const { result, load } = await underLoad(stack.url, () => apply(second));
    expect(result.kind).toBe('applied');
    expect({ failures: load.failures, seen: [...load.seen].sort() }).toEqual({
      failures: [],
      seen: ['1.0.0', '1.1.0'],
    });
    expect(load.requests).toBeGreaterThan(50);
    const after = await app();
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    expect(await stack.containers('proxy')).toEqual(proxy);
    expect(stack.lines).toContainEqual(
      expect.stringMatching(/^proxy is replaced instead of rolled: it has a fixed port/),
    );
    // Compose sees nothing left to do.
    expect((await stack.driverWith({ strategy: 'recreate' }).apply(second, { guard: free })).kind).toBe('applied');
    expect(await app()).toEqual(after);
    expect(await stack.containers('proxy')).toEqual(proxy);
  });

  it('takes a new container away that does not turn healthy, and the old one serves on', async () => {
    const before = await app();
    const { result, load } = await underLoad(stack.url, () =>
      stack.driverWith({ healthTimeout: '3s' }).apply(sick, { guard: free }),
    );
    expect(result).toMatchObject({
      kind: 'unhealthy',
      problems: [
        {
          service: 'app',
          problem: expect.stringMatching(/^the new container of app is still not healthy after /),
          log: ['app 1.2.0 is sick'],
        },
      ],
    });
    expect(load.failures).toEqual([]);
    expect(await app()).toEqual(before);
    expect(await answer()).toBe('1.1.0 first');
  });

  // The third and the fourth thing that is done: telling the old container to stop, and removing it.
  it.each([
    [3, 'the same release'],
    [4, 'the same release'],
    [3, 'the one before'],
    [4, 'the one before'],
  ])(
    'comes to one set of containers after it was cut off before step %i and begun again with %s',
    async (at, which) => {
      const quick = stack.driverWith({ drain: '100ms' });
      const [from, to] = (await answer()).startsWith(first.version) ? [first, second] : [second, first];
      let asked = 0;
      const guard = async () => {
        asked += 1;
        if (asked === at) throw new StoppedError('cut off');
      };
      await expect(quick.apply(to, { guard })).rejects.toThrow('cut off');
      expect(await app()).toHaveLength(2);
      const target = which === 'the same release' ? to : from;
      expect((await quick.apply(target, { guard: free })).kind).toBe('applied');
      expect(await app()).toHaveLength(1);
      expect(await answer()).toBe(`${target.version} first`);
    },
  );

  it('removes services that are not in the compose file any more, and says so', async () => {
    const more = `  worker:\n    image: \${PROXY_IMAGE}\n    entrypoint: ['sleep', '1000']\n    stop_grace_period: 0s\n`;
    const commit = await stack.commit({ 'deploy/compose.yml': composeFile(more) });
    expect((await applyQuickly({ ...second, commit })).kind).toBe('applied');
    expect(await stack.containers('worker')).toHaveLength(1);
    expect((await applyQuickly(second)).kind).toBe('applied');
    expect(await stack.containers('worker')).toEqual([]);
    expect(stack.lines).toContain('worker is not in the compose file any more: removed');
  });

  it('brings an earlier description back as it was, whatever became of the variables, and fills in no $ again', async () => {
    await stack.setEnvironment(`SETTING='a$$b\${PORT}'`);
    const { description } = await stack.driver.inspect(second);
    expect((await applyQuickly(second)).kind).toBe('applied');
    expect(await answer()).toBe('1.1.0 a$$b${PORT}');
    await stack.setEnvironment('SETTING=changed');
    expect((await applyQuickly(second)).kind).toBe('applied');
    expect(await answer()).toBe('1.1.0 changed');
    if (description === null) throw new Error('no description');
    expect((await stack.driverWith({ drain: '100ms' }).apply(second, { guard: free, description })).kind).toBe(
      'applied',
    );
    expect(await answer()).toBe('1.1.0 a$$b${PORT}');
    await stack.setEnvironment(`SETTING='a$$b\${PORT}'`);
    expect((await stack.driver.inspect(second)).description).toBe(description);
  });
});
