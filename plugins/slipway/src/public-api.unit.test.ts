import * as api from './index';

it('offers what programs use', () => {
  expect(api.nextVersion('1.3.0-rc.1', 'minor', { preid: 'rc' })).toBe('1.3.0-rc.2');
  expect(api.nextVersion('1.2.3', 'patch')).toBe('1.2.4');
  expect(api.parseCommit('feat(ui)!: drop frames')).toMatchObject({ type: 'feat', scope: 'ui', breaking: true });
  expect(api.parseCommit('Merge branch main')).toBeNull();
  expect([api.toPep440('1.2.0-rc.1'), api.fromPep440('1.2.0rc1')]).toEqual(['1.2.0rc1', '1.2.0-rc.1']);
  expect(() => api.toPep440('1.2.0-canary.3')).toThrow(api.VersionError);
  expect(api.editManifest('requirements.txt', 'core==1.2.0  # ours\n', { dependencies: { core: '1.3.0' } })).toBe(
    'core==1.3.0  # ours\n',
  );
  expect(() => api.editManifest('ui/package.json', '{}', { version: '1.0.0' })).toThrow(api.ManifestError);
});

const JUNIT = '<testsuite tests="2"><testcase name="adds"/><testcase name="subtracts"/></testsuite>';
const FAILED = '<testsuite tests="1"><testcase name="adds"><failure message="no"/></testcase></testsuite>';
const LCOV = 'SF:a.ts\nDA:1,1\nDA:2,1\nDA:3,0\nend_of_record\n';
const report = (content: string | Uint8Array, path = 'report') => ({ path, content });

describe('readReport', () => {
  it('tells the format by content, from text or bytes', () => {
    expect(api.readReport('auto', JUNIT)).toMatchObject({ format: 'junit', report: { kind: 'tests', passed: 2 } });
    expect(api.readReport('lcov', Buffer.from(LCOV)).report).toMatchObject({ lines: { covered: 2, total: 3 } });
  });

  it.each([
    ['auto', '', 'empty'],
    ['auto', '<testsuite tests="1">', 'truncated'],
    ['auto', '<testsuite tests="3"><testcase/></testsuite>', 'contradictory'],
    ['lcov', JUNIT, 'unsupported'],
  ] as const)('refuses, as %s, %j: %s', (format, content, problem) => {
    expect(() => api.readReport(format, content)).toThrow(api.ReportError);
    expect(() => api.readReport(format, content)).toThrow(expect.objectContaining({ problem }) as Error);
  });

  it.each([
    [
      'a format that is misspelt',
      'junitt',
      JUNIT,
      /^there is no format "junitt"; did you mean junit\? The formats are auto, junit,/,
    ],
    ['no format', undefined, JUNIT, /^there is no format "undefined"\. The formats are auto, junit,/],
    ['no content', 'auto', undefined, /^neither text nor the bytes of a file$/],
    [
      'JSON of no known format',
      'auto',
      '{"a":1}',
      /^other JSON, of no format that is known; these are junit, jest-json,/,
    ],
    ['JSON of another format', 'trivy', '{"a":1}', /^other JSON, not Trivy JSON$/],
  ])('says what is wrong with %s', (_what, format, content, message) => {
    const read = (): unknown => api.readReport(format as 'auto', content as string);
    expect(read).toThrow(api.ReportError);
    expect(read).toThrow(message);
  });
});

describe('judge', () => {
  it('judges by the defaults, or by what is asked', () => {
    expect(api.judge('tests', [report(JUNIT)])).toMatchObject({
      verdict: 'pass',
      reason: 'all 2 tests passed',
      measured: 100,
      limit: 100,
      findings: [],
    });
    expect(api.judge('tests', [report(FAILED)])).toMatchObject({ verdict: 'fail', measured: 0 });
    expect(api.judge('coverage', [report(LCOV)])).toMatchObject({ verdict: 'fail', limit: 80 });
    expect(api.judge('coverage', [report(Buffer.from(LCOV))], { lines: 60 })).toMatchObject({
      verdict: 'pass',
      limit: 60,
    });
    expect(api.judge('coverage', [report(LCOV)], { coverage: { lines: 60 }, tests: {} }).verdict).toBe('pass');
  });

  it.each([
    ['fail', 'HIGH'],
    ['pass', 'LOW'],
  ])('judges an audit of last year, and says how old it is: %s', (verdict, Severity) => {
    const Vulnerabilities = [{ VulnerabilityID: 'CVE-2024-1', PkgName: 'zlib', Severity }];
    const Results = [{ Target: 'shop (debian 12.5)', Type: 'debian', Vulnerabilities }];
    const audit = { SchemaVersion: 2, CreatedAt: '2024-05-01T10:00:00Z', ArtifactName: 'shop', Results };
    expect(api.judge('security', [report(JSON.stringify(audit), 'trivy.json')])).toMatchObject({
      verdict,
      warnings: [expect.stringMatching(/^trivy\.json was made at 2024-05-01T10:00:00\.000Z/)],
    });
    const own = { measuredAt: '2024-05-01T10:00:00Z', validUntil: '2024-05-02T10:00:00Z' };
    expect(api.judge('security', [report(JSON.stringify({ ...audit, slipway: own }))])).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/it counted until 2024-05-02/) as string,
    });
  });

  it('says why a check can not apply', () => {
    const off = api.judge('tests', [], { notApplicable: 'holds no code' });
    expect(off).toMatchObject({ verdict: 'notApplicable', reason: 'holds no code' });
  });

  it('judges documents as they are given', () => {
    const readme = (text: string) => [report(`# Shop\n\n${text}\n`, 'README.md'), report('# Use\n', 'docs/use.md')];
    expect(api.judge('documentation', readme('See [how to use it](docs/use.md).')).verdict).toBe('pass');
    expect(api.judge('documentation', readme('See [how to use it](docs/gone.md).')).verdict).toBe('fail');
  });

  it.each<[string, () => api.CheckResult, RegExp]>([
    ['no report', () => api.judge('tests', []), /^no report was given$/],
    ['no document', () => api.judge('documentation', []), /^no document was given$/],
    ['an empty report', () => api.judge('tests', [report('')]), /report can't be relied on: the file is empty/],
    ['no content', () => api.judge('tests', [report(null as unknown as string)]), /neither text nor the bytes/],
    ['no text', () => api.judge('tests', [report(Uint8Array.of(0xc3, 0x28))]), /can't be relied on/],
    ['a truncated one', () => api.judge('coverage', [report('SF:a.ts\nDA:1,1\n')]), /breaks off/],
    ['one of another kind', () => api.judge('tests', [report(LCOV)]), /it is no report for tests: it holds coverage/],
    ['a good one beside it', () => api.judge('tests', [report(JUNIT), report(LCOV)]), /it holds coverage/],
    ['a copy', () => api.judge('tests', [report(JUNIT, 'a'), report(JUNIT, 'b')]), /b can't .* a copy of a/],
  ])('is inconclusive with %s', (_what, judged, reason) => {
    expect(judged()).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(reason) as string });
  });

  it.each<[string, () => unknown, string, RegExp]>([
    ['an unknown check', () => api.judge('covrage' as 'coverage', []), 'covrage', /did you mean coverage\?/],
    ['an unknown key', () => api.judge('tests', [], { rate: 1 } as object), 'tests.rate', /no such key/],
    ['a wrong value', () => api.judge('tests', [], { passRate: 101 }), 'tests.passRate', /wrong at tests\.passRate/],
    [
      'a wrong section',
      () => api.judge('tests', [], { tests: { passRate: '1' } } as object),
      'tests.passRate',
      /expected number/,
    ],
    [
      'an unknown section',
      () => api.judge('tests', [], { tests: {}, text: {} } as object),
      'text',
      /no key of the policy/,
    ],
    ['no policy', () => api.judge('tests', [], 80 as unknown as object), 'tests', /wrong at tests/],
  ])('refuses %s', (_what, run, key, message) => {
    expect(run).toThrow(api.PolicyError);
    expect(run).toThrow(expect.objectContaining({ key, message: expect.stringMatching(message) as string }) as Error);
  });
});
