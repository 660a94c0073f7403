import type { ProjectGraph, Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { SlipwayVersionActions } from './version-actions';

const FILES: Readonly<Record<string, string>> = {
  'packages/ui/package.json': '{\n\t"name": "@acme/ui",\n\t"version": "1.1.0"\n}\n',
  'packages/web/package.json':
    '{\n    "name": "web", "version": "1.1.0",\r\n    "dependencies": { "@acme/ui": "~1.1.0", "react": "^1.1.0" }\n}',
  'packages/core/setup.py': "from setuptools import setup\nsetup(name='acme_core', version='1.1.0')  # 1.1.0\n",
  'packages/api/setup.py':
    'from setuptools import setup\n\nVERSION = "1.1.0"\nsetup(name="acme-api", version=VERSION)\n',
  'packages/api/requirements.txt': 'Django==1.1.0\nacme-core==1.1.0  # ours\n',
  'packages/platform/docker-compose.yml':
    'services:\n  api:\n    image: "${API_IMAGE:-acme/api:1.1.0}"\n  db:\n    image: postgres:1.1.0\n',
};

function workspace(files = FILES): Tree {
  const tree = createTree();
  for (const [path, content] of Object.entries(files)) tree.write(path, content);
  return tree;
}

const graph: ProjectGraph = {
  nodes: Object.fromEntries(
    ['ui', 'web', 'core', 'api', 'platform'].map((name) => [
      name,
      { name, type: 'lib' as const, data: { root: `packages/${name}` } },
    ]),
  ),
  dependencies: { web: [{ source: 'web', target: 'ui', type: 'static' }] },
};

type Arguments = ConstructorParameters<typeof SlipwayVersionActions>;

async function actionsOf(
  tree: Tree,
  name: string,
  config: { readonly preserveMatchingDependencyRanges?: boolean; readonly versionActionsOptions?: object } = {},
): Promise<SlipwayVersionActions> {
  const final = { manifestRootsToUpdate: [], preserveLocalDependencyProtocols: true, ...config };
  const actions = new SlipwayVersionActions(
    { name: 'release' } as unknown as Arguments[0],
    graph.nodes[name] as Arguments[1],
    final as unknown as Arguments[2],
  );
  await actions.init(tree);
  return actions;
}

const images = { versionActionsOptions: { images: ['acme/api'] } };

describe('nx release with these VersionActions', () => {
  it.each([
    ['ui', {}, 'packages/ui/package.json'],
    ['core', {}, 'packages/core/setup.py'],
    ['api', {}, 'packages/api/setup.py'],
    ['platform', images, 'packages/platform/docker-compose.yml'],
  ])('reads the current version of %s', async (name, config, manifestPath) => {
    const tree = workspace();
    const actions = await actionsOf(tree, name, config);
    await actions.validate(tree);
    expect(await actions.readCurrentVersionFromSourceManifest(tree)).toEqual({ currentVersion: '1.1.0', manifestPath });
  });

  it.each([
    ['ui', {}, 'packages/ui/package.json', '"version": "1.1.0"', '"version": "1.2.0-rc.1"'],
    ['core', {}, 'packages/core/setup.py', "version='1.1.0'", "version='1.2.0rc1'"],
    ['api', {}, 'packages/api/setup.py', 'VERSION = "1.1.0"', 'VERSION = "1.2.0rc1"'],
    ['platform', images, 'packages/platform/docker-compose.yml', 'acme/api:1.1.0', 'acme/api:1.2.0-rc.1'],
  ])('writes a pre-release of %s in its own spelling, and nothing else', async (name, config, path, from, to) => {
    const tree = workspace();
    const actions = await actionsOf(tree, name, config);
    expect(await actions.updateProjectVersion(tree, '1.2.0-rc.1')).toEqual([
      `✍️  New version 1.2.0-rc.1 written to ${path}`,
    ]);
    for (const [file, content] of Object.entries(FILES)) {
      expect(tree.read(file, 'utf-8')).toBe(file === path ? content.replace(from, to) : content);
    }
  });

  it('lets the range of a dependent follow in its own form', async () => {
    const tree = workspace();
    const web = await actionsOf(tree, 'web');
    expect(await web.readCurrentVersionOfDependency(tree, graph, 'ui')).toEqual({
      currentVersion: '1.1.0',
      dependencyCollection: 'dependencies',
    });
    await web.updateProjectDependencies(tree, graph, { ui: '1.2.0-rc.1' });
    expect(tree.read('packages/web/package.json', 'utf-8')).toBe(
      FILES['packages/web/package.json']?.replace('"~1.1.0"', '"~1.2.0-rc.1"'),
    );
  });

  it('leaves a range that takes the new version, unless nx.json says otherwise', async () => {
    const tree = workspace();
    await (await actionsOf(tree, 'web')).updateProjectDependencies(tree, graph, { ui: '1.1.1' });
    expect(tree.read('packages/web/package.json', 'utf-8')).toBe(FILES['packages/web/package.json']);
    const strict = await actionsOf(tree, 'web', { preserveMatchingDependencyRanges: false });
    await strict.updateProjectDependencies(tree, graph, { ui: '^1.1.1' });
    expect(tree.read('packages/web/package.json', 'utf-8')).toContain('"@acme/ui": "~1.1.1"');
  });

  it('follows a pin of a Python package, between which Nx knows no edge', async () => {
    const tree = workspace();
    const api = await actionsOf(tree, 'api');
    const asked: string[] = [];
    await api.updateProjectDependencies(tree, graph, {}, async (project) => {
      asked.push(project);
      return '1.2.0-rc.1';
    });
    expect(asked).toEqual(['core']);
    expect(tree.read('packages/api/requirements.txt', 'utf-8')).toBe('Django==1.1.0\nacme-core==1.2.0rc1  # ours\n');
  });

  it('refuses what Python has no form for, with the reason, and writes nothing', async () => {
    const tree = workspace();
    const core = await actionsOf(tree, 'core');
    await expect(core.updateProjectVersion(tree, '1.2.0-canary.3')).rejects.toThrow(/setup\.py:2: .*1\.2\.0-canary\.3/);
    expect(tree.read('packages/core/setup.py', 'utf-8')).toBe(FILES['packages/core/setup.py']);
  });

  it('refuses a project without a version, and says what would help', async () => {
    const tree = workspace();
    const platform = await actionsOf(tree, 'platform');
    await expect(platform.validate(tree)).rejects.toThrow(/platform: no file in packages\/platform holds .*images/);
  });

  it('takes the images of slipway.json where none are named', async () => {
    const tree = workspace();
    const api = { dockerfile: 'Dockerfile', context: ['packages/api'], repository: 'acme/api', variable: 'API_IMAGE' };
    tree.write('slipway.json', JSON.stringify({ images: { api } }));
    const platform = await actionsOf(tree, 'platform');
    await platform.validate(tree);
    await platform.updateProjectVersion(tree, '1.2.0');
    expect(tree.read('packages/platform/docker-compose.yml', 'utf-8')).toContain('acme/api:1.2.0}');
  });

  it('does not choose between two versions of one project', async () => {
    const tree = workspace({ ...FILES, 'packages/core/package.json': '{ "name": "core", "version": "1.0.9" }' });
    const core = await actionsOf(tree, 'core');
    await expect(core.readCurrentVersionFromSourceManifest(tree)).rejects.toThrow(
      /package\.json has the version 1\.0\.9, but packages\/core\/setup\.py has 1\.1\.0/,
    );
  });

  it('keeps its files from the formatter', async () => {
    const api = await actionsOf(workspace(), 'api');
    expect(api.excludeManifestsFromFormatting).toBe(true);
    expect(api.manifestsToUpdate.map(({ manifestPath }) => manifestPath)).toEqual([
      'packages/api/requirements.txt',
      'packages/api/setup.py',
    ]);
  });
});
