import type { Behaviour } from './support/files';
import { must } from './support/processes';
import { filesWith } from './support/files-with';
import { createWorkspace, type NxResult, type Workspace } from './support/workspace';

/** What nobody may ever read outside of the environment's own files on this host. */
const SECRETS = {
  ACME_TOKEN: 'canary-of-the-token-4711',
  DATABASE_URL: 'postgres://acme:canary-of-the-database-4712@db.acme.example/acme',
  PROBE_PASSWORD: 'canary-of-the-probe-4713',
};

/** Releases that are healthy in staging and not in production, one after the other. */
describe('a release that is broken in production', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('platform', {
      configure: ({ environments }) => {
        environments.prod.requires = { verifiedIn: 'staging', tag: true, approvals: [] };
        for (const [name, environment] of Object.entries(environments)) {
          environment['envFiles'] = [`${name}.env`, `${name}.secrets.env`].map((file) => ({
            path: `packages/platform/${file}`,
          }));
          environment.verify.probes.push({
            name: 'behind a password',
            http: 'http://probe:${PROBE_PASSWORD}@127.0.0.1:${API_PORT}/health/?token=${ACME_TOKEN}',
          });
        }
      },
    });
    const secrets = Object.entries(SECRETS).map(([name, value]) => `${name}=${value}\n`);
    await workspace.write({
      'packages/platform/staging.secrets.env': secrets.join(''),
      'packages/platform/prod.secrets.env': secrets.join(''),
    });
  });
  afterAll(() => workspace.cleanUp());

  const change = (behaviour: Behaviour) =>
    workspace.change(`feat(web): be ${behaviour}`, {
      ...workspace.behaviour('web', behaviour),
      'packages/web/index.js': `// ${behaviour} ${Math.random()}\n`,
    });
  /** All that was printed, and every result. */
  const heard: string[] = [];
  const listen = async (running: Promise<NxResult>): Promise<NxResult> => {
    const result = await running;
    heard.push(result.output, JSON.stringify(result.json));
    return result;
  };
  const step = (...args: readonly string[]) => listen(workspace.step(...args));
  const ship = () => step('run', 'platform:release-ship');
  /** Commits web with a behaviour and takes it the whole way, as far as it gets. */
  const release = async (behaviour: Behaviour): Promise<NxResult> => {
    await change(behaviour);
    return ship();
  };
  const serving = async () =>
    Object.fromEntries(
      (await workspace.containers('prod')).map(({ service, running, image }) => [service, running ? image : 'stopped']),
    );
  const status = async () => (await step('release-status', 'platform')).json?.data;
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
    expect((await step('run', 'platform:release-tag')).code).toBe(0);
    const both = await Promise.all([
      listen(workspace.stepAs('Dana Developer', 'release-deploy', 'platform', '--env=prod')),
      listen(workspace.stepAs('Robin Release', 'release-deploy', 'platform', '--env=prod')),
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
    const again = await step('release-deploy', 'platform', '--env=prod', '--retry');
    expect(again.json).toMatchObject({ outcome: { kind: 'done' } });
    expect(await serving()).not.toEqual(good);
    const held = await step('release-verify', 'platform', '--env=prod', '--hold');
    expect(held.code).toBe(1);
    expect(held.json).toMatchObject({ outcome: { kind: 'failed' }, sentence: expect.stringContaining('503') });
    expect(await serving()).not.toEqual(good);
    const left = await step('release-rollback', 'platform', '--env=prod', '--reason=too slow');
    expect(left.json).toMatchObject({ outcome: { kind: 'done' } });
    expect(await serving()).toEqual(good);
    expect(await workspace.health('prod', 'api')).toMatchObject({ status: 200, body: { version: '1.2.0' } });
  });

  it('can be watched for a while, from outside of the chain', async () => {
    const watched = await step('release-verify', 'platform', '--env=prod', '--watch=2s');
    expect(watched.json).toMatchObject({ outcome: { kind: 'done' } });
    expect(watched.output).toContain('Watching 1.2.0 in prod for 2 s');
  });

  it('can be passed by in an emergency, by two people, which leaves debts and a ledger that is whole', async () => {
    await change('healthy');
    expect((await step('run', 'platform:release-image')).code).toBe(0);
    const toProd = ['release-deploy', 'platform', '--env=prod'];
    expect((await step(...toProd)).json).toMatchObject({
      outcome: { refusals: expect.arrayContaining([expect.objectContaining({ id: 'promoted' })]) },
    });
    const ask = (person: string) =>
      listen(workspace.stepAs(person, 'release-bypass', 'platform', '--env=prod', '--reason=nobody can log in'));
    expect((await ask('Dana Developer')).json).toMatchObject({ sentence: expect.stringContaining('one more person') });
    expect((await step(...toProd)).json).toMatchObject({ outcome: { kind: 'refused' } });
    expect((await ask('Robin Release')).json).toMatchObject({ sentence: expect.stringContaining('it is granted') });
    expect((await step(...toProd)).json).toMatchObject({ outcome: { kind: 'done' } });
    expect(await workspace.health('prod', 'web')).toMatchObject({ status: 200, body: { version: '1.5.0' } });
    // What was passed by: the dossier, the promotion and the tag; and a post-mortem.
    const told = await step('release-status', 'platform');
    expect(told.json?.sentence).toContain('4 debts of emergencies open');
    const audited = await step('release-status', 'platform', '--audit');
    expect(audited.json).toMatchObject({
      outcome: { kind: 'done', summary: expect.stringMatching(/^the ledger is whole: \d+ events in \d+ streams/) },
    });
  });

  it('told no secret: not in what was printed, nor in the ledger, nor in any file but those of the environments', async () => {
    const canary = /canary-of-the-\w+-\d+/;
    const encoded = Buffer.from(`probe:${SECRETS.PROBE_PASSWORD}`).toString('base64');
    // The services had them, and wrote them into their logs, whose last lines were shown.
    const [web] = (await workspace.containers('prod')).filter(({ service }) => service === 'web');
    expect(
      await must(['docker', 'logs', web?.id ?? ''], { cwd: workspace.root, env: workspace.environment }),
    ).toContain(SECRETS.ACME_TOKEN);
    expect(heard.join('\n')).toContain('connecting to *** with ***');
    expect(heard.filter((text) => canary.test(text) || text.includes(encoded))).toEqual([]);
    const objects = ['git', 'cat-file', '--batch-all-objects', '--batch', '--unordered'] as const;
    for (const cwd of [workspace.remote, workspace.root]) {
      const all = await must(objects, { cwd, env: workspace.environment });
      expect(all).toContain('deploy.outcome');
      expect(all).not.toMatch(canary);
    }
    const holding = await filesWith(workspace.root, canary);
    expect(holding.filter(({ path }) => path.endsWith('.secrets.env'))).toHaveLength(2);
    const others = holding.filter(({ path }) => !path.endsWith('.secrets.env'));
    // What was applied, and what a rollback brings back: for this user alone.
    expect(others.filter(({ path }) => !path.startsWith('.slipway/deploy/'))).toEqual([]);
    expect(others.filter(({ mode }) => mode !== 0o600)).toEqual([]);
  });
});
