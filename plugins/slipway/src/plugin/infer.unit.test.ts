import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createNodes } from './create-nodes';
import { discoverProjects } from './discover';
import { inferProjects } from './infer';

type Files = Readonly<Record<string, string>>;
const json = (value: unknown) => JSON.stringify(value, null, 2);
const FILES: Files = {
  'package.json': json({ name: 'acme', private: true, workspaces: ['packages/*'] }),
  'packages/ui/package.json': json({ name: '@acme/ui', version: '1.0.0', dependencies: { react: '19.0.0' } }),
  'packages/api/project.json': json({ name: 'api' }),
  'packages/api/setup.py': 'from setuptools import setup\nsetup(name="acme-api", version="1.0.0")\n',
  'packages/api/requirements.txt': 'django==5.2\n',
  'packages/platform/project.json': json({ name: 'platform' }),
  'packages/platform/docker-compose.prod.yml': 'services:\n  api:\n    image: acme/api:1.0.0\n',
};
const IMAGES = { images: { api: { dockerfile: 'D', context: ['.'], repository: 'acme/api', variable: 'API_IMAGE' } } };
const nodes = (files: Files, nxJson = {}) => inferProjects(new Map(Object.entries(files)), nxJson);
const inputs = (files: Files, root: string) => nodes(files)[root]?.namedInputs;
const found = (files: Files) =>
  discoverProjects(new Map(Object.entries(files))).map(({ name, root, kind, versioned }) => [
    root,
    name,
    kind,
    versioned,
  ]);
const owner = (files: Files, nxJson = {}) =>
  Object.entries(nodes(files, nxJson)).flatMap(([root, { targets }]) => (targets?.['release-plan'] ? [root] : []));

describe('projects', () => {
  it('are those of project.json files and workspaces', () => {
    expect(found(FILES)).toEqual([
      ['packages/api', 'api', 'python', true],
      ['packages/platform', 'platform', 'docker', true],
      ['packages/ui', '@acme/ui', 'npm', true],
    ]);
  });

  it('are named as Nx names them', () => {
    expect(
      found({
        'project.json': '{}',
        'package.json': json({ name: 'root', workspaces: { packages: ['./libs/*/'] } }),
        'libs/A/package.json': '{}',
        'libs/b/package.json': json({ name: '@acme/b', nx: { name: 'b' } }),
        'apps/c/project.json': '{}',
        'apps/c/package.json': json({ name: '@acme/c', version: '1.0.0' }),
        'apps/D/project.json': '{}',
      }).map(([root, name]) => [root, name]),
    ).toEqual([
      ['.', 'root'],
      ['apps/D', 'd'],
      ['apps/c', '@acme/c'],
      ['libs/A', 'a'],
      ['libs/b', 'b'],
    ]);
  });

  it('leave out what a workspace pattern excludes, and what no pattern includes', () => {
    const files = {
      'package.json': json({ name: 'acme', workspaces: ['packages/*', '!packages/legacy'] }),
      'packages/ui/package.json': json({ name: 'ui' }),
      'packages/legacy/package.json': json({ name: 'legacy' }),
      'fixtures/x/package.json': json({ name: 'x' }),
    };
    expect(found(files).map(([root]) => root)).toEqual(['packages/ui']);
  });

  it('are those of pnpm-workspace.yaml too', () => {
    const files = {
      'package.json': json({ name: 'acme' }),
      'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n  - '!packages/legacy'\n",
      'packages/ui/package.json': json({ name: 'ui', version: '1.0.0' }),
      'packages/legacy/package.json': json({ name: 'legacy' }),
    };
    expect(found(files)).toEqual([['packages/ui', 'ui', 'npm', true]]);
    expect(() => found({ ...files, 'pnpm-workspace.yaml': 'packages: [' })).toThrow(/^pnpm-workspace\.yaml: /);
  });

  it.each([
    ['pyproject.toml', '[project]\nname = "acme-api"\nversion = "1.0.0"\n', true],
    ['pyproject.toml', '[project]\ndynamic = ["readme",\n "version"]\n', true],
    ['pyproject.toml', '[tool.black]\ntarget-version = ["py311"]\n', false],
    ['setup.cfg', '[metadata]\nversion = attr: acme.__version__\n', true],
    ['setup.cfg', '[flake8]\nmax-line-length = 120\n', false],
    ['setup.py', 'setup()', true],
  ])('are Python by a %s alone, and versioned where %j says so', (file, text, versioned) => {
    expect(found({ 'api/project.json': '{}', [`api/${file}`]: text })).toEqual([['api', 'api', 'python', versioned]]);
  });

  it('include the root where it has a project.json or says something about Nx', () => {
    expect(found({ 'package.json': json({ name: 'acme', version: '1.0.0' }) })).toEqual([]);
    expect(found({ 'package.json': json({ name: 'acme', version: '1.0.0', nx: {} }) })).toEqual([
      ['.', 'acme', 'npm', true],
    ]);
  });

  it('own the files below them that no deeper project owns, however short its name', () => {
    const projects = discoverProjects(
      new Map([
        ['project.json', '{}'],
        ['a/project.json', '{}'],
        ['a/setup.py', ''],
        ['a/in/project.json', '{}'],
        ['a/in/setup.py', ''],
      ]),
    );
    expect(projects.map(({ root, files }) => [root, files])).toEqual([
      ['.', ['project.json']],
      ['a', ['a/project.json', 'a/setup.py']],
      ['a/in', ['a/in/project.json', 'a/in/setup.py']],
    ]);
  });

  it.each([
    ['packages/ui/package.json', '{ "name": '],
    ['packages/ui/package.json', '[]'],
    ['packages/api/project.json', 'null'],
    ['package.json', '"x"'],
  ])('can not be told with a broken %s, which the message names', (file, text) => {
    expect(() => found({ ...FILES, [file]: text })).toThrow(new RegExp(`^${file.replaceAll('.', '\\.')}: `));
  });
});

describe('targets', () => {
  it('are a gate for each project, and the lifecycle for the one docker project, without any configuration', () => {
    expect(Object.values(nodes(FILES)).map(({ targets }) => targets?.['release-gate']?.cache)).toEqual([
      true,
      true,
      true,
    ]);
    expect(owner(FILES)).toEqual(['packages/platform']);
  });

  it('follow slipway.json, and nx.json by name or folder', () => {
    expect(owner({ ...FILES, 'slipway.json': json({ release: { owner: 'api' } }) })).toEqual(['packages/api']);
    const nxJson = { release: { projects: ['packages/ui', 'api'] } };
    expect(owner(FILES, nxJson)).toEqual(['packages/ui']);
    expect(inputs(FILES, 'packages/platform')).not.toEqual({ slipway: [] });
    expect(nodes(FILES, nxJson)['packages/platform']?.namedInputs).toEqual({ slipway: [] });
  });

  it('are gates alone where nothing has a version', () => {
    expect(owner({ 'docs/project.json': json({ name: 'docs' }) })).toEqual([]);
  });

  it('take a Dockerfile alone for no release: it holds no version', () => {
    expect(found({ 'x/project.json': json({ name: 'x' }), 'x/Dockerfile': 'FROM y' })).toEqual([
      ['x', 'x', 'other', false],
    ]);
  });
});

describe('inputs', () => {
  it('stay over a bump, and leave out the files that hold versions', () => {
    const files = { ...FILES, 'slipway.json': json(IMAGES) };
    const bumped = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replaceAll(/\b1\.0\.0\b/g, '1.1.0')]),
    );
    expect(nodes(bumped)).toEqual(nodes(files));
    expect(inputs(files, 'packages/api')?.['default']).toEqual([
      '{projectRoot}/**/*',
      '!{projectRoot}/setup.py',
      '!{projectRoot}/requirements.txt',
    ]);
    expect(inputs(files, 'packages/platform')?.['default']).toContain('!{projectRoot}/docker-compose.prod.yml');
  });

  it.each([
    ['packages/api', 'packages/api/requirements.txt', 'django==5.3\n'],
    [
      'packages/ui',
      'packages/ui/package.json',
      json({ name: '@acme/ui', version: '1.0.0', dependencies: { react: '19.1.0' } }),
    ],
    [
      'packages/platform',
      'packages/platform/docker-compose.prod.yml',
      'services:\n  api:\n    image: other/api:1.0.0\n',
    ],
  ])('of %s change with anything else in %s, and those of no other project', (root, file, text) => {
    const changed = { ...FILES, [file]: text };
    for (const other of ['packages/api', 'packages/ui', 'packages/platform']) {
      const same = JSON.stringify(inputs(changed, other)) === JSON.stringify(inputs(FILES, other));
      expect([other, same]).toEqual([other, other !== root]);
    }
  });

  it('stay over a bump of every kind of file that holds versions, and change with anything else in it', () => {
    const files = {
      'package.json': json({ name: 'acme', nx: {}, version: '1.0.0' }),
      'pnpm-workspace.yaml': 'packages: [ui]\ncatalog:\n  ui: ^1.0.0\n',
      'ui/package.json': json({ name: 'ui', version: '1.0.0' }),
      'ui/package-lock.json': json({ version: '1.0.0', lockfileVersion: 3 }),
      'api/project.json': json({ name: 'api' }),
      'api/pyproject.toml': '[project]\nname = "acme-api"\nversion = "1.0.0"\n',
      'api/src/acme_api/__init__.py': '__version__ = "1.0.0"\n',
      'api/src/acme_api/handlers.py': '',
      'api/vendored/__init__.py': '__version__ = "1.0.0"\n',
      'api/requirements/base.txt': 'acme-api==1.0.0\n',
      'chart/project.json': json({ name: 'chart' }),
      'chart/Chart.yaml': 'name: acme\nversion: 1.0.0\n',
      'chart/VERSION': '1.0.0\n',
      'slipway.json': json({ release: { owner: 'chart', projects: ['*'] } }),
    };
    const before = nodes(files);
    const bumped = Object.entries(files).map(([path, text]) => [
      path,
      path.includes('vendored') ? text : text.replaceAll('1.0.0', '1.1.0'),
    ]);
    expect(nodes(Object.fromEntries(bumped) as Files)).toEqual(before);
    for (const path of Object.keys(files)) {
      if (/slipway|project\.json|package\.json|workspace|handlers/.test(path)) continue;
      const comment = path.endsWith('.json') ? ' ' : path.endsWith('VERSION') ? '\n' : '# x\n';
      const changed = nodes({ ...files, [path]: `${files[path as keyof typeof files]}${comment}` });
      expect([path, changed]).not.toEqual([path, before]);
    }
    expect(nodes({ ...files, 'api/vendored/__init__.py': '__version__ = "1.1.0"\n' })).not.toEqual(before);
  });

  it('stay over a bump of listed files, and change with anything else in them', () => {
    const listed = {
      api: { versionFiles: ['docs/install.md', 'gone.md'] },
      root: { versionFiles: ['packages/ui/x.ts', 'x.ts'] },
    };
    const files = {
      ...FILES,
      'package.json': json({ name: 'root', version: '1.0.0', nx: {}, workspaces: ['packages/*'] }),
      'slipway.json': json({ projects: listed }),
    };
    const extra: Files = {
      'packages/api/docs/install.md': 'v1.0.0 <!-- slipway:version -->\n',
      'packages/ui/x.ts': "export const V = '1.0.0'; // slipway:version\n",
      'x.ts': 'no mark\n',
    };
    const of = (read: Files) => inferProjects(new Map(Object.entries(files)), {}, (path) => read[path] ?? null);
    const before = of(extra);
    const bumped = Object.entries(extra).map(([path, text]) => [path, text.replaceAll('1.0.0', '1.1.0')]);
    expect(of(Object.fromEntries(bumped) as Files)).toEqual(before);
    expect(before['packages/api']?.namedInputs?.['default']).toContain('!{projectRoot}/docs/install.md');
    expect(before['.']?.namedInputs?.['default']).toContain('!{projectRoot}/x.ts');
    // It is an input of the project that it lies in, whose version it is not.
    expect(before['packages/ui']?.namedInputs?.['default']).toContain('!{projectRoot}/x.ts');
    for (const [path, root] of [
      ['packages/api/docs/install.md', 'packages/api'],
      ['packages/ui/x.ts', 'packages/ui'],
      ['x.ts', '.'],
    ] as const) {
      const after = of({ ...extra, [path]: `${extra[path]}more\n` });
      const changed = Object.keys(before).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
      expect([path, changed]).toEqual([path, [root]]);
    }
  });

  it('need no listed file to be there, or to have a mark', () => {
    const files = { ...FILES, 'slipway.json': json({ projects: { api: { versionFiles: ['gone.md'] } } }) };
    expect(inputs(files, 'packages/api')?.['default']).toEqual(inputs(FILES, 'packages/api')?.['default']);
  });

  it("build on nx.json's default", () => {
    const nxJson = { namedInputs: { default: ['{projectRoot}/**/*', 'sharedGlobals'] } };
    expect(nodes(FILES, nxJson)['packages/ui']?.namedInputs?.['default']).toEqual([
      '{projectRoot}/**/*',
      'sharedGlobals',
      '!{projectRoot}/package.json',
    ]);
  });

  it('of a root project leave out all that a bump writes beside its manifests', () => {
    const files = { 'package.json': json({ name: 'acme', version: '1.0.0', nx: {} }) };
    expect(inputs(files, '.')?.['default']).toEqual([
      '{projectRoot}/**/*',
      '!{projectRoot}/package.json',
      '!{projectRoot}/CHANGELOG.md',
      '!{projectRoot}/releases/**/*',
      '!{projectRoot}/package-lock.json',
      '!{projectRoot}/npm-shrinkwrap.json',
      '!{projectRoot}/pnpm-lock.yaml',
      '!{projectRoot}/yarn.lock',
    ]);
  });

  it('take a manifest that nobody can parse as it stands, so that Nx goes on working', () => {
    const broken = { ...FILES, 'packages/api/setup.py': 'setup(name="a", version=' };
    const other = { ...FILES, 'packages/api/setup.py': 'setup(name="b", version=' };
    expect(inputs(broken, 'packages/api')).not.toEqual(inputs(other, 'packages/api'));
    expect(inputs(broken, 'packages/ui')).toEqual(inputs(FILES, 'packages/ui'));
  });
});

describe('createNodes', () => {
  let root: string;
  let errors: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-plugin-'));
    errors = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
    jest.replaceProperty(process, 'env', { ...process.env, NX_WORKSPACE_DATA_DIRECTORY: join(root, 'data') });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });
  const create = async (files: Files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const context = { workspaceRoot: root, nxJsonConfiguration: {} } as Parameters<(typeof createNodes)[1]>[2];
    return createNodes[1](Object.keys(files), undefined, context);
  };

  it("attributes each node to the project's own file, and keeps what it inferred", async () => {
    const created = await create(FILES);
    expect(created.map(([file, { projects }]) => [file, Object.keys(projects ?? {})])).toEqual([
      ['packages/api/project.json', ['packages/api']],
      ['packages/platform/project.json', ['packages/platform']],
      ['packages/ui/package.json', ['packages/ui']],
    ]);
    expect(readFileSync(join(root, 'data/slipway-nodes.json'), 'utf8')).toContain('release-gate');
    expect(await create(FILES)).toEqual(created);
  });

  it('infers again when a listed file changed, which Nx does not hand over', async () => {
    const files = { ...FILES, 'slipway.json': json({ projects: { api: { versionFiles: ['a.md'] } } }) };
    const created = await create(files);
    mkdirSync(join(root, 'packages/api'), { recursive: true });
    writeFileSync(join(root, 'packages/api/a.md'), '1.0.0 # slipway:version\n');
    const withFile = await create(files);
    expect(withFile).not.toEqual(created);
    writeFileSync(join(root, 'packages/api/a.md'), '1.1.0 # slipway:version\n');
    expect(await create(files)).toEqual(withFile);
  });

  it.each<[string, Files, string, RegExp]>([
    [
      'a key that is none',
      { 'slipway.json': '{ "relese": {} }' },
      'slipway.json',
      /slipway\.json:1:3: .*Did you mean "release"/,
    ],
    [
      'a project that is none',
      { 'slipway.json': '{ "release": { "owner": "platfrom" } }' },
      'slipway.json',
      /Did you mean "platform"/,
    ],
    [
      'a broken manifest',
      { 'packages/ui/package.json': '{' },
      'packages/ui/package.json',
      /^packages\/ui\/package\.json: /,
    ],
  ])('names the file of %s', async (_what, files, file, message) => {
    const error: unknown = await create({ ...FILES, ...files }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'AggregateCreateNodesError',
      errors: [[file, { message: expect.stringMatching(message) }]],
    });
    expect(errors.join('')).toMatch(/^nx-slipway: /);
  });
});
