import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXAMPLE_VARIABLES } from './support/files';
import { snapshot } from './support/snapshot';
import { createWorkspace, type Workspace } from './support/workspace';

describe('the generators, in a workspace that has Compose files and not yet Slipway', () => {
  let workspace: Workspace;
  const generate = (name: string, ...args: string[]) =>
    workspace.nx('g', `nx-slipway:${name}`, '--no-interactive', ...args);
  const status = () => workspace.git('status', '--porcelain', '--untracked-files=all');

  const targetsOfPlatform = async (): Promise<string[]> => {
    const shown = await workspace.nx('show', 'project', 'platform', '--json');
    expect([shown.code, shown.output]).toEqual([0, expect.stringContaining('{')]);
    const { targets } = JSON.parse(shown.output.slice(shown.output.indexOf('{'))) as { targets: object };
    return Object.keys(targets);
  };

  beforeAll(async () => {
    workspace = await createWorkspace('platform');
    await rm(join(workspace.root, 'slipway.json'));
    const nxJson = JSON.parse(await workspace.read('nx.json')) as Record<string, unknown>;
    delete nxJson['plugins'];
    await workspace.change('feat(web): greet by name', {
      'nx.json': JSON.stringify(nxJson, null, 2),
      '.gitignore': 'node_modules\n*.tgz\n.nx\nreports\n',
      'packages/web/index.js': 'exports.title = "Hello";\n',
      // No configuration says yet that Slipway sets the images.
      'packages/platform/.env.example': `${EXAMPLE_VARIABLES}WEB_IMAGE=acme/web:1.0.0\nAPI_IMAGE=acme/api:1.0.0\n`,
    });
  });
  afterAll(() => workspace.cleanUp());

  it('init only shows what it would do under --dry-run', async () => {
    const before = await snapshot(workspace);
    const rehearsed = await generate('init', '--dry-run');
    expect(rehearsed.code).toBe(0);
    expect(rehearsed.output).toMatch(/CREATE slipway\.json/);
    expect(rehearsed.output).toMatch(/UPDATE nx\.json/);
    expect(await snapshot(workspace)).toEqual(before);
  });

  it('init sets up what Nx then infers the whole chain from', async () => {
    const made = await generate('init');
    expect(made.code).toBe(0);
    const changed = (await status()).split('\n').map((line) => line.trim().split(' ').at(-1));
    expect(changed.sort()).toEqual(['.gitignore', 'nx.json', 'slipway.json']);
    const targets = await targetsOfPlatform();
    expect(targets).toEqual(expect.arrayContaining(['release-gate', 'release-plan', 'release-bump', 'release-tag']));
    // Deployment is only proposed: nothing is deployed that nobody decided on.
    expect(targets).not.toContain('release-deploy--staging');
    await workspace.commit('build: set up Slipway');
    const planned = await workspace.step('release-plan', 'platform', '--dry-run');
    expect(planned.json).toMatchObject({ outcome: { kind: 'wouldDo' }, data: { plan: { version: '1.1.0' } } });
  });

  it('init proposes environments by what the Compose files tell: uncommented, they are in the chain', async () => {
    const proposed = await workspace.read('slipway.json');
    await workspace.write({
      'slipway.json': proposed
        .replace(/^( *)\/\/ (?=[\s"{}\]])/gm, '$1')
        .replace(/"http": "[^"]*"/g, '"http": "http://127.0.0.1:1/"')
        .replace(/<[^>]*>/g, 'packages'),
    });
    const targets = await targetsOfPlatform();
    expect(targets).toEqual(
      expect.arrayContaining(['release-image', 'release-deploy--staging', 'release-verify--prod']),
    );
    await workspace.write({ 'slipway.json': proposed });
  });

  it('init changes nothing when it is run again', async () => {
    expect((await generate('init')).code).toBe(0);
    expect(await status()).toBe('');
  });

  it('changelog shows what it would do under --dry-run, writes every release, and keeps what was edited', async () => {
    const hostile = 'fix(web): mind <img src=x> ![x](http://evil.example/x.png) @here ::set-output name=a::b';
    await workspace.change(hostile, { 'packages/web/index.js': 'exports.title = "Hallo";\n' });
    await workspace.git('tag', '-a', '-m', 'Release v1.0.1', 'v1.0.1');
    const before = await snapshot(workspace);
    const rehearsed = await generate('changelog', '--dry-run');
    expect([rehearsed.code, rehearsed.output]).toEqual([0, expect.stringContaining('CREATE CHANGELOG.md')]);
    expect(await snapshot(workspace)).toEqual(before);
    expect((await generate('changelog')).code).toBe(0);
    const changelog = await workspace.read('CHANGELOG.md');
    expect(changelog).toMatch(/^# Changelog\n[^]*\n## \[1\.0\.1\] - [^]*greet by name[^]*\n## \[1\.0\.0\] - /);
    expect(changelog).toContain(
      'mind &lt;img src=x&gt; !\\[x\\](`http://evil.example/x.png`) \uff20here \\:\\:set-output',
    );
    expect((await generate('changelog')).output).not.toMatch(/CREATE|UPDATE/);
    await workspace.write({ 'CHANGELOG.md': 'by hand\n' });
    const refused = await generate('changelog');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/CHANGELOG\.md exists and differs[^]*--force/);
    expect(await workspace.read('CHANGELOG.md')).toBe('by hand\n');
    expect((await generate('changelog', '--force')).code).toBe(0);
    expect(await workspace.read('CHANGELOG.md')).toBe(changelog);
    await rm(join(workspace.root, 'CHANGELOG.md'));
    await workspace.git('tag', '-d', 'v1.0.1');
  });

  it('release-notes writes what the next release holds, and leaves what was written by hand', async () => {
    const written = await generate('release-notes');
    expect([written.code, written.output]).toEqual([0, expect.stringContaining('CREATE releases/v1.1.0/NOTES.md')]);
    const notes = await workspace.read('releases/v1.1.0/NOTES.md');
    expect(notes).toMatch(/1\.1\.0/);
    expect(notes).toMatch(/greet by name/i);
    await workspace.write({ 'releases/v1.1.0/NOTES.md': 'by hand\n' });
    const again = await generate('release-notes');
    expect(again.code).toBe(0);
    expect(again.output).toMatch(/written by hand, so it was kept as it is[^]*greet by name[^]*--force/i);
    expect(await workspace.read('releases/v1.1.0/NOTES.md')).toBe('by hand\n');
    await generate('release-notes', '--force');
    expect(await workspace.read('releases/v1.1.0/NOTES.md')).toBe(notes);
  });

  it('checklist writes every item for a major release, and fewer for a patch', async () => {
    const items = async (version: string): Promise<number> => {
      expect((await generate('checklist', `--releaseVersion=${version}`)).code).toBe(0);
      return (await workspace.read(`releases/v${version}/CHECKLIST.md`))
        .split('\n')
        .filter((line) => /^- \[ \] /.test(line)).length;
    };
    const major = await items('2.0.0');
    expect(major).toBe(28);
    const patch = await items('1.0.1');
    expect(patch).toBeGreaterThan(0);
    expect(patch).toBeLessThan(major);
  });

  it('refuses a version that is none, and leaves nothing', async () => {
    const refused = await generate('checklist', '--releaseVersion=soon');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/soon/);
    expect((await readdir(join(workspace.root, 'releases'))).sort()).toEqual(['v1.0.1', 'v1.1.0', 'v2.0.0']);
  });

  it('what was generated is enough for a release, and the notes made before it are kept', async () => {
    const notes = await workspace.read('releases/v1.1.0/NOTES.md');
    const off = { notApplicable: 'Compose files have no tests and no dependencies' };
    const configuration = await workspace.read('slipway.json');
    const projects = `"projects": { "platform": { "producers": [], "gates": ${JSON.stringify({ tests: off, coverage: off, security: off })} } },\n  "gates"`;
    await workspace.change('docs: write notes and checklists', {
      'slipway.json': configuration.replace('"gates"', () => projects),
    });
    const tagged = await workspace.step('run', 'platform:release-tag');
    expect([tagged.output, tagged.json?.sentence]).toEqual([
      expect.stringContaining('1.1.0 passed its check'),
      expect.stringMatching(/^Done: v1\.1\.0 marks [0-9a-f]{8}\b/),
    ]);
    expect(await workspace.read('releases/v1.1.0/NOTES.md')).toBe(notes);
    expect(await workspace.read('packages/api/setup.py')).toContain("version='1.1.0'");
  });
});
