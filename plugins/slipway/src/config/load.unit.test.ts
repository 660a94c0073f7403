import { ConfigError } from './error';
import { parseConfig } from './load';
import { closest } from './suggest';

function problemsOf(text: string): ConfigError {
  try {
    parseConfig(text);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('parseConfig', () => {
  it('has every default without a file', () => {
    const config = parseConfig(null);
    expect(config.gates).toEqual({
      tests: { passRate: 100 },
      coverage: { lines: 80, newLines: 80, tinyChange: 10, noise: 0.5 },
      security: { failOn: 'high', secrets: true },
      performance: { p95: 200, errorRate: 1, minRequests: 100, lighthouse: 90 },
      accessibility: { signOffs: 'accessibility.json', maxAge: 365 },
      documentation: { readme: true, links: true, environment: true },
      migrations: { irreversible: {}, incompatible: {} },
      review: { approvals: 2, source: 'auto', role: 'reviewer' },
      images: { healthcheck: true, nonRoot: true },
      acceptance: { roles: [] },
    });
    expect(config.waivers).toBe('waivers.json');
    expect(config.release).toMatchObject({
      tagPattern: 'v{version}',
      branchPattern: 'release/v{version}',
      main: 'main',
      remote: 'origin',
    });
    expect(config.environments).toEqual({});
  });

  it('takes comments and trailing commas', () => {
    expect(
      parseConfig('{\n // stricter than the default\n "gates": { "coverage": { "lines": 90, }, },\n}').gates.coverage
        .lines,
    ).toBe(90);
  });

  it("lets nx.json's tag pattern stand where the file says nothing, and the file win where it does", () => {
    expect(parseConfig('{}', 'slipway.json', { tagPattern: 'release-{version}' }).release.tagPattern).toBe(
      'release-{version}',
    );
    expect(
      parseConfig('{"release":{"tagPattern":"r{version}"}}', 'slipway.json', { tagPattern: 'x{version}' }).release
        .tagPattern,
    ).toBe('r{version}');
  });

  it('takes a tag pattern from nx.json only with the versioning that it is for', () => {
    const independent = { versioning: 'independent', tagPattern: '{projectName}/{version}' } as const;
    const release = (text: string, nx = {}) => parseConfig(text, 'slipway.json', nx).release;
    expect(release('{}', independent)).toMatchObject(independent);
    expect(release('{"release":{"versioning":"fixed"}}', independent).tagPattern).toBe('v{version}');
    expect(release('{"release":{"versioning":"independent"}}', { tagPattern: 'r{version}' }).tagPattern).toBe(
      '{projectName}@{version}',
    );
    expect(release('{"release":{"versioning":"independent"}}').tagPattern).toBe('{projectName}@{version}');
  });

  it('follows groups of nx.json, unless the file says itself who is released together', () => {
    const nx = { groups: { site: { projects: ['web'], versioning: 'fixed' } } } as const;
    const release = (text: string) => parseConfig(text, 'slipway.json', nx).release;
    expect(release('{"release":{"main":"trunk"}}')).toMatchObject({ projects: [], groups: nx.groups });
    expect(release('{"release":{"projects":["api"]}}')).toMatchObject({ projects: ['api'], groups: {} });
    expect(release('{"release":{"versioning":"independent"}}')).toMatchObject({ groups: {} });
    expect(release('{"release":{"groups":{"a":{"projects":["b"]}}}}').groups).toEqual({
      a: { projects: ['b'], versioning: 'fixed' },
    });
  });

  const group = (change: object) => ({ projects: ['ui'], ...change });
  it.each<[string, object, string]>([
    [
      'a placeholder that nothing fills',
      { tagPattern: 'v{version}-{what}' },
      '1:13: release.tagPattern: "v{version}-{what}" holds {what}',
    ],
    ['two versions', { tagPattern: '{version}/{version}' }, 'more than once'],
    ['a fixed release with tags per project', { tagPattern: '{projectName}@{version}' }, 'holds {projectName}'],
    [
      'independent versions with one tag',
      { versioning: 'independent', tagPattern: 'v{version}' },
      'does not hold {projectName}',
    ],
    [
      'a fixed group with tags per project',
      { groups: { a: group({ tagPattern: '{projectName}@{version}' }) } },
      'release.groups.a.tagPattern: ',
    ],
    [
      'an independent group with one tag',
      { groups: { a: group({ versioning: 'independent', tagPattern: 'a{version}' }) } },
      'does not hold {projectName}',
    ],
    [
      'a group with the tags of the others',
      { groups: { a: group({ tagPattern: 'v{version}' }) } },
      'could be taken for those of release, v{version}',
    ],
    [
      "groups with each other's tags",
      { groups: { a: group({ tagPattern: 'x{version}' }), b: { projects: ['api'], tagPattern: 'x{version}-b' } } },
      'could be taken for those of a, x{version}',
    ],
    [
      'a project in two groups',
      { groups: { a: group({}), b: group({}) } },
      'release.groups.b.projects[0]: "ui" is in the group a already',
    ],
    ['a project twice', { groups: { a: { projects: ['ui', 'ui'] } } }, 'named twice'],
    ['a group called release', { groups: { release: group({}) } }, 'release.groups.release: is what'],
    ['an empty group', { groups: { a: { projects: [] } } }, 'release.groups.a.projects'],
    ['a group whose name git would not take', { groups: { 'a b': group({}) } }, 'letters, digits'],
    ['a type in capitals', {}, 'commits.types.Docs'],
  ])('refuses %s', (what, release, message) => {
    const commits = what === 'a type in capitals' ? { commits: { types: { Docs: 'patch' } } } : {};
    expect(problemsOf(JSON.stringify({ release, ...commits })).message).toContain(message);
  });

  it('takes groups whose tags tell them apart', () => {
    const groups = {
      a: group({}),
      b: { projects: ['api', 'cli'], versioning: 'independent' },
      c: { projects: ['x'], tagPattern: 'c/{version}' },
    };
    expect(Object.keys(parseConfig(JSON.stringify({ release: { groups } })).release.groups)).toEqual(['a', 'b', 'c']);
  });

  it('names file, line, column, the keys it knows and the one that was meant', () => {
    const error = problemsOf('{\n  "gates": {\n    "covrage": { "lines": 80 }\n  }\n}');
    expect(error.message).toBe(
      'slipway.json:3:5: gates.covrage: unknown key; expected one of acceptance, accessibility, coverage, documentation, images, migrations, performance, review, security, tests. Did you mean "coverage"?',
    );
  });

  it("leaves what a project does not set to the workspace's gates", () => {
    const { projects } = parseConfig('{ "projects": { "api": { "gates": { "coverage": { "lines": 90 } } } } }');
    expect(projects['api']?.gates).toEqual({ coverage: { lines: 90 } });
  });

  const WAIVER = {
    fingerprint: 'security:npm/lodash:GHSA-35jh-r3h4-6jhm@high',
    owner: 'ada',
    approver: 'grace',
    reason: 'not reachable from our code',
    expiry: '2026-12-01',
  };
  it('takes waivers from a file that it names, or as they are', () => {
    expect(parseConfig('{ "waivers": "config/waivers.json" }').waivers).toBe('config/waivers.json');
    expect(parseConfig(JSON.stringify({ waivers: [WAIVER] })).waivers).toEqual([WAIVER]);
  });

  it.each([
    ['a day that does not exist', { expiry: '2026-02-30' }, 'waivers[0].expiry'],
    ['no reason worth the name', { reason: '   later   ' }, 'waivers[0].reason'],
    ['nobody who allows it', { approver: ' ' }, 'waivers[0].approver'],
    ['no fingerprint', { fingerprint: 'lodash' }, 'waivers[0].fingerprint'],
    ['an unknown key', { until: '2026-12-01' }, 'waivers[0].until'],
  ])('refuses a waiver with %s', (_what, change, key) => {
    expect(problemsOf(JSON.stringify({ waivers: [{ ...WAIVER, ...change }] })).message).toContain(key);
  });

  it('says what was expected of a wrong value', () => {
    const [problem] = problemsOf('{\n  "gates": { "coverage": { "lines": "80" } } }').problems;
    expect(problem).toMatchObject({ line: 2, key: 'gates.coverage.lines', message: '"80" is not allowed' });
    expect(problem?.expected).toContain('number');
  });

  it("says what is missing without the parser's own words", () => {
    const error = problemsOf('{ "environments": { "prod": {} } }');
    expect(error.message).toContain('environments.prod.compose: missing; expected string.');
    expect(error.message).not.toContain('received');
  });

  it.each([
    ['main', '-x y'],
    ['main', 'a..b'],
    ['remote', '--upload-pack=touch x'],
    ['remote', ''],
    ['tagPattern', 'release'],
    ['tagPattern', '-v{version}'],
    ['branchPattern', 'release v{version}'],
  ])('refuses %s "%s", which git would not take', (key, value) => {
    const [problem] = problemsOf(JSON.stringify({ release: { [key]: value } })).problems;
    expect(problem?.key).toBe(`release.${key}`);
    expect(problem?.expected).toMatch(/^a name that/);
  });

  it.each(['v{version}', 'release/{version}', '{releaseGroupName}/{version}'])(
    'takes the tag pattern %s',
    (tagPattern) => {
      expect(parseConfig(JSON.stringify({ release: { tagPattern } })).release.tagPattern).toBe(tagPattern);
    },
  );

  it.each(['../x.md', '/x.md', './x.md', 'docs/', '', 'docs/*.md', 'a\\b.md'])(
    'refuses %j as a version file, which has to be a path in the project',
    (path) => {
      const text = JSON.stringify({ projects: { api: { versionFiles: [path] } } });
      expect(() => parseConfig(text)).toThrow(/projects\.api\.versionFiles\[0\].*inside the project/);
    },
  );

  it('names the place of a nesting that no configuration has', () => {
    const error = problemsOf('{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000));
    expect(error.message).toBe('slipway.json:1:321: nested more than 64 levels deep; expected a few levels.');
    expect(parseConfig(JSON.stringify({ notes: { contact: '['.repeat(100) } })).notes.contact).toHaveLength(100);
  });

  it('reports everything at once, in the order of the file', () => {
    const error = problemsOf('{\n "relese": {},\n "gates": { "tests": { "passRate": 200 } }\n}');
    expect(error.problems.map(({ line, key }) => [line, key])).toEqual([
      [2, 'relese'],
      [3, 'gates.tests.passRate'],
    ]);
  });

  it('looks into the branch of a union that was meant', () => {
    const text =
      '{"images":{"a":{"dockerfile":"Dockerfile","context":["."],"repository":"x/a","variable":"A"}},\n"environments":{"staging":{"compose":"c.yml","project":"p",\n"verify":{"probes":[{"name":"api","http":"ftp://x"}]}}}}';
    const error = problemsOf(text);
    expect(error.problems).toHaveLength(1);
    expect(error.problems[0]).toMatchObject({ line: 3, key: 'environments.staging.verify.probes[0].http' });
  });

  it.each([
    ['', 'the file is empty'],
    ['{ "gates": ', 'not valid JSON'],
    ['[]', 'an array is not allowed'],
    ['{"gates":{},"gates":{}}', 'a second time'],
    ['{"__proto__":{"x":1}}', 'unknown key'],
    ['{"environments":{"prod":{"compose":"../x.yml","project":"p"}}}', 'inside the workspace'],
    ['{"environments":{"prod":{"compose":"/x.yml","project":"p"}}}', 'inside the workspace'],
  ])('refuses %j', (text, message) => {
    expect(problemsOf(text).message).toContain(message);
  });

  const image = '"images":{"backend":{"dockerfile":"Dockerfile","context":["."],"repository":"x/b","variable":"B"}}';
  it('refuses a promotion from an environment that does not stand before', () => {
    const error = problemsOf(
      `{${image},"environments":{"staging":{"compose":"s.yml","project":"s"},\n"prod":{"compose":"p.yml","project":"p","requires":{"verifiedIn":"stagin"}}}}`,
    );
    expect(error.message).toContain('slipway.json:2');
    expect(error.message).toContain('Did you mean "staging"?');
  });

  it('refuses two environments in one Compose project, and services that are no image', () => {
    const error = problemsOf(
      `{${image},"environments":{"a":{"compose":"s.yml","project":"s","services":["bakend"]},"b":{"compose":"p.yml","project":"s"}}}`,
    );
    expect(error.message).toContain('share one Compose project');
    expect(error.message).toContain('Did you mean "backend"?');
  });
});

describe('closest', () => {
  it('suggests what is near and nothing that is not', () => {
    expect(closest('enviroments', ['environments', 'images'])).toBe('environments');
    expect(closest('zzz', ['environments', 'images'])).toBeNull();
  });
});
