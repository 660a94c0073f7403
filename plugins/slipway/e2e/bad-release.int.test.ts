import type { Behaviour } from './support/files';
import { createWorkspace, type NxResult, type Workspace } from './support/workspace';

/** Releases that are healthy in staging and not in production, one after the other. */
describe('a release that is broken in production', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('platform', {
      configure: ({ environments: { prod } }) => {
        prod.requires = { verifiedIn: 'staging', tag: true, approvals: [] };
      },
    });
  });
  afterAll(() => workspace.cleanUp());

  const change = (behaviour: Behaviour) =>
    workspace.change(`feat(web): be ${behaviour}`, {
      ...workspace.behaviour('web', behaviour),
      'packages/web/index.js': `// ${behaviour} ${Math.random()}\n`,
    });
  const ship = () => workspace.step('run', 'platform:release-ship');
  /** Commits web with a behaviour and takes it the whole way, as far as it gets. */
  const release = async (behaviour: Behaviour): Promise<NxResult> => {
    await change(behaviour);
    return ship();
  };
  const serving = async () =>
    Object.fromEntries(
      (await workspace.containers('prod')).map(({ service, running, image }) => [service, running ? image : 'stopped']),
    );
  const status = async () => (await workspace.step('release-status', 'platform')).json?.data;
  let good: Record<string, string>;

  it('leaves no doubt that nothing is there to go back to, when it is the first one', async () => {
    const shipped = await release('sick@prod');
    expect(shipped.code).not.toBe(0);
    expect(shipped.json).toMatchObject({
      target: 'release-deploy--prod',
      outcome: {
        kind: 'mixed',
        reason: expect.stringMatching(/^1\.1\.0 in prod: .*web.*no other release was verified there/),
      },
      sentence: expect.stringMatching(/^Failed, mixed state: .*Mend it with: npx nx /),
    });
    expect(await status()).toMatchObject({
      environments: [
        { version: '1.1.0', health: 'healthy' },
        { version: null, trouble: expect.stringMatching(/^1\.1\.0 in prod: .*none to go back to/), lock: null },
      ],
    });
  });

  it('is followed by a fix, which goes the whole way', async () => {
    const shipped = await release('healthy');
    expect(shipped.json?.sentence).toBe('Done: release 1.2.0 has arrived in staging and prod.');
    expect(shipped.code).toBe(0);
    good = await serving();
  });

  it('is rolled back by itself to the verified digests, when it never turns healthy', async () => {
    const shipped = await release('sick@prod');
    expect(shipped.code).not.toBe(0);
    expect(shipped.json).toMatchObject({
      target: 'release-deploy--prod',
      outcome: { kind: 'rolledBack', to: '1.2.0' },
      sentence: expect.stringMatching(/^Failed, rolled back to 1\.2\.0: 1\.3\.0 in prod: [^\n]*web[^\n]*\.$/),
    });
    expect(shipped.output).toContain(shipped.json?.sentence);
    // What the service itself said is shown.
    expect(shipped.output).toContain('this service is sick');
    expect(await serving()).toEqual(good);
    expect(await workspace.health('prod', 'web')).toMatchObject({ status: 200, body: { version: '1.2.0' } });
    expect(await status()).toMatchObject({
      environments: [
        { environment: 'staging', version: '1.3.0' },
        {
          environment: 'prod',
          version: '1.2.0',
          services: good,
          lastFailure: expect.stringMatching(/1\.3\.0/),
          trouble: null,
          lock: null,
        },
      ],
    });
  });

  it('is not tried again by the chain, only when it is asked for', async () => {
    const again = await ship();
    expect(again.code).not.toBe(0);
    expect(again.json).toMatchObject({
      target: 'release-deploy--prod',
      outcome: { kind: 'refused', refusals: [{ id: 'notBad', remedy: expect.stringContaining('--retry') }] },
    });
    expect(await serving()).toEqual(good);
  });

  it('lets one of two deployments at once win, and tells the other who holds the lock', async () => {
    await change('slow-liar@prod');
    expect((await workspace.step('run', 'platform:release-tag')).code).toBe(0);
    const both = await Promise.all([
      workspace.stepAs('Dana Developer', 'release-deploy', 'platform', '--env=prod'),
      workspace.stepAs('Robin Release', 'release-deploy', 'platform', '--env=prod'),
    ]);
    const kinds = both.map(({ json }) => json?.outcome.kind);
    expect([...kinds].sort()).toEqual(['done', 'refused']);
    const loser = both[kinds.indexOf('refused')];
    const winner =
      kinds.indexOf('done') === 0 ? 'Dana Developer <dana@acme.example>' : 'Robin Release <robin@acme.example>';
    expect(loser?.code).toBe(1);
    expect(loser?.json?.outcome).toMatchObject({
      refusals: [{ id: 'lockFree', reason: expect.stringContaining(`prod is locked by ${winner}`) }],
    });
    expect(loser?.json?.sentence).toMatch(/for deploy 1\.4\.0\.$/);
    const deployed = (await workspace.ledger('prod')).filter(
      ({ kind, version }) => kind === 'deploy.intent' && version === '1.4.0',
    );
    expect(deployed).toHaveLength(1);
    expect(await workspace.health('prod', 'web')).toMatchObject({ body: { version: '1.4.0' } });
  });

  it('is rolled back likewise when it is healthy to the engine and fails its verification', async () => {
    const shipped = await ship();
    expect(shipped.code).not.toBe(0);
    expect(shipped.json).toMatchObject({
      target: 'release-verify--prod',
      outcome: { kind: 'rolledBack', to: '1.2.0' },
      sentence: expect.stringMatching(/^Failed, rolled back to 1\.2\.0: [^\n]*503[^\n]*\.$/),
    });
    expect(shipped.output).toContain(shipped.json?.sentence);
    expect(await serving()).toEqual(good);
    expect(await workspace.health('prod', 'web')).toMatchObject({ status: 200, body: { version: '1.2.0' } });
  });

  it('can be left by hand, without gates or approvals', async () => {
    // Its verification failed; only who insists gets it back.
    const again = await workspace.step('release-deploy', 'platform', '--env=prod', '--retry');
    expect(again.json).toMatchObject({ outcome: { kind: 'done' } });
    expect(await serving()).not.toEqual(good);
    const left = await workspace.step('release-rollback', 'platform', '--env=prod', '--reason=too slow');
    expect(left.json).toMatchObject({ outcome: { kind: 'done' } });
    expect(await serving()).toEqual(good);
    expect(await workspace.health('prod', 'api')).toMatchObject({ status: 200, body: { version: '1.2.0' } });
  });
});
