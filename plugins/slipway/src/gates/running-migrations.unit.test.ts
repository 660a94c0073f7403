import type { Migration } from '../reports';
import { judgeRunningMigrations } from './running-migrations';

const migration = (name: string, change: Partial<Migration> = {}): Migration => ({
  name: `tickets.${name}`,
  file: `tickets/migrations/${name}.py`,
  replaces: [],
  irreversible: [],
  incompatible: [],
  ...change,
});
const breaking = { incompatible: ['Remove field title from ticket: its column is gone'] };

const judge = (
  migrations: readonly Migration[],
  {
    known = ['0001_initial'],
    incompatible = {},
  }: { known?: readonly string[]; incompatible?: Record<string, string> } = {},
) => {
  const held = new Set(known.map((name) => `packages/api/tickets/migrations/${name}.py`));
  return judgeRunningMigrations({ environment: 'prod', version: '1.0.0', holds: (path) => held.has(path) }, [
    { name: 'api', root: 'packages/api', policy: { irreversible: {}, incompatible }, migrations },
  ]);
};

it.each<[string, readonly Migration[], string]>([
  ['nothing is new', [migration('0001_initial', breaking)], 'no migration is new to 1.0.0, which prod runs'],
  [
    'the running release can work with what is new',
    [migration('0002_due')],
    '1 new to 1.0.0, which prod runs; it can work with each',
  ],
  [
    'a squashed one stands for what runs already',
    [migration('0001_squashed', { ...breaking, replaces: ['tickets.0001_initial'] })],
    'no migration is new to 1.0.0, which prod runs',
  ],
])('passes where %s', (_, migrations, reason) => {
  expect(judge(migrations)).toMatchObject({ verdict: 'pass', reason, measured: 0 });
});

it('fails what would break the running release, with what answers for it', () => {
  const result = judge([migration('0002_drop', breaking)]);
  expect(result).toMatchObject({ verdict: 'fail', measured: 1 });
  expect(result.reason).toMatch(/^tickets\.0002_drop would break 1\.0\.0, which prod runs: split it/);
  expect(result.findings).toEqual([
    {
      title: 'tickets.0002_drop breaks the running release',
      file: 'packages/api/tickets/migrations/0002_drop.py',
      detail: 'Remove field title from ticket: its column is gone',
      fix: expect.stringContaining('"migrations": { "incompatible": { "tickets.0002_drop": "<reason>" } }'),
      fingerprint: 'migrations:incompatible:tickets.0002_drop',
    },
  ]);
});

it.each<[string, Migration]>([
  ['its file is not known', migration('0002_drop', { ...breaking, file: null })],
  [
    'it stands for one that does not run yet',
    migration('0001_squashed', { ...breaking, replaces: ['tickets.0001_initial', 'tickets.0002_drop'] }),
  ],
])('takes a migration for new where %s', (_, one) => {
  expect(judge([one]).verdict).toBe('fail');
});

it('takes the word of a person for one that breaks', () => {
  const incompatible = { 'tickets.0002_drop': 'nothing reads it since 0.9' };
  expect(judge([migration('0002_drop', breaking)], { incompatible })).toMatchObject({
    verdict: 'pass',
    reason: '1 new to 1.0.0, which prod runs; it can work with each but 1 that are declared',
  });
});
