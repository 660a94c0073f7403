import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cleanEnvironment, workspaceEnvironment } from '../../e2e/support/environment';
import { must, start } from '../../e2e/support/processes';

const MODULES = resolve(__dirname, '../../../../node_modules');

const project = (release: object = {}): string => `${JSON.stringify({ release })}\n`;
const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n.nx\n',
  'package.json': '{ "name": "acme", "version": "0.0.0", "private": true, "workspaces": ["packages/*"] }\n',
  'package-lock.json': `${JSON.stringify(
    {
      name: 'acme',
      version: '0.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'acme', version: '0.0.0', workspaces: ['packages/*'] },
        'node_modules/@acme/ui': { resolved: 'packages/ui', link: true },
        'node_modules/web': { resolved: 'packages/web', link: true },
        'packages/ui': { name: '@acme/ui', version: '1.1.0' },
        'packages/web': { version: '1.1.0', dependencies: { '@acme/ui': '~1.1.0' } },
      },
    },
    null,
    2,
  )}\n`,
  'packages/ui/package.json': '{\n\t"name": "@acme/ui",\n\t"version": "1.1.0"\n}\n',
  'packages/web/package.json':
    '{\n    "name": "web", "version": "1.1.0",\r\n    "dependencies": { "@acme/ui": "~1.1.0" }\n}',
  'packages/core/project.json': project(),
  'packages/core/setup.py': "from setuptools import setup\nsetup(name='acme_core', version='1.1.0')  # 1.1.0\n",
  'packages/api/project.json': project(),
  'packages/api/setup.py':
    'from setuptools import setup\n\nVERSION = "1.1.0"\nsetup(name="acme-api",   version=VERSION)\n',
  'packages/api/requirements.txt': 'Django==1.1.0\nacme-core==1.1.0  # ours\n',
  'packages/platform/project.json': project({ version: { versionActionsOptions: { images: ['acme/api'] } } }),
  'packages/platform/docker-compose.yml':
    'services:\n  api:\n    image: "${API_IMAGE:-acme/api:1.1.0}"   # ours\n  db:\n    image: postgres:1.1.0\n',
};

/** What a release changes, file by file: what stood there, and what stands there then in the spelling of its kind. */
const released = (semver: string, python: string): Readonly<Record<string, string>> => ({
  ...FILES,
  'package-lock.json': (FILES['package-lock.json'] ?? '').replaceAll('1.1.0', semver),
  'packages/ui/package.json': (FILES['packages/ui/package.json'] ?? '').replace('1.1.0', semver),
  'packages/web/package.json': (FILES['packages/web/package.json'] ?? '').replaceAll('1.1.0', semver),
  'packages/core/setup.py': (FILES['packages/core/setup.py'] ?? '').replace("'1.1.0'", `'${python}'`),
  'packages/api/setup.py': (FILES['packages/api/setup.py'] ?? '').replace('1.1.0', python),
  'packages/api/requirements.txt': `Django==1.1.0\nacme-core==${python}  # ours\n`,
  'packages/platform/docker-compose.yml': (FILES['packages/platform/docker-compose.yml'] ?? '').replace(
    'acme/api:1.1.0',
    `acme/api:${semver}`,
  ),
});

/** Needs the built plugin, as it is what Nx loads by its package name. */
describe('nx release version, in a workspace of npm, Python and Docker projects', () => {
  let folder: string;
  let root: string;
  let env: NodeJS.ProcessEnv;
  const git = (...args: readonly string[]) => must(['git', ...args], { cwd: root, env });
  const nx = async (...args: readonly string[]) => {
    const argv = [process.execPath, join(MODULES, 'nx/dist/bin/nx.js'), ...args] as const;
    return start(argv, { cwd: root, env }).ended;
  };
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  };
  const read = async () =>
    Object.fromEntries(
      await Promise.all(
        Object.keys(FILES).map(async (path): Promise<[string, string]> => [
          path,
          await readFile(join(root, path), 'utf8'),
        ]),
      ),
    );
  const configuration = (version: object): string =>
    JSON.stringify({
      analytics: false,
      neverConnectToCloud: true,
      release: {
        projects: ['*'],
        version: { versionActions: 'nx-slipway/version-actions', currentVersionResolver: 'disk', ...version },
      },
    });

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-version-actions-')));
    root = join(folder, 'acme');
    env = cleanEnvironment(workspaceEnvironment(folder));
    await write({ ...FILES, 'nx.json': configuration({}) });
    await symlink(MODULES, join(root, 'node_modules'));
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=chore: begin');
    await git('tag', 'v1.1.0');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('changes nothing with --dry-run', async () => {
    const { code, output } = await nx('release', 'version', '1.2.0-rc.1', '--dry-run');
    expect([code, output]).toEqual([0, expect.stringContaining('1.2.0rc1')]);
    expect(await read()).toEqual(FILES);
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('refuses for every project what one of them could not hold', async () => {
    const { code, output } = await nx('release', 'version', '1.2.0-canary.3');
    expect(code).not.toBe(0);
    expect(output).toMatch(/setup\.py:\d: .*1\.2\.0-canary\.3/);
    expect(await read()).toEqual(FILES);
  });

  it('writes a version to the byte, each in the spelling of its kind', async () => {
    const { code, output } = await nx('release', 'version', '1.2.0-rc.1');
    expect([code, output]).toEqual([0, expect.stringContaining('packages/core/setup.py')]);
    expect(await read()).toEqual(released('1.2.0-rc.1', '1.2.0rc1'));
  });

  it('ends the pre-release by conventional commits, which nx release counts from the last stable tag', async () => {
    await git('commit', '--quiet', '--all', '--message=chore(release): 1.2.0-rc.1');
    await git('tag', 'v1.2.0-rc.1');
    await write({
      'nx.json': configuration({ currentVersionResolver: undefined, conventionalCommits: true }),
      'packages/core/acme_core.py': 'late = True\n',
    });
    await git('add', '--all');
    await git('commit', '--quiet', '--message=feat: be late');
    const { code, output } = await nx('release', 'version');
    expect([code, output]).toEqual([0, expect.stringContaining('New version 1.2.0 written')]);
    expect(await read()).toEqual(released('1.2.0', '1.2.0'));
  });
});
