import { blankVersions, collectNames, editManifest, listedFiles, listManifests, requireVersionFiles } from './index';

const MEMBERS = [
  { name: 'ui', root: 'ui', versionFiles: ['ui/src/version.ts', 'ui/setup.py', 'ui/deep/in/VERSION', 'ui/gone.md'] },
  { name: 'api', root: 'api', versionFiles: ['api/a/b/_version.py'] },
];
const FILES = new Map([
  ['api/a/b/_version.py', '__version__ = "1.0.0"\n'],
  ['api/setup.py', 'from setuptools import setup\nsetup(name="api", version="1.0.0")\n'],
  ['other/src/version.ts', 'export const V = "1.0.0"; // slipway:version\n'],
  ['ui/deep/in/VERSION', '1.0.0\n'],
  ['ui/package.json', '{ "name": "ui", "version": "1.0.0" }'],
  ['ui/setup.py', 'setup(name="ui", version="1.0.0")  # slipway:version\nOTHER = "1.0.0"  # slipway:version\n'],
  ['ui/src/version.ts', 'export const V = "1.0.0"; // slipway:version\nconst W = "1.0.0";\n'],
]);
const names = collectNames(
  FILES,
  MEMBERS.map(({ root }) => root),
  [],
  listedFiles(MEMBERS),
);

describe('listed files', () => {
  it("are manifests of their member, after the member's own", () => {
    expect(listManifests([...FILES.keys()], MEMBERS)).toEqual([
      { path: 'api/setup.py', project: 'api' },
      { path: 'ui/package.json', project: 'ui' },
      { path: 'ui/setup.py', project: 'ui' },
      { path: 'api/a/b/_version.py', project: 'api' },
      { path: 'ui/deep/in/VERSION', project: 'ui' },
      { path: 'ui/src/version.ts', project: 'ui' },
    ]);
  });

  it.each([
    ['ui/src/version.ts', '1.1.0-rc.1', 'export const V = "1.1.0-rc.1"; // slipway:version\nconst W = "1.0.0";\n'],
    [
      'ui/setup.py',
      '1.1.0-rc.1',
      'setup(name="ui", version="1.1.0rc1")  # slipway:version\nOTHER = "1.1.0rc1"  # slipway:version\n',
    ],
    ['ui/deep/in/VERSION', '1.1.0', '1.1.0\n'],
    ['api/a/b/_version.py', '1.1.0-rc.1', '__version__ = "1.1.0rc1"\n'],
  ])('hold versions by their marks and by their kind: %s', (path, version, after) => {
    const content = FILES.get(path) ?? '';
    expect(editManifest(path, content, { version }, names)).toBe(after);
    expect(blankVersions(path, after, names)).toBe(blankVersions(path, content, names));
  });

  it('are those alone: a mark elsewhere is no business of the release', () => {
    expect(listManifests(['other/src/version.ts', 'ui/README.md'], MEMBERS)).toEqual([]);
  });
});

describe('requireVersionFiles', () => {
  const written = (path: string): boolean => path === 'CHANGELOG.md';
  const check = (versionFiles: readonly string[], contents: ReadonlyMap<string, string> = FILES): (() => void) => {
    const members = [{ name: 'ui', root: 'ui', versionFiles }];
    return () =>
      requireVersionFiles(members, contents, collectNames(contents, ['ui'], [], listedFiles(members)), written);
  };

  it('takes files that hold a version', () => {
    expect(check(['ui/src/version.ts', 'ui/setup.py', 'ui/deep/in/VERSION'])).not.toThrow();
  });

  it.each([
    ['ui/gone.md', /^ui\/gone\.md:1: projects\.ui\.versionFiles .*no such regular file is committed/],
    ['ui/plain.md', /^ui\/plain\.md:1: projects\.ui\.versionFiles .*marks no version/],
    ['ui/wrong.md', /^ui\/wrong\.md:2: no version stands before the mark/],
    ['CHANGELOG.md', /^CHANGELOG\.md:1: .*the bump writes it by itself/],
  ])('refuses %s, by name', (path, message) => {
    const contents = new Map([...FILES, ['ui/plain.md', '1.0.0\n'], ['ui/wrong.md', '\n# slipway:version\n']]);
    expect(check([path], contents)).toThrow(message);
  });

  it('refuses a file that is listed twice', () => {
    expect(check(['ui/src/version.ts', 'ui/src/version.ts'])).toThrow(/more than once/);
    const members = [
      { name: 'root', root: '.', versionFiles: ['ui/src/version.ts'] },
      { name: 'ui', root: 'ui', versionFiles: ['ui/src/version.ts'] },
    ];
    expect(() => requireVersionFiles(members, FILES, names, written)).toThrow(/so does that of root/);
  });
});
