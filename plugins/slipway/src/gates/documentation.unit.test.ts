import { documentation } from '../config/gates/documentation';
import type { z } from 'zod';
import type { CheckResult, Evidence, JudgedProject, ProjectDocuments } from './check';
import { documentationCheck } from './documentation';

const README = '# Web\n\nThe web interface of it.\n';
const nothing: Evidence = {
  reports: [],
  unreadable: [],
  looked: { kind: 'documentation', globs: [], root: 'web', producers: [] },
};

function judge(
  files: Readonly<Record<string, string>>,
  {
    policy = {},
    root = 'web',
    ...rest
  }: {
    policy?: z.input<typeof documentation>;
    root?: string;
    variables?: readonly string[];
  } & Partial<ProjectDocuments> = {},
): CheckResult {
  const documents: ProjectDocuments = {
    files: Object.entries(files).map(([path, content]) => ({ path, content })),
    exists: (path) => path in files,
    ...rest,
  };
  const project: JudgedProject = {
    name: 'web',
    root,
    kind: 'npm',
    targets: [],
    documents,
    asOf: new Date(0),
    ...(rest.variables === undefined ? {} : { variables: rest.variables }),
  };
  return documentationCheck.judge(nothing, documentation.parse(policy), project);
}

it('passes a project that says what it is, with links that lead somewhere', () => {
  const result = judge({
    'web/README.md': `${README}\nSee [the guide](docs/guide.md#use).\n`,
    'web/docs/guide.md': '# Use\n',
  });
  expect(result).toMatchObject({ verdict: 'pass', measured: 0, limit: 0, unit: 'count', findings: [] });
});

it.each([
  [
    'missing',
    { 'web/docs/a.md': README },
    'web/README.md does not exist',
    'documentation:readme:web/README.md:missing',
  ],
  [
    'elsewhere',
    { 'web/docs/README.md': README },
    'web/README.md does not exist',
    'documentation:readme:web/README.md:missing',
  ],
  [
    'empty',
    { 'web/README.md': ' \n' },
    'web/README.md has no heading with a sentence below it',
    'documentation:readme:web/README.md:empty',
  ],
  [
    'only a heading',
    { 'web/README.md': '# Web\n' },
    'web/README.md has no heading with a sentence below it',
    'documentation:readme:web/README.md:empty',
  ],
  [
    'no heading',
    { 'web/README.md': 'Some words about it.\n' },
    'web/README.md has no heading with a sentence below it',
    'documentation:readme:web/README.md:empty',
  ],
  [
    'only code',
    { 'web/README.md': '# Web\n\n```\nsome words about it\n```\n' },
    'web/README.md has no heading with a sentence below it',
    'documentation:readme:web/README.md:empty',
  ],
])('fails where the README is %s', (_, files, reason, fingerprint) => {
  const result = judge(files);
  expect(result).toMatchObject({ verdict: 'fail', reason, measured: 1 });
  expect(result.findings.map((finding) => finding.fingerprint)).toEqual([fingerprint]);
});

it('asks for no README where the policy does not', () => {
  expect(judge({ 'web/docs/a.md': README }, { policy: { readme: false } }).verdict).toBe('pass');
});

it('takes a README of another format by its words', () => {
  expect(judge({ 'web/README.rst': 'Web\n===\n\nThe web interface.\n' }).verdict).toBe('pass');
  expect(judge({ 'web/README.rst': 'Web\n' }).verdict).toBe('fail');
});

it('shows a dead link with file, line and a fingerprint that no waiver misreads', () => {
  const result = judge({ 'web/README.md': `${README}\n[gone](a@b.md)\n` });
  expect(result).toMatchObject({ verdict: 'fail', reason: 'dead link in web/README.md: web/a@b.md does not exist' });
  expect(result.findings).toEqual([
    {
      title: 'dead link in web/README.md: web/a@b.md does not exist',
      file: 'web/README.md',
      line: 5,
      fix: 'correct or remove the link to a@b.md',
      fingerprint: 'documentation:link:web/README.md:a%40b.md',
    },
  ]);
});

describe('a variable', () => {
  const compose = 'services:\n  web:\n    image: ${WEB_IMAGE}\n    environment: [PASSWORD]\n';
  const settings = 'import os\nKEY = os.environ["SECRET_KEY"]\n';

  it.each([
    ['beside the file', 'web/deploy/.env.example'],
    ['at the project', 'web/.env.example'],
    ['at the workspace', '.env.example'],
  ])('may be explained %s', (_, example) => {
    const files = {
      'web/README.md': README,
      'web/deploy/compose.yml': compose,
      [example]: 'WEB_IMAGE=x\nPASSWORD=x\n',
    };
    expect(judge(files).verdict).toBe('pass');
  });

  it('may be explained nowhere else', () => {
    const files = {
      'web/README.md': README,
      'web/deploy/compose.yml': compose,
      'api/.env.example': 'WEB_IMAGE=\nPASSWORD=\n',
    };
    expect(judge(files)).toMatchObject({ verdict: 'fail', measured: 2 });
  });

  it('that nobody explains fails, where it is read', () => {
    const result = judge({
      'web/README.md': README,
      'web/compose.yml': compose,
      'web/settings.py': settings,
      'web/.env.example': 'PASSWORD=',
    });
    expect(result.findings).toEqual([
      {
        title: 'SECRET_KEY is read by web/settings.py and not in web/.env.example',
        file: 'web/settings.py',
        line: 2,
        fix: 'add SECRET_KEY= with an example to web/.env.example',
        fingerprint: 'documentation:environment:web/settings.py:SECRET_KEY',
      },
      expect.objectContaining({ line: 3, fingerprint: 'documentation:environment:web/compose.yml:WEB_IMAGE' }),
    ]);
  });

  it('that a deployment sets by itself needs no explanation', () => {
    const files = {
      'web/README.md': README,
      'web/compose.yml': 'services: { web: { image: "${WEB_IMAGE}:${SLIPWAY_VERSION}" } }',
    };
    expect(judge(files, { variables: ['WEB_IMAGE'] }).verdict).toBe('pass');
    expect(judge(files).verdict).toBe('fail');
  });

  it('is not asked about where the policy does not', () => {
    const files = { 'web/README.md': README, 'web/settings.py': settings };
    expect(judge(files, { policy: { environment: false } }).verdict).toBe('pass');
  });
});

describe('the description of the API', () => {
  const policy = { apiSchema: { file: 'openapi.yaml', generated: 'reports/openapi.json' } };
  const committed = { 'web/README.md': README, 'web/openapi.yaml': 'paths: { /a/: {} }' };
  const generated = 'web/reports/openapi.json';

  it.each([
    ['is the same', { ...committed, [generated]: '{"paths":{"/a/":{}}}' }, 'pass', 'nothing missing'],
    [
      'is outdated',
      { ...committed, [generated]: '{"paths":{"/b/":{}}}' },
      'fail',
      'web/openapi.yaml is not what the code says at paths./a/',
    ],
    [
      'was never committed',
      { 'web/README.md': README, [generated]: '{"paths":{}}' },
      'fail',
      'web/openapi.yaml does not exist',
    ],
    ['was not generated', committed, 'inconclusive', 'it does not exist; run the target that makes it first'],
    ['was generated empty', { ...committed, [generated]: '{}' }, 'inconclusive', 'it describes nothing'],
    ['was cut off', { ...committed, [generated]: '{"paths":{' }, 'inconclusive', 'neither JSON nor YAML'],
  ])('that %s', (_, files, verdict, reason) => {
    const result = judge(files, { policy });
    expect(result.verdict).toBe(verdict);
    expect(result.reason).toContain(reason);
  });
});

describe('is inconclusive', () => {
  it('without any document', () => {
    expect(judge({})).toMatchObject({ verdict: 'inconclusive', measured: null });
  });

  it('where a Compose file is no YAML', () => {
    const result = judge({ 'web/README.md': README, 'web/compose.yml': 'services: [' });
    expect(result).toMatchObject({ verdict: 'inconclusive', measured: null });
    expect(result.reason).toMatch(/^web\/compose\.yml can't be judged: line 1 is not valid YAML/);
  });

  it('where a document could not be read, unless something is wrong anyway', () => {
    const unreadable = [{ path: 'web/big.md', reason: 'it is larger than 1 MB' }];
    expect(judge({ 'web/README.md': README }, { unreadable }).verdict).toBe('inconclusive');
    expect(judge({ 'web/README.md': '' }, { unreadable }).verdict).toBe('fail');
  });
});
