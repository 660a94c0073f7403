import { snapshot, withoutLocks } from './support/snapshot';
import { sentencesOf, tasksOf } from './support/tasks';
import { createWorkspace, type Workspace } from './support/workspace';

const CHAIN = [
  'release-plan',
  'release-bump',
  'release-image',
  'release-check',
  'release-deploy--staging',
  'release-verify--staging',
  'release-tag',
  'release-deploy--prod',
  'release-verify--prod',
];

/** One release, in order: each test goes on where the one before ended. */
describe('a release to staging and production', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('platform', { isolatedPlugins: true });
    await workspace.change('feat(web): greet by name');
  });
  afterAll(() => workspace.cleanUp());
  const ship = (...args: string[]) => workspace.step('run', 'platform:release-ship', ...args);
  const digests = async (environment: 'staging' | 'prod') =>
    Object.fromEntries((await workspace.containers(environment)).map(({ service, image }) => [service, image]));

  it('changes nothing under --dry-run before anything began, and tells the whole chain, and where people come in', async () => {
    const before = await snapshot(workspace);
    const rehearsed = await ship('--dry-run');
    expect(await snapshot(workspace)).toEqual(before);
    const said = sentencesOf(rehearsed.output);
    for (const target of CHAIN.slice(0, 7)) {
      expect([target, said[`platform:${target}`]]).toEqual([
        target,
        expect.stringMatching(/^Dry run, nothing changed: would /),
      ]);
    }
    expect(said['platform:release-deploy--prod']).toMatch(/^Dry run, nothing changed: would .*release-approve/);
    expect([rehearsed.code, rehearsed.json?.outcome.kind]).toEqual([0, 'wouldDo']);
  });

  it('stops at the missing approval and says who must run what', async () => {
    const stopped = await ship();
    expect(stopped.code).not.toBe(0);
    expect(stopped.json).toMatchObject({
      target: 'release-deploy--prod',
      outcome: { kind: 'waiting', run: 'npx nx release-approve platform --as=release-manager' },
      sentence:
        'Waiting for the sign-off of the release-manager, to run: npx nx release-approve platform --as=release-manager',
    });
    expect((await workspace.containers('staging')).map(({ service, running }) => [service, running])).toEqual([
      ['api', true],
      ['web', true],
    ]);
    expect(await workspace.containers('prod')).toEqual([]);
    expect(await workspace.ledger('prod')).toEqual([]);
  });

  it('changes nothing under --dry-run in the middle either', async () => {
    const before = await snapshot(workspace);
    const rehearsed = await ship('--dry-run');
    expect(await snapshot(workspace)).toEqual(before);
    expect([rehearsed.code, rehearsed.json?.outcome.kind]).toEqual([0, 'wouldDo']);
    // A gate that got --dry-run would miss its cache.
    const gates = Object.entries(tasksOf(rehearsed.output)).filter(([task]) => task.endsWith(':release-gate'));
    expect(gates.sort()).toEqual([
      ['api:release-gate', 'cache'],
      ['platform:release-gate', 'cache'],
      ['web:release-gate', 'cache'],
    ]);
  });

  it('says in its status what blocks the next step', async () => {
    const status = await workspace.step('release-status', 'platform');
    expect(status.code).toBe(0);
    expect(status.json?.data).toMatchObject({
      release: { version: '1.1.0' },
      environments: [
        {
          environment: 'staging',
          version: '1.1.0',
          health: 'healthy',
          by: 'Dana Developer <dana@acme.example>',
          lock: null,
        },
        { environment: 'prod', version: null, health: null, blockedBy: [expect.stringContaining('release-manager')] },
      ],
      next: {
        target: 'release-deploy--prod',
        blockedBy: [{ remedy: 'npx nx release-approve platform --as=release-manager' }],
      },
    });
  });

  it('signs nobody off for a role that nothing asks for', async () => {
    const approved = await workspace.stepAs('Robin Release', 'release-approve', 'platform', '--as=release-manger');
    expect(approved.code).toBe(1);
    expect(approved.json?.sentence).toMatch(/^Refused, nothing changed: .*did you mean "release-manager"/);
  });

  it('goes on after the approval: production runs the very digests that staging verified', async () => {
    const approved = await workspace.stepAs('Robin Release', 'release-approve', 'platform', '--as=release-manager');
    expect(approved.json?.sentence).toMatch(
      /^Done: Robin Release <robin@acme\.example> signed off 1\.1\.0 at [0-9a-f]{8} as release-manager\.$/,
    );
    const shipped = await ship();
    expect(shipped.code).toBe(0);
    expect(shipped.json?.sentence).toBe('Done: release 1.1.0 has arrived in staging and prod.');

    const verified = (await workspace.ledger('staging')).find(({ kind }) => kind === 'verify.outcome');
    expect(verified).toMatchObject({ health: 'healthy', version: '1.1.0' });
    expect(await digests('prod')).toEqual(verified?.['services']);
    expect(await digests('staging')).toEqual(verified?.['services']);
    const commit = await workspace.git('rev-parse', 'v1.1.0^{commit}');
    for (const service of ['web', 'api'] as const) {
      expect(await workspace.health('prod', service)).toEqual({
        status: 200,
        body: { status: 'ok', version: '1.1.0', commit },
      });
    }
  });

  it('tells what is where, as JSON and as a table', async () => {
    const status = await workspace.step('release-status', 'platform');
    const services = await digests('prod');
    expect(status.json?.data).toMatchObject({
      environments: [
        { environment: 'staging', version: '1.1.0', services, health: 'healthy', blockedBy: [] },
        {
          environment: 'prod',
          version: '1.1.0',
          services,
          health: 'healthy',
          blockedBy: [],
          since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        },
      ],
      next: null,
    });
    expect(status.output).toMatch(/^prod +1\.1\.0 +healthy +.*web@[0-9a-f]{8}.* Dana Developer/m);
  });

  it('is already done everywhere when it is run again', async () => {
    const before = withoutLocks(await snapshot(workspace));
    const again = await ship();
    expect(again.code).toBe(0);
    expect(withoutLocks(await snapshot(workspace))).toEqual(before);
    const said = sentencesOf(again.output);
    for (const target of CHAIN)
      expect([target, said[`platform:${target}`]]).toEqual([target, expect.stringMatching(/^Already done: /)]);
  });

  it('builds only the service that changed in the next release', async () => {
    const { web, api } = await digests('prod');
    await workspace.change('fix(web): say goodbye');
    const built = await workspace.step('run', 'platform:release-image');
    expect(built.json).toMatchObject({
      outcome: { kind: 'done' },
      data: { images: { version: '1.1.1', built: ['web'], services: { api } } },
    });
    expect(built.json?.data).not.toMatchObject({ images: { services: { web } } });
  });
});
