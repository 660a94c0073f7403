import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import releaseNotesGenerator from './generator';

function workspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  addProjectConfiguration(tree, 'web', { root: 'packages/web' });
  tree.write('packages/web/package.json', '{ "name": "web", "version": "1.0.0" }');
  addProjectConfiguration(tree, 'docs', { root: 'docs' });
  return tree;
}

describe('release-notes', () => {
  it.each(['2026-02-30', '2026-13-01', 'today', '26-1-1'])('refuses the date %s', async (date) => {
    await expect(releaseNotesGenerator(workspace(), { date })).rejects.toThrow('is not a day');
  });

  it('refuses a version that no release has', async () => {
    await expect(releaseNotesGenerator(workspace(), { releaseVersion: '1.2' })).rejects.toThrow('MAJOR.MINOR.PATCH');
  });

  it('refuses a project that is not of the release, and says which one was meant', async () => {
    await expect(releaseNotesGenerator(workspace(), { project: 'wep' })).rejects.toThrow('Did you mean "web"?');
    await expect(releaseNotesGenerator(workspace(), { project: 'docs' })).rejects.toThrow(
      '"docs" is not a project of the release',
    );
  });

  it('tells what is wrong in slipway.json', async () => {
    const tree = workspace();
    tree.write('slipway.json', '{\n  "note": {}\n}');
    await expect(releaseNotesGenerator(tree, {})).rejects.toThrow('slipway.json:2:3: note: unknown key');
  });
});
