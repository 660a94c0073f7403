import { editManifest, findVersions, readVersion, type ManifestNames } from './index';

const names: ManifestNames = {
  packages: new Set(['@desk/ui', 'core', 'core.js']),
  images: new Set(),
  memberRoots: new Set(['packages/ui', 'packages/core']),
};
const all = { version: '2.0.0', dependencies: { '@desk/ui': '2.0.0', core: '2.0.0', 'core.js': '2.0.0' } };

describe('package.json', () => {
  const edit = (content: string): string => editManifest('packages/ui/package.json', content, all, names);

  it('changes the version alone', () => {
    expect(edit('{ "name": "x", "version": "1.2.3", "engines": { "version": "1.2.3" } }')).toBe(
      '{ "name": "x", "version": "2.0.0", "engines": { "version": "1.2.3" } }',
    );
  });

  it.each([
    ['^1.2.3', '^2.0.0'],
    ['~1.2.3', '~2.0.0'],
    ['1.2.3', '2.0.0'],
    ['=1.2.3', '=2.0.0'],
    ['^1.2.3-rc.1', '^2.0.0'],
    ['workspace:^1.2.3', 'workspace:^2.0.0'],
    ['workspace:1.2.3', 'workspace:2.0.0'],
    ['npm:@desk/ui@^1.2.3', 'npm:@desk/ui@^2.0.0'],
    ['workspace:core@~1.2.3', 'workspace:core@~2.0.0'],
    ...[
      'workspace:*',
      'workspace:^',
      '>=1.0.0 <3',
      '*',
      '1.x',
      '',
      'file:../core',
      'catalog:',
      'core@^1.0.0',
      'npm:other@^1.0.0',
      '>=1.2.3',
      '^1.2.3 || ^3.0.0',
    ].map((range) => [range, range]),
  ])('the range %j of a workspace package becomes %j', (before, after) => {
    for (const key of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
      expect(edit(`{"${key}":{"core":"${before}","left-pad":"^1.2.3"}}`)).toBe(
        `{"${key}":{"core":"${after}","left-pad":"^1.2.3"}}`,
      );
    }
  });

  it('keeps the byte-order mark, CRLF, tabs and a missing final newline', () => {
    expect(edit('\uFEFF{\r\n\t"version": "1.0.0",\r\n\t"dependencies": {\t"core":"^1.0.0" }\r\n}')).toBe(
      '\uFEFF{\r\n\t"version": "2.0.0",\r\n\t"dependencies": {\t"core":"^2.0.0" }\r\n}',
    );
  });

  it('knows names with dots and scopes', () => {
    expect(edit('{"dependencies":{"core.js":"^1.0.0","@desk/ui":"~1.0.0"}}')).toBe(
      '{"dependencies":{"core.js":"^2.0.0","@desk/ui":"~2.0.0"}}',
    );
  });

  it.each([
    ['{\n  "version": "1.0"\n}', 'packages/ui/package.json:2: "version" is "1.0"; a semver version'],
    ['{\n  "version": 1\n}', 'packages/ui/package.json:2: "version" is 1;'],
    ['{\n  "version": "1.\\u0030.0"\n}', 'packages/ui/package.json:2: "version" is'],
    ['{\n "version": "1.0.0",\n "version": "1.0.0"\n}', 'packages/ui/package.json:3: "version" stands here twice'],
    ['{ "version": "1.0.0",\n}', 'packages/ui/package.json:2: not valid JSON'],
    ['{ // comment\n "version": "1.0.0" }', 'packages/ui/package.json:1: not valid JSON'],
    ['[]', 'packages/ui/package.json:1: a JSON object was expected'],
    ['', 'packages/ui/package.json:1: '],
    ['{\n"dependencies": "core"}', 'packages/ui/package.json:2: "dependencies" should be an object'],
  ])('refuses %j with its line', (content, message) => {
    expect(() => edit(content)).toThrow(message);
  });

  it('reads the version, and null where there is none', () => {
    expect(readVersion('package.json', '{"version":"1.2.3-rc.1+build"}')).toBe('1.2.3-rc.1+build');
    expect(readVersion('package.json', '{}')).toBeNull();
  });

  it('refuses to write what would not be read back', () => {
    expect(() =>
      editManifest('package.json', '{"dependencies":{"core":"^1.0.0"}}', { dependencies: { core: '2' } }, names),
    ).toThrow("package.json:1: it can't hold the version 2 here");
  });
});

describe('package-lock.json', () => {
  const lock = (extra: object): string =>
    JSON.stringify({
      name: 'desk',
      version: '9.9.9',
      lockfileVersion: 3,
      packages: {
        '': { name: 'desk', version: '9.9.9', dependencies: { core: '^1.0.0' } },
        'node_modules/core': { resolved: 'packages/core', link: true },
        'node_modules/other': { version: '1.0.0', dependencies: { core: '^1.0.0' } },
        'packages/core': { version: '1.0.0' },
        'packages/ui': {
          name: '@desk/ui',
          version: '1.0.0',
          dependencies: { core: '^1.0.0', react: '^1.0.0' },
          devDependencies: { core: '1.0.0' },
        },
        'packages/ui/node_modules/core': { version: '1.0.0' },
      },
      ...extra,
    });
  const found = (path: string, content: string, roots: readonly string[]): readonly string[] => {
    const spans = findVersions(path, content, { ...names, memberRoots: new Set(roots) });
    return spans.map((span) => `${span.of.kind} ${content.slice(span.start, span.end)}`);
  };

  it("changes the members' entries and their ranges, and nothing that was installed", () => {
    const before = lock({});
    const { packages } = JSON.parse(editManifest('package-lock.json', before, all, names)) as { packages: unknown };
    expect(packages).toEqual({
      ...(JSON.parse(before) as { packages: object }).packages,
      'packages/core': { version: '2.0.0' },
      'packages/ui': {
        name: '@desk/ui',
        version: '2.0.0',
        dependencies: { core: '^2.0.0', react: '^1.0.0' },
        devDependencies: { core: '2.0.0' },
      },
    });
  });

  it('changes both versions of a root project', () => {
    expect(found('package-lock.json', lock({}), ['.'])).toEqual(['version 9.9.9', 'version 9.9.9', 'dependency 1.0.0']);
  });

  it("knows a member's own lock file, and a lock file of a subtree", () => {
    expect(found('packages/ui/package-lock.json', lock({}), ['packages/ui'])).toEqual([
      'version 9.9.9',
      'version 9.9.9',
      'dependency 1.0.0',
    ]);
    expect(found('web/package-lock.json', lock({}), ['web/packages/core', 'packages/ui'])).toEqual([
      'dependency 1.0.0',
    ]);
  });

  it('follows the ranges that version 2 repeats for npm 6', () => {
    const legacy = {
      lockfileVersion: 2,
      dependencies: {
        '@desk/ui': { version: 'file:packages/ui', requires: { core: '~1.0.0' } },
        other: { version: '1.0.0', requires: { core: '^1.0.0' } },
      },
    };
    const after = JSON.parse(editManifest('package-lock.json', lock(legacy), all, names)) as { dependencies: unknown };
    expect(after.dependencies).toEqual({
      ...legacy.dependencies,
      '@desk/ui': { version: 'file:packages/ui', requires: { core: '~2.0.0' } },
    });
  });

  it.each([
    [lock({ lockfileVersion: 1 }), 'lockfileVersion is 1; 2 or 3 was expected'],
    ['{}', 'lockfileVersion is missing'],
  ])('refuses other versions of the format', (content, message) => {
    expect(() => found('package-lock.json', content, [])).toThrow(message);
  });
});
