import { readReport } from './index';
import { changed, problemOf, read, readSecurity, sample, type Json } from './testing/read-sample';

describe('Trivy', () => {
  it('reads packages, misconfigurations and secrets, without what the secret is', () => {
    const content = changed('trivy', 'fail', (json) => {
      const [, , last] = json.Results as { Secrets: Json[] }[];
      if (last?.Secrets[0]) last.Secrets[0].Match = 'the very secret';
    });
    const report = readSecurity(content);
    expect(
      report.findings.map(({ id, severity, file, line, component }) => [id, severity, file ?? component?.name, line]),
    ).toEqual([
      ['CVE-2022-0778', 'high', 'openssl', null],
      ['CVE-2022-0001', 'low', 'zlib1g', null],
      ['DS002', 'high', 'Dockerfile', 3],
      ['private-key', 'critical', 'id.pem', 2],
    ]);
    expect(JSON.stringify(report)).not.toContain('the very secret');
    expect(report.origin).toMatchObject({ tool: 'Trivy', measuredAt: '2026-11-22T09:30:00.123Z' });
  });

  it.each([
    ['no results', (json: Json) => delete json.Results],
    ['an empty list of results', (json: Json) => (json.Results = [])],
  ])('looked at nothing where there are %s', (_, change) => {
    expect(readSecurity(changed('trivy', 'pass', (json) => void change(json))).scanned).toBe(0);
  });

  it('refuses another schema', () => {
    expect(problemOf(sample('trivy', 'pass').replace('"SchemaVersion":2', '"SchemaVersion":1'))).toMatch(
      /^unknownVersion: /,
    );
  });
});

it('is not held up by an SPDX tool whose name looks like many versions', () => {
  const creators = [`Tool: ${'-1'.repeat(100_000)}!`];
  const content = JSON.stringify({ spdxVersion: 'SPDX-2.3', packages: [], creationInfo: { creators } });
  expect(readReport('spdx', content).report.kind).toBe('inventory');
});

describe('Grype', () => {
  it('takes matches without what it says of itself, but not an empty list of them', () => {
    const matches = [{ vulnerability: { id: 'CVE-2026-1', severity: 'High' }, artifact: { name: 'zlib' } }];
    expect(readSecurity(JSON.stringify({ matches })).findings).toMatchObject([{ id: 'CVE-2026-1', severity: 'high' }]);
    expect(problemOf('{"matches":[]}')).toContain('unsupported');
  });

  it('tells its database, and what it was told to ignore', () => {
    const report = readSecurity(changed('grype', 'pass', (json) => (json.ignoredMatches = [{}, {}])));
    expect(report.suppressed).toBe(2);
    expect(report.origin).toEqual({
      measuredAt: '2026-11-22T09:30:00.000Z',
      validUntil: null,
      tool: 'Grype',
      toolVersion: '0.104.0',
      database: '2026-11-22T01:30:00Z',
    });
  });

  it('refuses a report that was made with a broken database', () => {
    const content = sample('grype', 'pass').replace('"valid":true', '"valid":false,"error":"db is too old"');
    expect(problemOf(content)).toBe('toolError: Grype could not use its database: db is too old');
  });
});

describe('SARIF', () => {
  const result = (more: Json): string =>
    changed('sarif', 'pass', (json) => {
      const [run] = json.runs as { results: Json[] }[];
      run?.results.push({ ruleId: 'js/eval', level: 'error', message: { text: 'eval' }, ...more });
    });
  const run = (more: Json): string =>
    changed('sarif', 'pass', (json) => Object.assign((json.runs as Json[])[0] ?? {}, more));

  it.each([
    ['accepted', [{ kind: 'external', status: 'accepted' }], 1],
    ['in source, without a status', [{ kind: 'inSource' }], 1],
    ['under review', [{ kind: 'external', status: 'underReview' }], 0],
    ['rejected', [{ kind: 'external', status: 'rejected' }], 0],
    ['accepted and rejected', [{ status: 'accepted' }, { status: 'rejected' }], 0],
    ['by nobody', [], 0],
  ])('passes over a result whose suppression is %s, only if it counts', (_, suppressions, suppressed) => {
    const report = readSecurity(result({ suppressions }));
    expect([report.suppressed, report.findings.length]).toEqual([suppressed, 2 - suppressed]);
  });

  it.each([
    [{ baselineState: 'absent' }, 1],
    [{ baselineState: 'unchanged' }, 2],
    [{ baselineState: 'new' }, 2],
    [{ kind: 'pass', level: 'none' }, 1],
    [{ kind: 'notApplicable', level: 'none' }, 1],
    [{ kind: 'informational', level: 'none' }, 1],
    [{ kind: 'fail' }, 2],
  ])('with %j lists %d findings', (more, findings) => {
    expect(readSecurity(result(more)).findings).toHaveLength(findings);
  });

  it.each(['open', 'review'])('is undecided where a result is %s', (kind) => {
    expect(readSecurity(result({ kind })).unaudited).toEqual([
      { name: 'js/eval', reason: 'CodeQL could not decide, and asks a person' },
    ]);
  });

  it.each([
    ["the rule's score before any level", { ruleId: 'js/sql-injection', level: 'note' }, 'high'],
    ["the result's own score first", { properties: { 'security-severity': '9.1' } }, 'critical'],
    ['a score that is none as unknown', { properties: { 'security-severity': 'bad' } }, 'unknown'],
    ['an error as high', { level: 'error' }, 'high'],
    ['a warning as medium', { level: 'warning' }, 'medium'],
    ["the rule's level where there is none", { ruleId: 'js/unused', level: undefined }, 'low'],
    ['no level at all as a warning', { level: undefined }, 'medium'],
    ['a rule by its place', { ruleId: undefined, ruleIndex: 0, level: undefined }, 'high'],
  ])('takes %s', (_, more, severity) => {
    expect(readSecurity(result(more)).findings[1]?.severity).toBe(severity);
  });

  it.each([
    ['a run that failed', run({ invocations: [{ executionSuccessful: false }] }), 'toolError: CodeQL failed'],
    [
      'an error that the tool noted',
      run({
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [{ level: 'error', message: { text: 'out of memory' } }],
          },
        ],
      }),
      'toolError: CodeQL failed: out of memory',
    ],
    ['a run without results', run({ results: null }), 'malformed: not SARIF at runs.0.results'],
    ['results in other files', run({ externalPropertyFileReferences: { results: [{}] } }), 'malformed: keeps results'],
    ['no run', changed('sarif', 'pass', (json) => (json.runs = [])), 'malformed: not SARIF at runs'],
    [
      'another version',
      changed('sarif', 'pass', (json) => (json.version = '2.0.0')),
      'unknownVersion: SARIF of version 2.0.0',
    ],
    ['a rule that is not there', result({ ruleIndex: 7 }), 'contradictory: a result names rule 7'],
  ])('refuses %s', (_, content, expected) => {
    expect(problemOf(content)).toContain(expected);
  });

  it('names the place, and when it was measured', () => {
    const report = readSecurity(sample('sarif', 'fail').replace('src/b.ts', 'file:///w/src/b%20c.ts'));
    expect(report.findings[0]).toMatchObject({ file: '/w/src/b c.ts', line: 9 });
    expect(report.origin).toMatchObject({
      measuredAt: '2026-11-22T09:30:00.000Z',
      tool: 'CodeQL',
      toolVersion: '2.20.0',
    });
  });
});

describe('CycloneDX', () => {
  it.each(['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree'])(
    'passes over a vulnerability that is %s',
    (state) => {
      const content = changed('cyclonedx', 'fail', (json) =>
        Object.assign((json.vulnerabilities as Json[])[0] ?? {}, { analysis: { state } }),
      );
      expect(readSecurity(content)).toMatchObject({
        suppressed: 1,
        findings: [{ severity: 'low' }, { severity: 'critical' }],
      });
    },
  );

  it.each(['exploitable', 'in_triage', 'unheard_of'])('counts one that is %s', (state) => {
    const content = changed('cyclonedx', 'pass', (json) =>
      Object.assign((json.vulnerabilities as Json[])[0] ?? {}, { analysis: { state } }),
    );
    expect(readSecurity(content)).toMatchObject({ suppressed: 0, findings: [{ severity: 'low' }] });
  });

  it.each([
    ['the worst rating', [{ severity: 'low' }, { severity: 'high' }], 'high'],
    ['a score', [{ score: 9.8, method: 'CVSSv31' }], 'critical'],
    ['a vector', [{ vector: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' }], 'critical'],
    ['a score of another kind as unknown', [{ score: 1, method: 'OWASP' }], 'unknown'],
    ['no rating as unknown', [], 'unknown'],
  ])('takes %s', (_, ratings, severity) => {
    const content = changed('cyclonedx', 'pass', (json) =>
      Object.assign((json.vulnerabilities as Json[])[0] ?? {}, { ratings }),
    );
    expect(readSecurity(content).findings[0]?.severity).toBe(severity);
  });

  it.each([
    ['without a list', (json: Json) => delete json.vulnerabilities],
    ['with an empty list', (json: Json) => (json.vulnerabilities = [])],
  ])('is an inventory %s of vulnerabilities', (_, change) => {
    expect(read(changed('cyclonedx', 'pass', (json) => void change(json)))).toMatchObject({
      kind: 'inventory',
      components: 1,
    });
  });

  it('says the same in XML', () => {
    expect(readSecurity(sample('cyclonedx', 'fail', 1))).toMatchObject({
      scanned: 1,
      findings: [
        { id: 'CVE-2021-0001', severity: 'high', component: { ecosystem: 'npm', name: 'tar', version: '6.0.0' } },
        { severity: 'low' },
        { severity: 'critical' },
      ],
      origin: { measuredAt: '2026-11-22T09:30:00.000Z' },
    });
  });

  it.each([
    ['1.1', sample('cyclonedx', 'pass').replace('"1.6"', '"1.1"')],
    ['2.0', sample('cyclonedx', 'pass').replace('"1.6"', '"2.0"')],
    ['9.9, in XML', sample('cyclonedx', 'pass', 1).replace('bom/1.5', 'bom/9.9')],
    ['none, in XML', sample('cyclonedx', 'pass', 1).replace('cyclonedx.org', 'example.test')],
  ])('refuses version %s', (_, content) => {
    expect(problemOf(content)).toMatch(/^unknownVersion: /);
  });
});

describe('SPDX', () => {
  const three = (...types: string[]): string =>
    JSON.stringify({
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': types.map((type) => ({ type })),
    });

  it('lists packages, and proves nothing', () => {
    expect(read(sample('spdx', 'pass'))).toMatchObject({
      kind: 'inventory',
      components: 1,
      origin: { tool: 'npm/cli' },
    });
    expect(read(three('CreationInfo', 'software_Package', 'software_Package'))).toEqual({
      kind: 'inventory',
      components: 2,
    });
  });

  it('refuses what it would lose', () => {
    expect(problemOf(three('software_Package', 'security_Vulnerability'))).toMatch(
      /^malformed: holds SPDX 3's security/,
    );
    expect(problemOf(sample('spdx', 'pass').replace('SPDX-2.3', 'SPDX-1.2'))).toMatch(/^unknownVersion: /);
  });
});
