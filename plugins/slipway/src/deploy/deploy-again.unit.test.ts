import { createMemoryEnvironment, releaseOf, type MemoryEnvironment } from '../testing/memory-environment';
import { createTestWorld } from '../testing/test-world';
import type { ApplyResult } from './drivers/driver';

describe('a deployment that is tried again', () => {
  let at: MemoryEnvironment;
  let apply: MemoryEnvironment['driver']['apply'];
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    at.driver.inspect = async ({ version }) => ({
      refusals: [],
      configHash: at.driver.configHash,
      description: `# ${version} ${at.driver.configHash}\n`,
    });
    ({ apply } = at.driver);
    await at.verified('0.9.0');
    await at.verified('1.0.0');
  });
  afterEach(() => at.cleanUp());

  /** The engine finds everything in place already, and unhealthy. */
  const unhealthyAsItIs = async (): Promise<ApplyResult> => ({
    kind: 'unhealthy',
    problems: [{ service: 'web', kind: 'unhealthy', problem: 'web is unhealthy', log: [] }],
    running: at.driver.running,
    waited: 10,
  });
  /** From now on the release can't be put in place, and what runs stays. */
  const failsToStart = () => {
    at.driver.apply = (release, options) => (release.version === '1.1.0' ? unhealthyAsItIs() : apply(release, options));
  };

  it.each(['killed', 'stopped'] as const)(
    'is rolled back where the run that was %s had put the unhealthy release in place',
    async (how) => {
      const world = createTestWorld({ root: at.root });
      at.driver.broken.add('1.1.0');
      at.driver.apply = async (...args) => {
        await apply(...args);
        if (how === 'killed') throw new Error('killed');
        world.requestStop('SIGINT');
        return world.stop.check() as never;
      };
      const first = at.ship('1.1.0', { world });
      if (how === 'killed') await expect(first).rejects.toThrow('killed');
      else expect((await first).kind).toBe('unknown');
      failsToStart();
      expect(await at.ship('1.1.0')).toMatchObject({ kind: 'rolledBack', to: '1.0.0' });
      expect(at.driver.running[0]?.image).toBe(releaseOf('1.0.0').services['web']);
    },
  );

  it('changed nothing where what served before still does, also when the run before was killed', async () => {
    at.driver.apply = () => Promise.reject(new Error('killed'));
    await expect(at.ship('1.1.0')).rejects.toThrow('killed');
    failsToStart();
    expect((await at.ship('1.1.0')).kind).toBe('failed');
    expect(await at.state()).toMatchObject({ unfinished: null, doubt: null, current: { version: '1.0.0' } });
    expect((await at.state()).bad.size).toBe(0);
  });

  it('goes back to the same release as it was where only its configuration is new and bad', async () => {
    at.driver.configHash = 'c2';
    at.driver.beforeApply = () => {
      // The first try, and not what is brought back.
      if (at.driver.applied.length === 2) at.driver.broken.add('1.0.0');
      else at.driver.broken.clear();
    };
    expect(await at.ship('1.0.0')).toMatchObject({ kind: 'rolledBack', to: '1.0.0' });
    expect(at.driver.descriptions.at(-1)).toBe('# 1.0.0 c1\n');
    const { bad, current, unfinished } = await at.state();
    expect({ bad: [...bad.keys()], version: current?.version, unfinished }).toEqual({
      bad: [],
      version: '1.0.0',
      unfinished: null,
    });
    // With the files of before it is what serves; with those that failed it is tried again.
    at.driver.beforeApply = () => undefined;
    at.driver.configHash = 'c1';
    expect((await at.ship('1.0.0')).kind).toBe('alreadyDone');
    at.driver.configHash = 'c2';
    expect((await at.ship('1.0.0')).kind).toBe('done');
  });

  it.each(['1.0.0', '1.1.0'])(
    'is not done already where a rollback of the configuration put other files in place since: %s',
    async (version) => {
      await at.configure('TOKEN=second\n');
      at.driver.configHash = 'c2';
      await at.verified(version);
      expect((await at.back({ only: 'configuration' })).kind).toBe('done');
      expect((await at.ship(version)).kind).toBe('done');
      expect((await at.ship(version)).kind).toBe('alreadyDone');
    },
  );
});
