import fc from 'fast-check';
import { editManifest, findVersions, ManifestError, readVersion, type ManifestEdit } from './index';

/** Texts of a kind with `%v` for the project's version, `%d` for that of the dependency `core` or the image `desk/core`. */
interface Kind {
  readonly path: string;
  readonly texts: readonly string[];
  /** How it spells versions. */
  readonly spelling: 'semver' | 'pep440' | 'tuple' | 'tag';
}

const KINDS: readonly Kind[] = [
  {
    path: 'package.json',
    spelling: 'semver',
    texts: [
      '{\n\t"version": "%v",\n\t"dependencies": { "core": "^%d", "x": "1.0.0" }\n}',
      '{"version":"%v","overrides":{"core":"%d","x":{"core":"~%d",".":"1.0.0"},"y>core":"%d"},"resolutions":{"a/core":"workspace:%d","@a/core":"1.0.0"}}',
      '{"peerDependencies":{"alias":"npm:core@^%d","core":"=%d"},"pnpm":{"overrides":{"core@1":"%d"}}}',
    ],
  },
  {
    path: 'npm-shrinkwrap.json',
    spelling: 'semver',
    texts: [
      '{"version":"%v","lockfileVersion":3,"packages":{"":{"version":"%v","dependencies":{"core":"^%d"}},"packages/c":{"version":"%d"},"node_modules/core":{"resolved":"packages/c","link":true},"ui/node_modules/core":{"version":"1.0.0"}}}',
    ],
  },
  {
    path: 'pnpm-workspace.yaml',
    spelling: 'semver',
    texts: ["packages: ['*']\ncatalog:\n  core: ^%d # ours\n  x: 1.0.0\ncatalogs:\n  old: { core: '~%d', y: 1.0.0 }\n"],
  },
  {
    path: 'pnpm-lock.yaml',
    spelling: 'semver',
    texts: [
      "lockfileVersion: '9.0'\nimporters:\n  ui:\n    dependencies:\n      core:\n        specifier: workspace:^%d\n        version: link:../core\n      x:\n        specifier: 1.0.0\n        version: 1.0.0\n  other:\n    dependencies:\n      core: { specifier: 1.0.0, version: 1.0.0 }\n",
      'lockfileVersion: 5.4\nimporters:\n  ui:\n    specifiers:\n      core: workspace:%d\n      x: 1.0.0\n    dependencies:\n      core: link:../core\n      x: 1.0.0\n',
    ],
  },
  {
    path: 'yarn.lock',
    spelling: 'semver',
    texts: [
      '# by yarn\n\n__metadata:\n  version: 8\n\n"core@^%d, core@workspace:^%d, core@workspace:packages/core":\n  version: 0.0.0-use.local\n  resolution: "core@workspace:packages/core"\n  languageName: unknown\n\n"ui@workspace:packages/ui":\n  version: 0.0.0-use.local\n  resolution: "ui@workspace:packages/ui"\n  dependencies:\n    core: "npm:^%d"\n    x: "npm:^1.0.0"\n\n"x@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "x@npm:1.0.0"\n  dependencies:\n    core: "npm:^1.0.0"\n',
    ],
  },
  {
    path: 'setup.py',
    spelling: 'pep440',
    texts: [
      'from setuptools import setup\nV = "%v"  # é😀\nsetup(name="x", version=V, install_requires=["Core==%d ; x", "y==1.0.0"],\n  extras_require={"a": ["core[b] == %d"]})\n',
      "REQUIRES = ['core==%d']\nsetup(version='%v', install_requires=REQUIRES)",
    ],
  },
  {
    path: 'setup.cfg',
    spelling: 'pep440',
    texts: [
      '[metadata]\nname = x\nversion = %v\n; a comment\n[options]\ninstall_requires =\n    core==%d\n    # y\n    y==1.0.0\n[options.extras_require]\na = core == %d\n',
      '[metadata]\nversion: %v\n',
    ],
  },
  {
    path: 'pyproject.toml',
    spelling: 'pep440',
    texts: [
      '# é😀\n[project]\nname = "x"\nversion = "%v" # here\ndependencies = [\n  "core[a]==%d; python_version<\'4\'",\n  "y==1.0.0",\n]\n[project.optional-dependencies]\na = [\'core == %d\']\n[dependency-groups]\nb = ["core==%d"]\n[tool.other]\nversion = "1.0.0"\n',
      '[tool.poetry]\nversion = \'%v\'\n[tool.poetry.dependencies]\ncore = "^%d"\ny = "^1.0.0"\n[tool.poetry.group.dev.dependencies]\nCore = { version = "~%d", path = "../core" }\n',
      'project.version = "%v"\n',
    ],
  },
  {
    path: 'pkg/__init__.py',
    spelling: 'pep440',
    texts: ['"""Doc."""\n__version__ = "%v"  # é😀\nx = "1.0.0"\n', "__version__: str = '%v'\nVERSION = '%v'\n"],
  },
  {
    path: 'pkg/version.py',
    spelling: 'tuple',
    texts: ['VERSION = (%t)\n__version__ = ".".join(map(str, VERSION))\n'],
  },
  { path: 'setup.py', spelling: 'tuple', texts: ['V = (%t)\nsetup(version=".".join(str(v) for v in V))\n'] },
  {
    path: 'requirements-dev.txt',
    spelling: 'pep440',
    texts: ['# core==1.0.0\nCore[a] == %d ; x=="1.0.0"  # é😀\ncorex==1.0.0\n'],
  },
  {
    path: 'compose.yaml',
    spelling: 'tag',
    texts: [
      'x: &a { image: "desk/core:%d" }\nservices:\n  é😀: { <<: *a }\n  b:\n    image: ${I:-desk/core:%d} # c\n  c:\n    image: desk/core:${T:-%d}\n  d: { image: "y:1.0.0" }\n',
    ],
  },
  {
    path: 'charts/x/Chart.yaml',
    spelling: 'semver',
    texts: [
      'apiVersion: v2\nname: x\nversion: %v # chart\nappVersion: "%v"\ndependencies:\n  - name: core\n    version: ^%d\n    repository: file://../core\n  - name: y\n    version: 1.0.0\n',
    ],
  },
  { path: 'VERSION', spelling: 'semver', texts: ['%v', ' v%v '] },
  {
    path: 'Makefile',
    spelling: 'semver',
    texts: [
      'V = %v # slipway:version\nW = 1.0.0\n',
      '<!-- slipway:version:begin -->\nv%v and `%v`\n<!-- slipway:version:end -->\n1.0.0\n',
      'const v = "%v"; // x-slipway-version\n',
    ],
  },
];

const nat = fc.nat(30);
const finals = fc.tuple(nat, nat, nat).map((parts) => parts.join('.'));
const staged = fc
  .tuple(finals, fc.constantFrom('alpha', 'beta', 'rc'), nat)
  .map(([base, stage, number]) => `${base}-${stage}.${number}`);
const python = fc.oneof(finals, staged);
const semver = fc.oneof(
  python,
  fc.tuple(finals, fc.constantFrom('-canary.3', '-0', '-a-b.0', '+build.7')).map((parts) => parts.join('')),
);
const versions = {
  semver,
  pep440: python,
  tuple: python,
  tag: fc.oneof(
    python,
    finals.map((v) => `${v}-next.1`),
  ),
};

const LETTERS: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', rc: 'rc' };
function spelled(version: string, spelling: Kind['spelling']): string {
  if (spelling !== 'pep440') return version;
  return version.replace(/-(alpha|beta|rc)\./, (_, stage: string) => LETTERS[stage] ?? '');
}
function tuple(version: string): string {
  const [, base = '', stage = 'final', number = '0'] = /^([\d.]+)(?:-(\w+)\.(\d+))?$/.exec(version) ?? [];
  return `${base.replaceAll('.', ', ')},  "${stage}", ${number}`;
}

/** A text of a kind around two versions. */
function fill(text: string, kind: Kind, own: string, dependency: string): string {
  return text
    .replaceAll('%v', spelled(own, kind.spelling))
    .replaceAll('%d', spelled(dependency, kind.spelling))
    .replaceAll('%t', tuple(own));
}

describe.each(KINDS.map((kind) => [`${kind.path} (${kind.spelling})`, kind] as const))('%s', (_, kind) => {
  const version = versions[kind.spelling];
  const samples = fc
    .tuple(
      fc.constantFrom(...kind.texts),
      fc.constantFrom('', '\uFEFF'),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      version,
      version,
      version,
      version,
    )
    .map(([text, mark, eol, isCut, ...given]) => {
      const form = mark + (isCut ? text.replace(/\n$/, '') : text).replaceAll('\n', eol);
      const [own, dependency, nextOwn, nextDependency] = given;
      const edit = (a: string, b: string): ManifestEdit => ({
        ...(/%[vt]/.test(text) ? { version: a } : {}),
        ...(kind.spelling === 'tag' ? { images: { 'desk/core': b } } : { dependencies: { core: b } }),
      });
      return {
        before: fill(form, kind, own, dependency),
        after: fill(form, kind, nextOwn, nextDependency),
        forth: edit(nextOwn, nextDependency),
        back: edit(own, dependency),
        places: (text.match(/%[vdt]/g) ?? []).length,
      };
    });

  it('changes just the versions that are asked for, in its own spelling, and back to the same bytes', () => {
    fc.assert(
      fc.property(samples, ({ before, after, forth, back, places }) => {
        expect(editManifest(kind.path, before, forth)).toBe(after);
        expect(editManifest(kind.path, after, forth)).toBe(after);
        expect(editManifest(kind.path, after, back)).toBe(before);
        if (forth.version !== undefined) expect(readVersion(kind.path, after)).toBe(forth.version);
        const names = { packages: new Set(['core']), images: new Set(['desk/core']) };
        expect(findVersions(kind.path, before, names)).toHaveLength(places);
      }),
      { numRuns: 60 },
    );
  });

  it('answers garbage with an error that names file and line, or with the same text', () => {
    const cut = fc.tuple(samples, fc.nat(400), fc.nat(40), fc.string({ maxLength: 8, unit: 'grapheme' }));
    fc.assert(
      fc.property(cut, ({ 0: { before, forth }, 1: from, 2: length, 3: noise }) => {
        const broken = before.slice(0, from) + noise + before.slice(from + length);
        try {
          editManifest(kind.path, broken, forth);
        } catch (error) {
          if (!(error instanceof ManifestError)) throw error;
          expect(error.message).toMatch(/^[\w./-]+:\d+: ./);
          expect(error.line).toBeLessThanOrEqual(broken.split('\n').length);
        }
      }),
      { numRuns: 150 },
    );
  });
});

it.each(
  KINDS.filter(({ texts }) => texts.some((text) => text.includes('%v'))).map(({ path, spelling }) => [path, spelling]),
)('names the file when no version stands in %s, though one is asked for (%s)', (path) => {
  const empty: Readonly<Record<string, string>> = {
    'package.json': '{}',
    'npm-shrinkwrap.json': '{"lockfileVersion":3}',
    'setup.py': 'setup(name="x")',
    VERSION: '\n',
  };
  expect(() => editManifest(path, empty[path] ?? '# nothing\n', { version: '1.0.0' })).toThrow(ManifestError);
});

/** Beginnings of a kind's text that lead its editor to read all that follows. */
const OPENINGS: readonly (readonly [string, string])[] = [
  ['package.json', '{"version":"1.0.0","overrides":{"core":'],
  ['package-lock.json', '{"lockfileVersion":3,"packages":{"":'],
  ['pnpm-workspace.yaml', 'catalog:\n  core: 1.0.0\n  x: '],
  ['yarn.lock', '__metadata:\n  version: 8\n"core@1.0.0, '],
  ['setup.py', 'V = "1.0.0"\nsetup(version=V, install_requires='],
  ['setup.py', 'setup(version=V)\nV = '],
  ['setup.cfg', '[metadata]\nversion = 1.0.0\n[options]\ninstall_requires = '],
  ['pyproject.toml', '[project]\nversion = "1.0.0"\ndependencies = ['],
  ['pyproject.toml', '[project]\nversion = "1.0.0"\n'],
  ['pkg/__init__.py', '__version__ = '],
  ['compose.yaml', 'services:\n  a:\n    image: desk/core:1.0.0\n    x: '],
  ['compose.yaml', 'services:\n  a:\n    image: desk/core:'],
  ['requirements.txt', 'core=='],
  ['requirements.txt', 'core==1.0.0'],
  ['Chart.yaml', 'version: 1.0.0\ndependencies:\n'],
  ['VERSION', '1.0.0'],
  ['x.md', '1.0.0 # slipway:version\n# slipway:version:begin\n'],
];
const REPEATED = [
  ...[
    '[',
    '{',
    '(',
    '"',
    ' ',
    'a ',
    'a=',
    'a:',
    '\n[a]',
    '\n- a',
    '\n&a a:',
    '${A:-',
    '\ncore==1.0.0 ',
    '\\\n',
    '1.0.0 ',
  ],
  ...['V,', 'V = ', '\nV', '\n  - name: core', '#', '*a,', '//', '(V,'],
];

it.each(OPENINGS)('reads hostile text in %s after %j in time that grows with its length', (path, opening) => {
  const edit = { version: '1.0.0', dependencies: { core: '1.0.0' }, images: { 'desk/core': '1.0.0' } };
  const slow = REPEATED.filter((unit) => {
    const text = opening + unit.repeat(3000);
    const started = performance.now();
    try {
      editManifest(path, text, edit);
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
    }
    // What is quadratic takes many seconds; the rest a few hundred milliseconds at most.
    return performance.now() - started > 3000;
  });
  expect(slow).toEqual([]);
});
