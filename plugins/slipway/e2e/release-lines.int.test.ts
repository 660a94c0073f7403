import { json } from './support/files';
import { createWorkspace, type Workspace } from './support/workspace';

/** The API names the release; the website has versions of its own. */
const CONFIGURATION = {
  release: { owner: 'api', groups: { sites: { projects: ['web'], versioning: 'independent' } } },
};

/** In order: each test goes on where the one before stopped. */
describe('projects with versions of their own, released together', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('plain', { files: { 'slipway.json': json(CONFIGURATION) } });
    await workspace.git('tag', '--annotate', '--message', 'Release web@1.0.0', 'web@1.0.0');
    await workspace.git('push', '--quiet', 'origin', 'web@1.0.0');
    await workspace.change('feat(web): greet by name');
    await workspace.change('fix(api): answer in time', { 'packages/api/acme/time.py': 'SECONDS = 1\n' });
  });
  afterAll(() => workspace.cleanUp());

  const versions = async () => [
    /version='(.*)'/.exec(await workspace.read('packages/api/setup.py'))?.[1],
    /"version": "(.*)"/.exec(await workspace.read('packages/web/package.json'))?.[1],
  ];
  const tagsThere = async () =>
    (await workspace.git('ls-remote', '--refs', '--tags', 'origin'))
      .split('\n')
      .map((line) => line.split('refs/tags/')[1] ?? '');
  const marked = (tag: string) => workspace.git('rev-parse', `${tag}^{commit}`);

  it('get a first pre-release each, with a tag each on the same commit', async () => {
    const tagged = await workspace.step('run', 'api:release-tag', '--preid=rc');
    expect(tagged.json?.sentence).toMatch(
      /^Done: v1\.0\.1-rc\.1, web@1\.1\.0-rc\.1 mark [0-9a-f]{8} here and on origin/,
    );
    expect(tagged.code).toBe(0);
    expect(await versions()).toEqual(['1.0.1rc1', '1.1.0-rc.1']);
    expect(await tagsThere()).toEqual(['v1.0.0', 'v1.0.1-rc.1', 'web@1.0.0', 'web@1.1.0-rc.1']);
    const head = await workspace.git('rev-parse', 'HEAD');
    expect([await marked('v1.0.1-rc.1'), await marked('web@1.1.0-rc.1')]).toEqual([head, head]);
    const again = await workspace.step('run', 'api:release-tag', '--preid=rc');
    expect(again.json?.outcome.kind).toBe('alreadyDone');
  });

  it('go on to their final versions, in one command each', async () => {
    await workspace.change('fix(api): answer sooner', { 'packages/api/acme/time.py': 'SECONDS = 0\n' });
    const second = await workspace.step('run', 'api:release-tag', '--preid=rc');
    expect(second.json?.sentence).toMatch(/^Done: v1\.0\.1-rc\.2/);
    const final = await workspace.step('run', 'api:release-tag', '--graduate');
    expect(final.json?.sentence).toMatch(/^Done: v1\.0\.1, web@1\.1\.0 mark/);
    expect(await versions()).toEqual(['1.0.1', '1.1.0']);
    const head = await workspace.git('rev-parse', 'HEAD');
    expect([await marked('v1.0.1'), await marked('web@1.1.0'), await marked('origin/main')]).toEqual([
      head,
      head,
      head,
    ]);
  });
});
