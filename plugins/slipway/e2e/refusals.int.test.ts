import { docker } from './support/docker';
import { snapshot } from './support/snapshot';
import { createWorkspace, type NxResult, type Workspace } from './support/workspace';

/** `release-deploy --env=prod`, in order: each test mends one thing more. */
describe('a deployment to production is refused', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('platform');
    await workspace.change('feat(web): greet by name');
  });
  afterAll(() => workspace.cleanUp());

  /** Runs nx, which must fail and change nothing. */
  const refused = async (...args: string[]): Promise<NxResult> => {
    const before = await snapshot(workspace);
    const result = await workspace.step(...args);
    expect(result.code).toBe(1);
    expect(await snapshot(workspace)).toEqual(before);
    return result;
  };
  const deploy = (...args: string[]) => refused('release-deploy', 'platform', ...args);
  const refusals = ({ json }: NxResult): readonly { id: string; reason: string; remedy: string }[] => {
    expect(json?.outcome.kind).toBe('refused');
    return json?.outcome['refusals'] as { id: string; reason: string; remedy: string }[];
  };
  const ids = (result: NxResult) => refusals(result).map(({ id }) => id);
  const only = (task: string) => workspace.step('run', `platform:${task}`, '--excludeTaskDependencies');

  it('without an environment', async () => {
    const result = await deploy();
    expect(refusals(result)).toEqual([
      {
        id: 'environmentKnown',
        reason: 'the environment is missing',
        remedy: 'say which one: --env=staging or --env=prod',
      },
    ]);
    expect(result.output).toMatch(/Refused, nothing changed: the environment is missing\./);
    expect(result.output).toMatch(/next: say which one: --env=staging or --env=prod/);
  });

  it('with an environment that is not there', async () => {
    expect(refusals(await deploy('--env=qa'))).toEqual([
      {
        id: 'environmentKnown',
        reason: 'there is no environment "qa"',
        remedy: 'say which one: --env=staging or --env=prod',
      },
    ]);
    expect(refusals(await deploy('--env=prd'))).toMatchObject([
      { reason: 'there is no environment "prd" (did you mean "prod"?)' },
    ]);
  });

  it('with a configuration that is not there, for which Nx takes the default options', async () => {
    expect(ids(await deploy('-c', 'qa'))).toEqual(['environmentKnown']);
    expect(ids(await refused('run', 'platform:release-deploy:qa'))).toEqual(['environmentKnown']);
  });

  it('from a dirty tree, naming what is dirty', async () => {
    await workspace.write({ 'packages/web/new.js': '1\n' });
    const result = await deploy('--env=prod');
    expect(refusals(result)[0]).toMatchObject({
      id: 'treeClean',
      reason: expect.stringContaining('packages/web/new.js'),
    });
    await workspace.git('clean', '--quiet', '--force', 'packages/web/new.js');
  });

  it('without a dossier: nothing was ever checked', async () => {
    const result = await deploy('--env=prod');
    expect(ids(result)).toEqual(['dossier', 'images', 'promoted', 'tagged', 'approved']);
    expect(refusals(result)[0]).toMatchObject({
      reason: expect.stringMatching(/^the ledger holds no passing dossier for commit [0-9a-f]{8}$/),
      remedy: 'npx nx release-check platform',
    });
  });

  it('with forged verdicts on disk, which prove nothing', async () => {
    await workspace.commit('fix(web): break a test', workspace.suite('web', { failing: ['adds a ticket'] }));
    const bumpWithoutGates = async () => {
      expect((await only('release-plan')).json?.outcome.kind).toBe('done');
      expect((await only('release-bump')).json?.outcome.kind).toBe('done');
      expect((await only('release-image')).json?.outcome.kind).toBe('done');
    };
    const judged = await workspace.step('run', 'web:release-gate');
    expect(judged.code).toBe(1);
    await bumpWithoutGates();

    // The real verdict fails the check; one that calls itself passed is not about these files.
    const failing = JSON.parse(await workspace.read('.slipway/gates/web/verdict.json')) as Record<string, unknown>;
    expect((await only('release-check')).json?.outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/did not pass: web: /),
    });
    const forged = { ...failing, verdict: 'pass', reason: 'trust me', subject: '0'.repeat(64) };
    for (const project of ['web', 'api', 'platform']) {
      await workspace.write({ [`.slipway/gates/${project}/verdict.json`]: JSON.stringify({ ...forged, project }) });
    }
    const checked = await only('release-check');
    expect(checked.code).toBe(1);
    expect(checked.json?.outcome.kind).toBe('failed');
    expect(ids(await deploy('--env=prod'))).toContain('dossier');
    expect(ids(await deploy('--env=staging'))).toContain('dossier');

    const abandoned = await workspace.step('release-abandon', 'platform', '--reason=forged');
    expect(abandoned.json?.outcome.kind).toBe('done');
    await workspace.git('checkout', '--quiet', 'main');
    await workspace.git('branch', '--quiet', '-D', 'release/v1.1.0');
    await workspace.change('fix(web): mend the test', workspace.suite('web', {}));
  });

  it('before staging verified it, before the tag and before the approval', async () => {
    const checked = await workspace.step('run', 'platform:release-check');
    expect(checked.json?.outcome.kind).toBe('done');
    const result = await deploy('--env=prod');
    expect(refusals(result)).toEqual([
      {
        id: 'promoted',
        reason: 'staging has not verified the digests of 1.1.0',
        remedy: 'npx nx run platform:release-verify--staging',
      },
      {
        id: 'tagged',
        reason: expect.stringMatching(/^commit [0-9a-f]{8} is not tagged as a release$/),
        remedy: 'npx nx release-tag platform',
      },
      {
        id: 'approved',
        reason: 'the sign-off of the release-manager is missing for prod',
        remedy: 'npx nx release-approve platform --as=release-manager',
      },
    ]);
  });

  it('when staging only runs it: a deployment is no verification', async () => {
    expect((await only('release-deploy--staging')).json?.outcome.kind).toBe('done');
    expect(ids(await deploy('--env=prod'))).toContain('promoted');
    expect((await only('release-verify--staging')).json?.outcome.kind).toBe('done');
    expect(ids(await deploy('--env=prod'))).toEqual(['tagged', 'approved']);
  });

  it('when an image was replaced after staging had verified another', async () => {
    const { repository, tag } = await contextImage(workspace);
    const original = await docker('inspect', '--format', '{{.Id}}', `${repository}:${tag}`);
    // Inherits every label, so it passes for the image of this context.
    await docker('run', '--name', `${workspace.mark}-forger`, '--entrypoint', 'true', '--network', 'none', original);
    await docker(
      'commit',
      '--change',
      'CMD ["perl", "/srv/server.pl"]',
      `${workspace.mark}-forger`,
      `${repository}:${tag}`,
    );
    await docker('rm', '--force', `${workspace.mark}-forger`);
    const image = await only('release-image');
    const services = (image.json?.data as { images?: { services?: Record<string, string> } }).images?.services;
    expect(services?.['web']).not.toBe(original);
    expect(ids(await deploy('--env=prod'))).toContain('promoted');
    expect(await workspace.containers('prod')).toEqual([]);
    await docker('tag', original, `${repository}:${tag}`);
    expect((await only('release-image')).code).toBe(0);
  });

  it('before the tag, then before the approval, which it waits for', async () => {
    expect(ids(await deploy('--env=prod'))).toEqual(['tagged', 'approved']);
    expect((await only('release-tag')).json?.outcome.kind).toBe('done');
    const waiting = await deploy('--env=prod');
    expect(waiting.json).toMatchObject({
      outcome: { kind: 'waiting' },
      sentence:
        'Waiting for the sign-off of the release-manager, to run: npx nx release-approve platform --as=release-manager',
    });
    expect((await workspace.step('release-approve', 'platform', '--as=release-manager')).code).toBe(0);
    const before = await snapshot(workspace);
    const rehearsed = await workspace.step('release-deploy', 'platform', '--env=prod', '--dry-run');
    expect(rehearsed.json?.outcome.kind).toBe('wouldDo');
    expect(await snapshot(workspace)).toEqual(before);
  });

  it('from any other commit: the approval and the dossier are of one commit', async () => {
    await workspace.change('fix(web): one thing more');
    expect(ids(await deploy('--env=prod'))).toEqual(['dossier', 'images', 'promoted', 'tagged', 'approved']);
  });
});

/** The name under which Slipway keeps the image of web. */
async function contextImage({ deployment }: Workspace): Promise<{ repository: string; tag: string }> {
  const repository = `${deployment.prefix}/web`;
  const tags = (await docker('images', '--format', '{{.Tag}}', repository)).split('\n');
  const tag = tags.find((name) => name.startsWith('ctx-'));
  if (tag === undefined) throw new Error(`no image of ${repository} has a context tag, only ${tags.join(', ')}`);
  return { repository, tag };
}
