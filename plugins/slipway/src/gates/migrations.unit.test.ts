import { migrations as policySchema } from '../config/gates/migrations';
import type { ReportError } from '../reports';
import { readReport, type Migration, type MigrationReport } from '../reports';
import type { CheckResult, JudgedProject } from './check';
import { migrationsCheck } from './migrations';

const project: JudgedProject = {
  name: 'backend',
  root: 'packages/backend',
  kind: 'python',
  targets: ['release-migrations'],
  documents: null,
  asOf: new Date(0),
};
const looked = {
  kind: 'migrations',
  globs: [],
  root: project.root,
  producers: ['npx nx run backend:release-migrations'],
};

const migration = (name: string, change: Partial<Migration> = {}): Migration => ({
  name: `tickets.${name}`,
  file: `tickets/migrations/${name}.py`,
  replaces: [],
  irreversible: [],
  incompatible: [],
  ...change,
});
const report = (change: Partial<MigrationReport> = {}): MigrationReport => ({
  kind: 'migrations',
  models: 1,
  missing: [],
  migrations: [migration('0001_initial')],
  ...change,
});
const judge = (
  reports: readonly MigrationReport[],
  policy: Parameters<typeof policySchema.parse>[0] = {},
): CheckResult => migrationsCheck.judge({ reports, unreadable: [], looked }, policySchema.parse(policy), project);

const oneWay = migration('0002_fill', { irreversible: ['RunPython fill has no reverse_code'] });

it('passes where nothing is missing and each has a way back', () => {
  expect(judge([report()])).toEqual({
    check: 'migrations',
    verdict: 'pass',
    reason: 'no change of models without a migration; 1 migration, each can be reversed',
    measured: 0,
    limit: 0,
    unit: 'count',
    findings: [],
  });
});

it('fails where a change of a model has no migration, with the command that makes it', () => {
  const result = judge([report({ missing: ['tickets: Add field due to ticket'] })]);
  expect(result).toMatchObject({
    verdict: 'fail',
    reason: '1 change of models without a migration',
    measured: 1,
    blocking: 1,
  });
  expect(result.findings).toEqual([
    {
      title: 'no migration for tickets: Add field due to ticket',
      file: 'packages/backend/manage.py',
      fix: 'cd packages/backend && python manage.py makemigrations',
      fingerprint: 'migrations:missing:tickets: Add field due to ticket',
    },
  ]);
});

it('fails where a migration has no way back, with the declaration that answers for it', () => {
  const result = judge([report({ migrations: [oneWay] })]);
  expect(result).toMatchObject({ verdict: 'fail', reason: '1 migration without a way back', measured: 1 });
  expect(result.findings).toEqual([
    {
      title: "tickets.0002_fill can't be reversed",
      file: 'packages/backend/tickets/migrations/0002_fill.py',
      detail: 'RunPython fill has no reverse_code',
      fix: expect.stringContaining('"migrations": { "irreversible": { "tickets.0002_fill": "<reason>" } }'),
      fingerprint: 'migrations:irreversible:tickets.0002_fill',
    },
  ]);
});

it('takes the word of a person for one without a way back, and for none by a name that only looks like one', () => {
  const irreversible = { 'tickets.0002_fill': 'the rows are rebuilt from the archive' };
  expect(judge([report({ migrations: [oneWay] })], { irreversible })).toMatchObject({
    verdict: 'pass',
    reason: 'no change of models without a migration; 1 migration, 1 declared irreversible, the others can be reversed',
  });
  expect(judge([report({ migrations: [{ ...oneWay, name: 'tickets.constructor' }] })], { irreversible }).verdict).toBe(
    'fail',
  );
});

it('warns of a declaration for a migration that is not there', () => {
  const declared = {
    irreversible: { 'tickets.0009_gone': 'never mind' },
    incompatible: { 'tickets.0001_initial': 'squashed' },
  };
  const squashed = migration('0001_squashed', { replaces: ['tickets.0001_initial'] });
  expect(judge([report({ migrations: [squashed] })], declared).warnings).toEqual([
    'gates.migrations.irreversible declares tickets.0009_gone, and there is no such migration',
  ]);
});

it('has nothing to judge where there are no models and no migrations', () => {
  expect(judge([report({ models: 0, migrations: [] })])).toMatchObject({ verdict: 'notApplicable', measured: null });
});

it('is inconclusive without a report, and says how to make one', () => {
  expect(judge([])).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('nx run backend:release-migrations'),
  });
});

it('does not concern a project without the target', () => {
  expect(migrationsCheck.exempt(project)).toBeNull();
  expect(migrationsCheck.exempt({ ...project, targets: ['test'] })).toMatch(/no release-migrations/);
});

describe('a report', () => {
  const whole = {
    format: 'slipway-migrations',
    version: 1,
    models: 1,
    missing: [],
    migrations: [migration('0001_initial')],
  };
  it('is read as it stands', () => {
    expect(readReport('auto', JSON.stringify(whole)).report).toEqual(report());
  });

  it.each<[string, object, ReportError['problem']]>([
    ['of another version', { ...whole, version: 2 }, 'unsupported'],
    ['without its models', { ...whole, models: undefined }, 'malformed'],
    ['with an unknown key', { ...whole, error: 'Django failed' }, 'malformed'],
    ['with a migration of no app', { ...whole, migrations: [{ ...migration('x'), name: '0001' }] }, 'malformed'],
    ['with a migration twice', { ...whole, migrations: [migration('0001_a'), migration('0001_a')] }, 'contradictory'],
    ['of models without migrations', { ...whole, migrations: [] }, 'contradictory'],
  ])('%s is refused', (_, value, problem) => {
    expect(() => readReport('auto', JSON.stringify(value))).toThrow(expect.objectContaining({ problem }) as Error);
  });
});
