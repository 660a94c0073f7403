import { collectNames, editManifest, findVersions, type ManifestNames } from './index';

const names: ManifestNames = {
  packages: new Set(['Desk_Backend', 'core']),
  images: new Set(),
  memberRoots: new Set(['api']),
};

describe('setup.py', () => {
  const edit = (content: string): string => editManifest('api/setup.py', content, { version: '2.0.0' }, names);

  it.each([
    'from setuptools import setup\nsetup(name="x", version="1.2.3")\n',
    "import setuptools\r\nsetuptools.setup(\r\n\tversion='1.2.3',  # ours\r\n)",
    'from setuptools import setup\nVERSION = "1.2.3"\nprint(VERSION)\nsetup(version=VERSION, install_requires=["x==9.9.9"])\n',
    'VERSION: str = r"1.2.3"\ndef f(a=VERSION):\n    return [VERSION for _ in a]\nsetup(**rest, version=VERSION)\n',
    'setup(version="""1.2.3""")',
    'other(version="9.9.9")\nobject.setup(version="9.9.9")\nsetup(version="1.2.3")\n',
    '\uFEFF# -*- coding: utf-8 -*-\nsetup(version="1.2.3")\n',
  ])('changes the version in %j', (content) => {
    expect(edit(content)).toBe(content.replace('1.2.3', '2.0.0'));
  });

  it.each([
    ['x = 1\n', 1, 'no call of setup()'],
    ['\nsetup(name="x")\n', 2, 'setup() is given no version'],
    ['\nsetup(**config)\n', 2, 'setup() is given no version'],
    ['setup(version="1.0.0")\nsetup(version="1.0.0")\n', 2, 'a second call of setup()'],
    ['setup(\n  version="1.0.0",\n  version="1.0.0")\n', 3, 'given version twice'],
    ['setup(\n  version=read("VERSION"))\n', 2, 'the version is read("VERSION"); a string literal was expected'],
    ['setup(version=f"{x}")\n', 1, 'a string literal was expected'],
    ['setup(version="1.0" ".0")\n', 1, 'a string literal was expected'],
    ['setup(version=b"1.0.0")\n', 1, 'a string literal was expected'],
    ['setup(version="1.0.\\x30")\n', 1, 'a string literal was expected'],
    ['setup(version="1.0.0.dev1")\n', 1, 'the version "1.0.0.dev1" is a development release'],
    ['setup(version="1.0")\n', 1, 'write 1.0.0'],
    ['setup(version="1.0.0-rc.1")\n', 1, 'write 1.0.0rc1'],
    ['setup(version="1.0.0"\n', 2, 'not valid Python'],
    ['setup(version=V)\n', 1, 'the version is V; a string literal was expected'],
  ])('refuses %j at line %i', (content, line, message) => {
    expect(() => edit(content)).toThrow(`api/setup.py:${line}: `);
    expect(() => edit(content)).toThrow(message);
  });

  it.each([
    'V = "1.0.0"',
    'V += ".1"',
    'V, W = "1.0.0", 1',
    '[V, *W] = a',
    '(V) = "1.0.0"',
    'V = W = "1.0.0"',
    'W = V = "1.0.0"',
    'if x:\n    V = "1.0.0"',
    'for V in a: pass',
    'for W, V in a: pass',
    'import V',
    'from a import b as V',
    'with a as V: pass',
    'try:\n    pass\nexcept E as V: pass',
    'def V(): pass',
    'class V: pass',
    'def f(V): pass',
    'def f():\n    global V',
    'del V',
    'print(V := "1.0.0")',
    'match a:\n    case V: pass',
    'x = lambda V: 1',
    'x = [V for V in a]',
  ])('refuses a name that %j may bind again', (statement) => {
    expect(() => edit(`V = "1.0.0"\n${statement}\nsetup(version=V)\n`)).toThrow('a name bound once');
  });

  it('refuses a name that is bound under a condition only', () => {
    expect(() => edit('if x:\n    V = "1.0.0"\nsetup(version=V)\n')).toThrow('a name bound once');
  });

  it('writes a pre-release as Python does, and refuses one that it has no form for', () => {
    const to = (version: string) => editManifest('setup.py', '\nsetup(version="1.0.0")', { version }, names);
    expect(to('1.1.0-rc.1')).toBe('\nsetup(version="1.1.0rc1")');
    expect(() => to('1.1.0-canary.1')).toThrow(/^setup\.py:2: it can't hold the version 1\.1\.0-canary\.1 here: /);
  });
});

describe('requirements', () => {
  const edit = (content: string, path = 'api/requirements.txt'): string =>
    editManifest(path, content, { dependencies: { Desk_Backend: '2.0.0', core: '2.0.0' } }, names);

  it.each([
    ['desk-backend==1.2.3', 'desk-backend==2.0.0'],
    [
      'Desk.Backend[cache,sql] == 1.2.3 ; python_version < "3.12"  # ==1.2.3\r\nx==1.2.3',
      'Desk.Backend[cache,sql] == 2.0.0 ; python_version < "3.12"  # ==1.2.3\r\nx==1.2.3',
    ],
    ['  core (==1.2.3)\n', '  core (==2.0.0)\n'],
    ['core \\\n  ==1.2.3\n', 'core \\\n  ==2.0.0\n'],
    [
      'core==1.2.3;sys_platform=="linux"\ncore==1.2.3;sys_platform!="linux"\n',
      'core==2.0.0;sys_platform=="linux"\ncore==2.0.0;sys_platform!="linux"\n',
    ],
  ])('%j becomes %j', (before, after) => {
    expect(edit(before)).toBe(after);
    expect(edit(before, 'api/requirements/prod.txt')).toBe(after);
    expect(edit(before, 'api/constraints.txt')).toBe(after);
  });

  it.each([
    'corex==1.2.3\n',
    '# core==1.2.3\n',
    'core>=1.2.3,<2\n',
    'core==1.2.*\n',
    'core\n',
    '-r core==1.2.3.txt\n',
    '--find-links core==1.2.3\n',
    'core @ file:./a==1.2.3.whl\n',
    'core ; x=="1.2.3"\n',
    '-e ../core\n',
    '# a \\\ncorex==1.2.3',
    '',
  ])('leaves %j alone', (content) => expect(edit(content)).toBe(content));

  it.each([
    ['a==1\ncore==1.2.3 --hash=sha256:abc', 2, 'core is pinned with a hash'],
    ['core==1.2.3 \\\n    --hash=sha256:abc', 1, 'core is pinned with a hash'],
    ['\n\ncore==1.2', 3, 'the version "1.2" is spelled otherwise than Slipway does; write 1.2.0'],
    ['core==1.2.3,<2', 1, 'core is pinned by "==1.2.3,<2"'],
    ['core>=1,==1.2.3', 1, 'core is pinned by ">=1,==1.2.3"; a single core==X.Y.Z was expected'],
    ['core===1.2.3', 1, 'core is pinned by "===1.2.3"'],
  ])('refuses %j at line %i', (content, line, message) => {
    expect(() => edit(content)).toThrow(`api/requirements.txt:${line}: ${message}`);
  });

  it('leaves a pin alone that only an npm package shares its name with', () => {
    const files = new Map([
      ['ui/package.json', '{"name":"core"}'],
      ['api/setup.py', '\uFEFFsetup(name="desk-backend", version="1.0.0")'],
      ['elsewhere/package.json', '{"name":"stranger"}'],
    ]);
    const collected = collectNames(files, ['ui', 'api'], ['desk/api']);
    expect(collected).toEqual({
      packages: new Set(['core']),
      pythonPackages: new Map([['desk-backend', 'desk-backend']]),
      charts: new Set(),
      images: new Set(['desk/api']),
      memberRoots: new Set(['ui', 'api']),
      versionFiles: new Map(),
      roots: {
        npm: new Map([['core', 'ui']]),
        python: new Map([['desk-backend', 'api']]),
        helm: new Map(),
      },
    });
    expect(findVersions('api/requirements.txt', 'core==1.2.3\ndesk_backend==1.2.3\n', collected)).toMatchObject([
      { of: { name: 'desk-backend' } },
    ]);
  });
});
