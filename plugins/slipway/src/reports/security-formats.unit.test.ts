import { readReport } from './index';
import { changed, problemOf, readSecurity, sample, type Json } from './testing/read-sample';
import { samples } from './testing/samples';

describe('every security format', () => {
  const formats = samples.filter(({ check }) => check === 'security');

  it.each(formats.map((one, index) => [`${index}: ${one.format}`, one] as const))(
    '%s is told by its content',
    (_, one) => {
      expect(readReport('auto', one.content).format).toBe(one.format);
      expect(readReport(one.format, one.content).format).toBe(one.format);
    },
  );

  it.each(['npm-audit', 'yarn-audit', 'pip-audit', 'osv', 'trivy', 'grype', 'sarif', 'cyclonedx', 'spdx'] as const)(
    '%s is never read from nothing',
    (format) => {
      for (const content of ['', ' \n', '[]', '{}']) expect(problemOf(content, format)).toMatch(/^empty: /);
      for (const content of ['null', '0', '"clean"', '[null]', '{"results":null}', 'no vulnerabilities found']) {
        expect(problemOf(content, format)).toMatch(/^unsupported: /);
      }
    },
  );
});

describe('npm audit', () => {
  it('counts each advisory once for its package, and not who depends on it', () => {
    expect(readSecurity(sample('npm-audit', 'fail'))).toEqual({
      kind: 'security',
      scanned: 312,
      unaudited: [],
      suppressed: 0,
      findings: [
        expect.objectContaining({
          id: 'GHSA-35jh-r3h4-6jhm',
          severity: 'high',
          component: { ecosystem: 'npm', name: 'lodash', version: null },
          fixedIn: '4.17.21',
        }),
        expect.objectContaining({ severity: 'low', fixedIn: '0.7.0' }),
        expect.objectContaining({ id: 'GHSA-xvch-5gv4-984h', severity: 'critical', fix: 'npm install mkdirp@3.0.1' }),
      ],
    });
  });

  it('reads version 1 with installed versions', () => {
    expect(readSecurity(sample('npm-audit', 'fail', 1)).findings[0]).toEqual({
      id: 'GHSA-r628-mhmh-qjhw',
      aliases: [],
      severity: 'high',
      title: 'Flaw in tar',
      component: { ecosystem: 'npm', name: 'tar', version: '1.0.2' },
      file: null,
      line: null,
      fixedIn: '1.2.3',
      url: 'https://github.com/advisories/GHSA-r628-mhmh-qjhw',
    });
  });

  it.each([
    [
      'what npm says when the registry refuses',
      {
        message: '405 Method Not Allowed - POST /advisories/bulk',
        statusCode: 405,
        error: { summary: '', detail: '' },
      },
      'toolError: npm audit failed: 405 Method Not Allowed - POST /advisories/bulk',
    ],
    [
      'what npm says without a lock file',
      {
        error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.', detail: 'Try creating one' },
      },
      'toolError: npm audit failed: This command requires an existing lockfile.',
    ],
    [
      'an error without words',
      { error: { code: '', summary: '' } },
      'toolError: npm audit failed: it does not say why',
    ],
    [
      'an error beside a report',
      { ...(JSON.parse(sample('npm-audit', 'pass')) as Json), error: 'timeout' },
      'toolError: npm audit failed: timeout',
    ],
    [
      'a version that nobody knows',
      { auditReportVersion: 3, vulnerabilities: {} },
      'unknownVersion: npm audit report of version 3; 1 and 2 are known',
    ],
    [
      'a report without its summary',
      { auditReportVersion: 2, vulnerabilities: {} },
      'malformed: not npm audit JSON at metadata',
    ],
    [
      'a report without its findings',
      { auditReportVersion: 2, metadata: {} },
      'malformed: not npm audit JSON at vulnerabilities',
    ],
  ])('refuses %s', (_, json, expected) => {
    expect(problemOf(JSON.stringify(json))).toContain(expected);
  });

  it('takes a summary without totals, and then does not know how much was looked at', () => {
    const vulnerabilities = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };
    const clean = { auditReportVersion: 2, vulnerabilities: {}, metadata: { vulnerabilities } };
    expect(readSecurity(JSON.stringify(clean))).toMatchObject({ findings: [], scanned: null });
  });

  const entry = (name: string, severity: string, via: unknown[]): Json => ({
    name,
    severity,
    via,
    fixAvailable: false,
  });
  const advisory = { source: 1, title: 't', url: 'u', severity: 'low', range: '*' };

  it.each([
    [
      'a summary that counts too few',
      { a: entry('a', 'high', [{ ...advisory, severity: 'high' }]) },
      'claims 0 vulnerable',
    ],
    ['a cause that is not listed', { a: entry('a', 'low', ['b']) }, 'names b as a cause'],
    [
      'causes that go in a circle',
      { a: entry('a', 'low', ['b']), b: entry('b', 'low', ['a']) },
      'advisories are missing',
    ],
    ['a package without a cause', { a: entry('a', 'low', []) }, 'without a cause'],
    ['a package worse than its advisories', { a: entry('a', 'critical', [advisory]) }, 'is critical but'],
    ['a package under another name', { a: entry('b', 'low', [advisory]) }, 'under another name'],
  ])('refuses %s', (what, vulnerabilities: Json, expected) => {
    const counts = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0 };
    for (const { severity } of Object.values(vulnerabilities) as { severity: keyof typeof counts }[]) {
      if (what.startsWith('a summary')) continue;
      counts[severity] += 1;
      counts.total += 1;
    }
    const metadata = { vulnerabilities: counts, dependencies: { total: 9 } };
    expect(problemOf(JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata }))).toContain(expected);
  });

  it('takes long chains and circles of causes in its stride', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `p${index}`);
    const vulnerabilities = Object.fromEntries(
      names.map((name, index) => [name, entry(name, 'low', index === 0 ? [advisory, 'p19999'] : [`p${index - 1}`])]),
    );
    const metadata = {
      vulnerabilities: { info: 0, low: 20_000, moderate: 0, high: 0, critical: 0, total: 20_000 },
      dependencies: { total: 20_000 },
    };
    const report = readSecurity(JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata }));
    expect(report.findings).toHaveLength(1);
  });
});

describe('Yarn', () => {
  it('counts an advisory of Yarn 1 once, however many paths lead to it', () => {
    const [first = '', ...rest] = sample('yarn-audit', 'fail').split('\n');
    const report = readSecurity([first, first, ...rest].join('\n'));
    expect(report.findings.map(({ id }) => id)).toEqual([
      'GHSA-r628-mhmh-qjhw',
      'GHSA-qqgx-2p2h-9c37',
      'GHSA-c4w7-xm78-47vh',
    ]);
    expect(report.scanned).toBe(312);
  });

  it('reads a summary alone: nothing was found', () => {
    expect(
      readSecurity(sample('yarn-audit', 'pass').split('\n').slice(1).join('').replace('"low":1', '"low":0')),
    ).toMatchObject({
      findings: [],
      scanned: 312,
    });
  });

  it("reads Yarn 4's lines, one finding for each installed version", () => {
    const content = sample('yarn-audit', 'fail', 1).replace('["1.0.2"]', '["1.0.2","1.1.0"]');
    expect(readSecurity(content).findings.map(({ component }) => `${component?.name} ${component?.version}`)).toEqual([
      'tar 1.0.2',
      'tar 1.1.0',
      'ini 1.0.2',
      'y18n 1.0.2',
    ]);
  });

  it.each([
    ['without its summary', (lines: string[]) => lines.slice(0, -1), 'truncated: breaks off before'],
    ['with two summaries', (lines: string[]) => [...lines, ...lines.slice(-1)], 'contradictory: holds two'],
    ['without an advisory that is counted', (lines: string[]) => lines.slice(1), 'contradictory: claims 1 high'],
    [
      'with an error',
      (lines: string[]) => [...lines, '{"type":"error","data":"no lockfile"}'],
      'toolError: yarn failed: no lockfile',
    ],
    [
      'that breaks off in a line',
      (lines: string[]) => [...lines.slice(0, -1), '{"type":"auditSum'],
      'truncated: line 4: ',
    ],
    ['with a line that is no message', (lines: string[]) => [...lines, '[1]'], 'malformed: a line that is'],
  ])('refuses a report %s', (_, change, expected) => {
    expect(problemOf(change(sample('yarn-audit', 'fail').split('\n')).join('\n'))).toContain(expected);
  });

  it('refuses lines of other tools', () => {
    expect(problemOf('{"a":1}\n{"b":2}\n')).toBe('malformed: several JSON values in one file');
    expect(problemOf('{"a":1}\n{"b":')).toMatch(/^malformed: /);
  });
});

describe('pip-audit', () => {
  const skipped = { name: 'desk', skip_reason: 'Dependency not found on PyPI and could not be audited: desk (1.2.0)' };

  it('has no severities, and takes the first fix after the installed version', () => {
    const content = sample('pip-audit', 'fail').replace('["4.2.3"]', '["5.0.1","3.2.20","4.2.3"]');
    expect(readSecurity(content).findings[0]).toMatchObject({
      id: 'CVE-2023-36053',
      aliases: ['PYSEC-2023-100'],
      severity: 'unknown',
      component: { ecosystem: 'pypi', name: 'django', version: '4.2.0' },
      fixedIn: '4.2.3',
    });
  });

  it('tells what it skipped, and does not count that', () => {
    const report = readSecurity(changed('pip-audit', 'pass', (json) => (json.dependencies as unknown[]).push(skipped)));
    expect(report.scanned).toBe(2);
    expect(report.unaudited).toEqual([{ name: 'desk', reason: skipped.skip_reason }]);
  });

  it('reads the list of older versions', () => {
    const { dependencies } = JSON.parse(sample('pip-audit', 'fail')) as Json;
    expect(readSecurity(JSON.stringify(dependencies))).toEqual(readSecurity(sample('pip-audit', 'fail')));
  });

  it('looked at nothing where the list is empty', () => {
    expect(readSecurity('{"dependencies":[],"fixes":[]}').scanned).toBe(0);
  });

  it('refuses a dependency that was neither audited nor skipped', () => {
    const content = changed('pip-audit', 'pass', (json) =>
      (json.dependencies as unknown[]).push({ name: 'x', version: '1' }),
    );
    expect(problemOf(content)).toMatch(/^malformed: /);
  });
});

describe('OSV-Scanner', () => {
  it('takes advisories of one group for one, and computes what vectors say', () => {
    const vulnerabilities = [
      { id: 'PYSEC-2018-28', severity: [{ type: 'CVSS_V3', score: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }] },
      {
        id: 'GHSA-x84v-xcm2-53pg',
        aliases: ['CVE-2018-18074'],
        summary: 'Leaks',
        database_specific: { severity: 'MODERATE' },
      },
    ];
    const found = {
      package: { name: 'Requests', version: '2.19.0', ecosystem: 'PyPI' },
      vulnerabilities,
      groups: [{ ids: ['PYSEC-2018-28', 'GHSA-x84v-xcm2-53pg'], max_severity: '' }],
    };
    const content = JSON.stringify({ results: [{ source: { path: 'r.txt' }, packages: [found] }] });
    expect(readSecurity(content).findings).toEqual([
      expect.objectContaining({
        id: 'GHSA-x84v-xcm2-53pg',
        aliases: ['PYSEC-2018-28', 'CVE-2018-18074'],
        severity: 'high',
        component: { ecosystem: 'pypi', name: 'requests', version: '2.19.0' },
      }),
    ]);
  });

  it('found nothing where it lists nothing: without packages it writes no report', () => {
    expect(readSecurity('{"results":[],"experimental_config":{}}')).toMatchObject({ findings: [], scanned: null });
  });

  it('refuses a source without its packages', () => {
    expect(problemOf(sample('osv', 'fail').replace('"packages"', '"packagec"'))).toMatch(/^malformed: /);
  });

  it('refuses a group of what is not listed', () => {
    expect(problemOf(sample('osv', 'fail').replace('{"ids":["GHSA-r628', '{"ids":["GHSA-0000'))).toMatch(
      /^contradictory: /,
    );
  });
});
