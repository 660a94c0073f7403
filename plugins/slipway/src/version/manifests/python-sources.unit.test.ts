import { collectNames, editManifest, findVersions, ManifestError, readVersion } from './index';
import { setupPy } from './setup-py';

describe('a version that setup.py reads from a file', () => {
  it.each([
    ['setup(version=open("VERSION").read().strip())', ['api/VERSION']],
    [
      'setup(version=open(os.path.join(HERE, "acme", "VERSION.txt"), encoding="utf-8").read())',
      ['api/acme/VERSION.txt'],
    ],
    ['setup(version=(Path(__file__).parent / "VERSION").read_text().strip())', ['api/VERSION']],
    ['setup(version=Path("VERSION").open().readline())', ['api/VERSION']],
    ['with open("VERSION") as f:\n    V = f.read().strip()\nsetup(version=V)', ['api/VERSION']],
    ['PATH = "VERSION"\nV = open(PATH, "r").read()\nsetup(version=V)', ['api/VERSION']],
    [
      'about = {}\nexec(open("acme/__version__.py").read(), about)\nsetup(version=about["__version__"])',
      ['api/acme/__version__.py'],
    ],
    [
      "about = {}\nwith open(os.path.join(here, 'acme', 'version.py')) as f:\n    exec(f.read(), about)\nsetup(version=about['__version__'])",
      ['api/acme/version.py'],
    ],
    ['from acme import __version__\nsetup(version=__version__)', ['api/acme/__init__.py', 'api/src/acme/__init__.py']],
    [
      'from acme.version import (\n    __version__ as v,\n)\nsetup(version=v)',
      [
        'api/acme/version.py',
        'api/acme/version/__init__.py',
        'api/src/acme/version.py',
        'api/src/acme/version/__init__.py',
      ],
    ],
    ['import acme\nsetup(version=acme.__version__)', ['api/acme/__init__.py', 'api/src/acme/__init__.py']],
    [
      'def find_version(*paths):\n    return re.search("x", read(*paths)).group(1)\nsetup(version=find_version("src", "acme", "__init__.py"))',
      ['api/src/acme/__init__.py'],
    ],
    [
      'def get_version(rel_path):\n    return read(rel_path)\nsetup(\n   version=get_version("acme/__init__.py")\n)',
      ['api/acme/__init__.py'],
    ],
    [
      "def get_version(package):\n    init = open(os.path.join(package, '__init__.py')).read()\n    return re.search('x', init).group(1)\nversion = get_version('acme')\nsetup(version=version)",
      ['api/acme/__init__.py'],
    ],
    [
      'def get_version():\n    with open("acme/_version.py") as f:\n        return f.read()\nsetup(version=get_version())',
      ['api/acme/_version.py'],
    ],
    ['setup()', ['api/pyproject.toml', 'api/setup.cfg']],
    ['setup(packages=find_packages())', ['api/pyproject.toml', 'api/setup.cfg']],
  ])('%j is left to %j', (content, files) => {
    expect(setupPy.versionIn?.('api/setup.py', content)).toEqual(files);
    expect(editManifest('api/setup.py', content, { version: '2.0.0' })).toBe(content);
  });

  it.each([
    'setup(version=open("VERSION").read() + ".dev0")',
    'setup(version=open("../VERSION").read())',
    'setup(version=open("version.cfg").read())',
    'setup(version=read("VERSION"))',
    'def read(p):\n    return open(p).read()\nsetup(version=read("../VERSION"))',
    'def read(p):\n    return open(p).read()\nsetup(version=read(*PARTS))',
    'def read(p):\n    return 1\ndef read(p):\n    return 2\nsetup(version=read("VERSION"))',
    'def get_version():\n    return git("describe")\nsetup(version=get_version())',
    'setup(use_scm_version=True)',
    'setup(version=f"{V}.1")',
    'V = (1, 2)\nsetup(version=".".join(map(str, V)))',
    'V = (1, 2, 0)\nV = (1, 2, 1)\nsetup(version=".".join(map(str, V)))',
    'import other\nsetup(version=acme.__version__)',
    'setup(name="x", **read())',
  ])('is refused where it can not be told: %j', (content) => {
    expect(() => editManifest('api/setup.py', `\n${content}`, { version: '2.0.0' })).toThrow(/^api\/setup\.py:\d+: /);
  });
});

describe('a tuple', () => {
  it.each([
    [
      'V = (1, 2, 0)\nsetup(version=".".join(map(str, V)))',
      '1.3.0',
      'V = (1, 3, 0)\nsetup(version=".".join(map(str, V)))',
    ],
    ["V = ('1', '2', '0')\nsetup(version='.'.join(V))", '1.3.0', "V = ('1', '3', '0')\nsetup(version='.'.join(V))"],
    ['V = [1,2,0]\nsetup(version="%d.%d.%d" % V)', '2.0.0', 'V = [2,0,0]\nsetup(version="%d.%d.%d" % V)'],
    [
      'V = (1, 2, 0, "final", 0)  # ours\nsetup(version=get_version(V))',
      '1.3.0-rc.2',
      'V = (1, 3, 0, "rc", 2)  # ours\nsetup(version=get_version(V))',
    ],
    [
      "V = (1,2,0,'beta',1)\nsetup(version=get_version(V))",
      '1.2.0',
      "V = (1,2,0,'final',0)\nsetup(version=get_version(V))",
    ],
  ])('%j becomes %s', (before, version, after) => {
    expect(editManifest('setup.py', before, { version })).toBe(after);
    expect(readVersion('setup.py', after)).toBe(version);
  });

  it('of three numbers can hold no pre-release', () => {
    expect(() => editManifest('a/version.py', '\nVERSION = (1, 2, 0)\n', { version: '1.3.0-rc.1' })).toThrow(
      /^a\/version\.py:2: it can't hold the version 1\.3\.0-rc\.1 here: .* no place for that$/,
    );
  });
});

describe('a module', () => {
  const edit = (content: string) => editManifest('acme/__init__.py', content, { version: '2.0.0' });
  it.each([
    ['__version__ = "1.2.0"\n__version_info__ = (1, 2, 0)\n', '__version__ = "2.0.0"\n__version_info__ = (2, 0, 0)\n'],
    [
      '__version__ = "1.2.0"\n__version_info__ = tuple(int(x) for x in __version__.split("."))\n',
      '__version__ = "2.0.0"\n__version_info__ = tuple(int(x) for x in __version__.split("."))\n',
    ],
    ["version_tuple = (1, 2, 0)\n__version__ = '1.2.0'\n", "version_tuple = (2, 0, 0)\n__version__ = '2.0.0'\n"],
    ['VERSION = "1.2.0"\n__version__ = VERSION\n', 'VERSION = "2.0.0"\n__version__ = VERSION\n'],
  ])('%j becomes %j', (before, after) => expect(edit(before)).toBe(after));

  it.each([
    ['__version__ = "1.2.0"\n__version__ = "1.2.1"\n', 2, 'a value twice'],
    ['__version__ = "1.2.0"\nVERSION = "1.1.0"\n', 2, 'which one is the version is unclear'],
    ['\nif x:\n    __version__ = "1.2.0"\n', 3, 'under a condition'],
    ['try:\n    from ._v import __version__\nexcept E:\n    __version__ = "1.2.0"\n', 4, 'under a condition'],
    ['__version__ = version = "1.2.0"\n', 1, 'shares its value'],
    ['__version__ = "1.2" + ".0"\n', 1, 'built from an expression'],
    ['__version__ = "1.2.0" "rc1"\n', 1, 'built from an expression'],
    ['__version__ = "1.2.0.dev1"\n', 1, 'a development release'],
    ['from importlib.metadata import version\n__version__ = version("acme")\n', 1, 'no version of its own'],
    ['x = 1\n', 1, 'no version of its own'],
  ])('%j is refused at line %i', (content, line, message) => {
    expect(() => edit(content)).toThrow(new RegExp(`^acme/__init__\\.py:${line}: .*${message}`));
  });
});

it('counts modules and VERSION files of a workspace only where a manifest or the name of the folder says so', () => {
  const files = {
    'api/setup.py': 'from desk import __version__\nsetup(name="desk-api", version=__version__)',
    'api/desk/__init__.py': '__version__ = "1.0.0"\n',
    'api/six/__init__.py': '__version__ = "1.0.0"\n',
    'lib/pyproject.toml':
      '[project]\nname = "Desk.Lib"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = { file = "VERSION" }\n',
    'lib/src/desk_lib/_version.py': '__version__ = "1.0.0"\n',
    'lib/VERSION': '1.0.0\n',
    'cli/setup.cfg': '[metadata]\nname = cli\nversion = attr: tool.version.__version__\n',
    'cli/tool/version.py': '__version__ = "1.0.0"\n',
    'web/VERSION': '1.0.0\n',
  };
  const names = collectNames(new Map(Object.entries(files)), ['api', 'lib', 'cli', 'web'], []);
  const holding = Object.entries(files).filter(([path, text]) => findVersions(path, text, names).length > 0);
  expect(holding.map(([path]) => path)).toEqual([
    'api/desk/__init__.py',
    'lib/src/desk_lib/_version.py',
    'lib/VERSION',
    'cli/tool/version.py',
    'web/VERSION',
  ]);
  const to = (path: keyof typeof files) => editManifest(path, files[path], { version: '1.1.0-rc.1' }, names);
  expect([to('lib/VERSION'), to('web/VERSION')]).toEqual(['1.1.0rc1\n', '1.1.0-rc.1\n']);
  expect([...names.pythonPackages.values()]).toEqual(['desk-api', 'Desk.Lib', 'cli']);
});

it.each([
  ['pyproject.toml', '[project]\nversion = "1.0.0"\n[tool.poetry]\nversion = "1.0.1"\n', 4, 'make them one'],
  ['pyproject.toml', '[project]\nversion = "1.0.0"\nversion = "1.0.0"\n', 3, 'not valid TOML'],
  ['pyproject.toml', '[project]\nversion = """1.0.0"""\n', 2, 'no plain string'],
  ['setup.cfg', '[metadata]\nversion = 1.0.0\nversion = 1.0.0\n', 3, 'stands here twice'],
  ['setup.cfg', '[metadata]\nversion =\n    1.0.0\n', 2, 'on several lines'],
  ['setup.cfg', '[metadata]\nversion = file: ../VERSION\n', 2, 'no file that Slipway can edit'],
  ['VERSION', '\n1.0.0 and more\n', 2, 'one version and nothing else'],
  ['x.txt', 'a 1.0.0 b 1.0.0 # slipway:version\n', 1, 'more than one version'],
  ['x.txt', '\n# slipway:version\n', 2, 'no version stands before the mark'],
  ['x.txt', '1.0.0 # slipway:version\n1.0.1 # slipway:version\n', 2, 'make them one version'],
  ['x.txt', '\n# slipway:version:begin\n1.0.0\n', 2, 'does not end'],
  ['x.txt', '1.0.0\n', 1, 'not a kind of file'],
])('%s: %j is refused at line %i', (path, content, line, message) => {
  const edit = () => editManifest(path, content, { version: '2.0.0' });
  expect(edit).toThrow(ManifestError);
  expect(edit).toThrow(new RegExp(`^${path}:${line}: .*${message}`));
});
