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
    expect(config.gates).toEqual({ tests: { passRate: 100 }, coverage: { lines: 80 } });
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

  it('names file, line, column, the keys it knows and the one that was meant', () => {
    const error = problemsOf('{\n  "gates": {\n    "covrage": { "lines": 80 }\n  }\n}');
    expect(error.message).toBe(
      'slipway.json:3:5: gates.covrage: unknown key; expected one of coverage, tests. Did you mean "coverage"?',
    );
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

  it.each(['v{version}', '{projectName}@{version}', 'release/{version}'])('takes the tag pattern %s', (tagPattern) => {
    expect(parseConfig(JSON.stringify({ release: { tagPattern } })).release.tagPattern).toBe(tagPattern);
  });

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
