import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRun } from '../../io/exec';
import type { DeployedRelease } from '../../ledger/events';
import { createMemoryDriver } from '../../testing/memory-driver';
import type { DatabaseError, Migrations } from './database';
import { createDjangoMigrations } from './django';
import { operations as op, writeDjangoProject, type TestApps } from './testing/django-project';

const PYTHON = join(__dirname, '../../../../../.venv/bin/python');
const guard = () => Promise.resolve();

// Real Django on SQLite; each release's "image" is a folder of its own.
let root = '';
let migrations: Migrations;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-django-'));
  const driver = createMemoryDriver();
  driver.onCommand = ({ argv }, release) => run(release?.version ?? '', ...argv.slice(1));
  migrations = createDjangoMigrations({
    driver,
    environment: 'staging',
    service: 'api',
    timeout: 60_000,
    retry: 'deploy again',
    secrets: async () => ['hunter2'],
    isNew: async () => false,
    isIdle: async () => false,
    imageOf: ({ version }) => `image of ${version}`,
    manage: ['python', 'manage.py'],
  });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (version: string, ...args: string[]) =>
  createRun({
    cwd: join(root, version),
    env: { TEST_SQLITE: join(root, 'db.sqlite3'), DJANGO_SETTINGS_MODULE: undefined },
  })([PYTHON, ...args]);
/** Rows of the database, without Django in between. */
const sql = async (text: string) => {
  const code =
    'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute(sys.argv[2]).fetchall()); c.commit()';
  return (await createRun({ cwd: root })([PYTHON, '-c', code, join(root, 'db.sqlite3'), text])).stdout.trim();
};

function release(version: string, apps: TestApps): DeployedRelease {
  writeDjangoProject(join(root, version), apps);
  return { version, commit: 'c', services: { api: `image of ${version}` } };
}

const first = { '0001_initial': { operations: [op.tickets] } };
const expanded = {
  ...first,
  '0002_reference': { after: ['shop.0001_initial'], operations: [op.reference] },
  '0003_backfill': { after: ['shop.0002_reference'], operations: [op.backfill] },
};
const contracted = { ...expanded, '0004_required': { after: ['shop.0003_backfill'], operations: [op.required] } };
const migrate = (to: DeployedRelease) => migrations.migrate(to, { guard });
const applied = (by: DeployedRelease) => migrations.applied(by);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('it worked');
    },
    (error: unknown) => error as DatabaseError,
  );

describe('forward', () => {
  it('tells what it will do, does it, and reads back what was done', async () => {
    const one = release('1.0.0', { shop: first });
    const two = release('2.0.0', { shop: contracted });
    expect(await applied(one)).toEqual([]);
    expect(await migrate(one)).toEqual({ before: [], after: ['shop.0001_initial'], image: 'image of 1.0.0' });
    await sql("INSERT INTO shop_ticket (title) VALUES ('kept')");
    expect(await migrations.plan(two)).toEqual({
      applied: ['shop.0001_initial'],
      unknown: [],
      steps: [
        { name: 'shop.0002_reference', reversible: true, effect: 'expand' },
        { name: 'shop.0003_backfill', reversible: true, effect: 'expand' },
        {
          name: 'shop.0004_required',
          reversible: true,
          effect: 'contract',
          notes: [expect.stringContaining('empty values are refused')],
        },
      ],
    });
    expect(await applied(two)).toEqual(['shop.0001_initial']);
    const { after } = await migrate(two);
    expect(after).toEqual(Object.keys(contracted).map((name) => `shop.${name}`));
    expect(await sql('SELECT title, reference FROM shop_ticket')).toBe("[('kept', 'HD-1')]");
    expect(await migrate(two)).toMatchObject({ before: after, after });
    // An older release has nothing to do, and says what it does not know.
    expect(await migrations.plan(one)).toMatchObject({ steps: [], unknown: after?.slice(1) });
  });

  it('says where it failed, how far it came, and quotes no rows', async () => {
    const steps = { ...expanded, '0003_backfill': { after: ['shop.0002_reference'], operations: [op.failing] } };
    const two = release('2.0.0', { shop: steps });
    const error = await failureOf(migrate(two));
    expect(error.message).toMatch(/failed at shop\.0003_backfill: ValueError: this one fails$/);
    expect(error.touched).toBe(true);
    expect(await applied(two)).toEqual(['shop.0001_initial', 'shop.0002_reference']);
    // What failed alone, in its own transaction, left nothing.
    expect(await failureOf(migrate(two))).toMatchObject({
      touched: false,
      message: expect.stringMatching(/nothing was changed/),
    });
  });

  it.each<[string, TestApps, RegExp]>([
    [
      'that were not merged',
      {
        shop: {
          ...first,
          '0002_a': { after: ['shop.0001_initial'], operations: [] },
          '0002_b': { after: ['shop.0001_initial'], operations: [] },
        },
      },
      /made side by side and not merged: 0002_a, 0002_b in shop/,
    ],
    [
      'that depend on nothing',
      { shop: { '0002_b': { after: ['shop.0001_gone'], operations: [] } } },
      /NodeNotFoundError/,
    ],
    ['that no Python can read', { shop: { '0001_initial': { operations: ['('] } } }, /SyntaxError/],
  ])('refuses migrations %s', async (_what, apps, message) => {
    const error = await failureOf(migrations.plan(release('1.0.0', apps)));
    expect(error).toMatchObject({ name: 'DatabaseError', touched: false, message: expect.stringMatching(message) });
  });

  it('says what Python says where Django does not even start', async () => {
    const one = release('1.0.0', {});
    rmSync(join(root, '1.0.0/manage.py'));
    expect(await failureOf(applied(one))).toMatchObject({ message: expect.stringMatching(/can't open file .*exit 2/) });
  });
});

describe('back', () => {
  it('reverses from the newer image with the data intact; the older image would have done nothing, without a word', async () => {
    const one = release('1.0.0', { shop: first });
    const two = release('2.0.0', { shop: contracted });
    await migrate(one);
    await sql("INSERT INTO shop_ticket (title) VALUES ('kept')");
    const { before, after } = await migrate(two);
    const old = await run('1.0.0', 'manage.py', 'migrate', 'shop', '0001');
    expect(old).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No migrations to apply') });
    expect(await applied(two)).toEqual(after);
    expect((await migrations.planReversal({ from: one, to: before })).refusals).toMatchObject([
      { id: 'migrationsUnknown', reason: expect.stringContaining('shop.0002_reference, shop.0003_backfill') },
    ]);

    const { plan, refusals } = await migrations.planReversal({ from: two, to: before });
    expect(refusals).toEqual([]);
    expect(plan.steps.map(({ name }) => name)).toEqual([
      'shop.0004_required',
      'shop.0003_backfill',
      'shop.0002_reference',
    ]);
    expect(await migrations.reverse({ from: two, to: before }, { guard })).toEqual({
      before: after,
      after: before,
      image: 'image of 2.0.0',
    });
    expect(await sql('SELECT * FROM shop_ticket')).toBe("[(1, 'kept')]");
    expect(await migrations.reverse({ from: two, to: before }, { guard })).toMatchObject({ before, after: before });
  });

  it('refuses before anything is touched where a step in the middle can not be reversed', async () => {
    const steps = {
      ...expanded,
      '0003_backfill': { after: ['shop.0002_reference'], operations: [op.oneWay] },
      '0004_note': { after: ['shop.0003_backfill'], operations: [op.note('note')] },
    };
    const two = release('2.0.0', { shop: steps });
    const { after } = await migrate(two);
    const to = ['shop.0001_initial'];
    // Django marks it and goes on; for real it would stop halfway.
    expect(await run('2.0.0', 'manage.py', 'migrate', '--plan', 'shop', '0001')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('IRREVERSIBLE'),
    });
    expect((await migrations.planReversal({ from: two, to })).refusals).toMatchObject([
      {
        id: 'migrationIrreversible',
        reason: expect.stringMatching(/shop\.0003_backfill can't be reversed: .*no reverse_code/),
      },
    ]);
    expect(await failureOf(migrations.reverse({ from: two, to }, { guard }))).toMatchObject({ touched: false });
    expect(await applied(two)).toEqual(after);
  });

  it('goes back exactly, through several apps, merged branches and to nothing', async () => {
    const shop = {
      ...first,
      '0002_a': { after: ['shop.0001_initial'], operations: [op.note('a')] },
    };
    const log = { '0001_initial': { after: ['shop.0002_a'], operations: [op.log] } };
    const merged = {
      ...shop,
      '0002_b': { after: ['shop.0001_initial'], operations: [op.note('b')] },
      '0003_merge': { after: ['shop.0002_a', 'shop.0002_b'], operations: [] },
    };
    const one = release('1.0.0', { shop, log });
    const two = release('2.0.0', { shop: merged, log });
    await migrate(one);
    const { before } = await migrate(two);
    // `migrate shop 0002_a` would leave 0002_b.
    const { after } = await migrations.reverse({ from: two, to: before }, { guard });
    expect(after).toEqual(before);
    expect(await sql("SELECT name FROM pragma_table_info('shop_ticket')")).toBe("[('id',), ('title',), ('a',)]");
    // What another app needs can't go alone.
    const alone = await migrations.planReversal({ from: two, to: ['shop.0001_initial', 'log.0001_initial'] });
    expect(alone.refusals).toMatchObject([
      { id: 'migrationsNeeded', reason: expect.stringContaining('log.0001_initial') },
    ]);
    const { after: none } = await migrations.reverse({ from: two, to: [] }, { guard });
    expect(none).toEqual([]);
    expect(await sql("SELECT name FROM sqlite_master WHERE name LIKE 'shop%' OR name LIKE 'log%'")).toBe('[]');
  });

  it('knows what a squashed migration stands for', async () => {
    const squash = {
      '0001_squashed': {
        replaces: ['shop.0001_initial', 'shop.0002_reference', 'shop.0003_backfill'],
        operations: [op.tickets, op.reference],
      },
    };
    const one = release('1.0.0', { shop: expanded });
    const two = release('2.0.0', {
      shop: { ...expanded, ...squash, '0004_note': { after: ['shop.0001_squashed'], operations: [op.note('note')] } },
    });
    const { after: before } = await migrate(one);
    expect((await migrations.plan(two)).steps.map(({ name }) => name)).toEqual([
      'shop.0004_note',
      'shop.0001_squashed',
    ]);
    const { after } = await migrate(two);
    expect(new Set(after)).toEqual(new Set([...(before ?? []), 'shop.0001_squashed', 'shop.0004_note']));
    expect((await migrations.planReversal({ from: two, to: ['shop.0001_initial'] })).refusals).toMatchObject([
      { id: 'migrationSquashed', reason: expect.stringContaining('shop.0001_squashed') },
    ]);
    expect(await migrations.reverse({ from: two, to: before ?? [] }, { guard })).toMatchObject({ after: before });
    // A new database gets the squashed one alone, and can be emptied again.
    rmSync(join(root, 'db.sqlite3'));
    expect((await migrations.plan(two)).steps.map(({ name }) => name)).toEqual([
      'shop.0001_squashed',
      'shop.0004_note',
    ]);
    expect((await migrate(two)).after).toHaveLength(5);
    expect(await migrations.reverse({ from: two, to: [] }, { guard })).toMatchObject({ after: [] });
  });

  it('refuses what was undone by somebody else meanwhile', async () => {
    const two = release('2.0.0', { shop: expanded });
    const { after } = await migrate(two);
    await run('2.0.0', 'manage.py', 'migrate', 'shop', '0002');
    expect((await migrations.planReversal({ from: two, to: after ?? [] })).refusals).toMatchObject([
      { id: 'migrationsMissing', reason: expect.stringContaining('shop.0003_backfill') },
    ]);
  });
});

it('asks the fence before it changes anything', async () => {
  const one = release('1.0.0', { shop: first });
  const lost = () => Promise.reject(new Error('fence lost'));
  await expect(migrations.migrate(one, { guard: lost })).rejects.toThrow('fence lost');
  await expect(migrations.reverse({ from: one, to: [] }, { guard: lost })).rejects.toThrow('fence lost');
  expect(await applied(one)).toEqual([]);
});
