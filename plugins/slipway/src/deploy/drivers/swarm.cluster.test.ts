import type { DeployedRelease } from '../../ledger/events';
import { StoppedError } from '../../io/world';
import { createSwarmCluster, type SwarmCluster } from './testing/swarm-cluster';

const WORKER = `  worker:
    image: \${APP_IMAGE:?}
    stop_grace_period: 0s
`;

describe('Docker Swarm on three engines', () => {
  let cluster: SwarmCluster;
  let first: DeployedRelease;
  let second: DeployedRelease;
  let third: DeployedRelease;
  let sick: DeployedRelease;
  beforeAll(async () => {
    cluster = await createSwarmCluster({ '1.0.0': 'healthy', '1.1.0': 'healthy', '1.2.0': 'healthy', '1.3.0': 'sick' });
    first = await cluster.release('1.0.0', { extra: WORKER });
    [second, third, sick] = [
      await cluster.release('1.1.0'),
      await cluster.release('1.2.0'),
      await cluster.release('1.3.0'),
    ];
    third = await cluster.push(third);
  }, 90_000);
  afterAll(() => cluster.cleanUp(), 60_000);

  const free = async () => undefined;
  const apply = (release: DeployedRelease, description?: string) =>
    cluster.driver.apply(release, { guard: free, ...(description === undefined ? {} : { description }) });
  /** Image and release of each task of the app that runs, healthy. */
  const serving = async () =>
    (await cluster.driver.current())
      .filter(({ service, running, health }) => service === 'app' && running && health === 'healthy')
      .map(({ image, release }) => `${release?.version} ${image}`);
  const thrice = (release: DeployedRelease) =>
    Array.from({ length: 3 }, () => `${release.version} ${release.services['app']}`);
  let description: string | null = null;

  it('refuses nothing, and deploys to all nodes', async () => {
    const inspection = await cluster.driver.inspect(first);
    expect(inspection.refusals).toEqual([]);
    description = inspection.description;
    expect(await apply(first)).toMatchObject({ kind: 'applied' });
    expect(await serving()).toEqual(thrice(first));
    const nodes = await cluster.docker('service', 'ps', '--format', '{{.Node}}', `${cluster.project}_app`);
    expect(nodes.split('\n').sort()).toEqual(['node1', 'node2', 'node3']);
    expect(await cluster.driver.logs('app', new Date(Date.now() - 60_000))).toContain('app 1.0.0 runs');
  });

  it('runs a program once, with the variables of the service, and leaves nothing behind', async () => {
    const argv = ['sh', '-c', 'echo "$SECRET_KEY $MORE"; echo no >&2; exit 3'] as const;
    const command = { service: 'app', argv, env: { MORE: 'more' }, timeout: 30_000 };
    const result = await cluster.driver.runOnce(first, command);
    expect(result).toEqual({ exitCode: 3, stdout: 'canary$$value more\n', stderr: 'no\n' });
    expect(await cluster.docker('service', 'ls', '--quiet', '--filter', 'label=slipway.job')).toBe('');
  });

  it('updates, and prunes a service that is not in the file any more', async () => {
    expect(await apply(second)).toMatchObject({ kind: 'applied' });
    expect(await serving()).toEqual(thrice(second));
    expect(await cluster.docker('service', 'ls', '--format', '{{.Name}}')).toBe(`${cluster.project}_app`);
    expect(cluster.lines).toContain('worker is not in the compose file any more: removed');
  });

  it('does nothing once its step is stopped', async () => {
    const guard = () => Promise.reject(new StoppedError('stopped'));
    await expect(cluster.driver.apply(third, { guard })).rejects.toThrow('stopped');
    expect(await serving()).toEqual(thrice(second));
  });

  it('calls an update unhealthy that the engine rolled back by itself', async () => {
    const result = await apply(sick);
    expect(result).toMatchObject({
      kind: 'unhealthy',
      problems: [{ service: 'app', problem: expect.stringMatching(/^app: the engine rolled it back by itself \(/) }],
    });
    expect(await serving()).toEqual(thrice(second));
  });

  it('deploys by repository digest what only the registry has, and reads the recorded image back', async () => {
    expect((await cluster.driver.inspect(third)).refusals).toEqual([]);
    expect(await apply(third)).toMatchObject({ kind: 'applied' });
    const format = '{{.Spec.TaskTemplate.ContainerSpec.Image}}';
    expect(await cluster.docker('service', 'inspect', '--format', format, `${cluster.project}_app`)).toBe(
      third.references?.['app'],
    );
    expect(await serving()).toEqual(thrice(third));
  });

  it('executes in a task of the engine that is asked, and stops a service until it is deployed again', async () => {
    const command = { service: 'app', argv: ['cat'], input: Buffer.from('there and back'), timeout: 20_000 } as const;
    expect((await cluster.driver.execute(command)).stdout).toBe('there and back');
    await cluster.driver.stop?.(['app'], { guard: free });
    expect(await serving()).toEqual([]);
    await expect(cluster.driver.execute(command)).rejects.toThrow(/app does not run in prod/);
  });

  it('brings back the release before the previous one, from its description', async () => {
    if (description === null) throw new Error('no description');
    expect(await apply(first, description)).toMatchObject({ kind: 'applied' });
    expect(await serving()).toEqual(thrice(first));
  });

  it('tells what runs where a node is lost during a deployment', async () => {
    const applying = apply(third);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await cluster.kill('node3');
    const result = await applying;
    // Whichever came first, the new tasks or the loss: what is told is what runs.
    const now = await serving();
    if (result.kind === 'applied') expect(result.running.filter(({ service }) => service === 'app')).toHaveLength(3);
    else expect(now).not.toEqual(thrice(third));
    const states = await cluster.docker('node', 'ls', '--format', '{{.Hostname}} {{.Status}}');
    expect(states.split('\n').sort()).toEqual(['node1 Ready', 'node2 Ready', 'node3 Down']);
  });

  it('knows nothing where the managers have lost their quorum, and says so', async () => {
    await cluster.kill('node2');
    await expect(cluster.driver.apply(first, { guard: free })).rejects.toThrow(/leader|deadline|quorum/i);
  });
});
