import { chmodSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployedRelease } from '../../ledger/events';
import type { DatabaseError } from './database';
import { scratchName } from './postgres-sql';
import { operations as op } from './testing/django-project';
import { createPostgresFixture, ENVIRONMENT, PASSWORD, type PostgresFixture } from './testing/postgres-fixture';

// Real PostgreSQL and Django in one stack; the tests follow one another, as releases do.
let fixture: PostgresFixture;
let one: DeployedRelease;
let two: DeployedRelease;
beforeAll(async () => {
  fixture = await createPostgresFixture();
  const shop = { '0001_initial': { operations: [op.tickets] } };
  one = await fixture.release('1.0.0', { shop });
  two = await fixture.release('2.0.0', {
    shop: {
      ...shop,
      '0002_reference': { after: ['shop.0001_initial'], operations: [op.reference] },
      '0003_backfill': { after: ['shop.0002_reference'], operations: [op.backfill] },
    },
  });
}, 600_000);
afterAll(async () => fixture?.cleanUp());

const guard = () => Promise.resolve();
const needed = new Set<string>();
const FIRST = ['shop.0001_initial'];
const ALL = [...FIRST, 'shop.0002_reference', 'shop.0003_backfill'];
const folder = () => join(fixture.root, '.slipway/deploy', ENVIRONMENT, 'backups');
const files = () => (existsSync(folder()) ? readdirSync(folder()).sort() : []);
const databases = () =>
  fixture.sql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate");
const titles = () => fixture.sql("SELECT string_agg(title, ' ' ORDER BY id) FROM shop_ticket");
const insert = (...names: string[]) =>
  fixture.sql(`INSERT INTO shop_ticket (title) VALUES ${names.map((name) => `('${name}')`).join(', ')}`);
const take = (id: string) => fixture.backups.take(id, { guard, needed });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('it worked');
    },
    (error: unknown) => error as DatabaseError,
  );

it('takes an environment of which nothing exists for new, and brings its database up to migrate it', async () => {
  expect(await fixture.database.isNew(one)).toBe(true);
  expect(await fixture.migrations.applied(one)).toEqual([]);
  expect(await fixture.migrations.plan(one)).toEqual({ applied: [], steps: [], isNew: true });
  expect(await fixture.driver.current()).toEqual([]);
  expect(await fixture.migrations.migrate(one, { guard })).toEqual({
    before: [],
    after: FIRST,
    image: one.services['api'],
  });
  expect(await fixture.database.isNew(one)).toBe(false);
  // The database it leaves running, the program's own container it does not.
  expect((await fixture.driver.current()).map(({ service }) => service)).toEqual(['db']);
  await insert('first', 'second');
});

it('lets one of two migrate at a time, also where an earlier one was left behind', async () => {
  const moves = await Promise.all([
    fixture.migrations.migrate(two, { guard }),
    fixture.migrations.migrate(two, { guard }),
  ]);
  expect(moves.map(({ after }) => after)).toEqual([ALL, ALL]);
  expect(moves.map(({ before }) => before.length).sort()).toEqual([1, 3]);
  expect(await fixture.sql("SELECT string_agg(reference, ' ' ORDER BY id) FROM shop_ticket")).toBe('HD-1 HD-2');
});

it('reverses from the newer image and keeps the data', async () => {
  expect((await fixture.migrations.planReversal({ from: one, to: FIRST })).refusals).toMatchObject([
    { id: 'migrationsUnknown' },
  ]);
  const { after } = await fixture.migrations.reverse({ from: two, to: FIRST }, { guard });
  expect(after).toEqual(FIRST);
  expect(await titles()).toBe('first second');
  expect(await fixture.sql("SELECT count(*) FROM information_schema.columns WHERE table_name = 'shop_ticket'")).toBe(
    '2',
  );
  await fixture.migrations.migrate(two, { guard });
});

it('dumps to a private file and proves that it restores, leaving nothing in the server', async () => {
  const record = await take('d1');
  expect(record).toMatchObject({ id: 'd1', proven: true, bytes: statSync(join(folder(), 'd1.dump')).size });
  expect(files()).toEqual(['d1.dump', 'd1.json']);
  for (const file of files()) expect(statSync(join(folder(), file)).mode & 0o777).toBe(0o600);
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
  expect(JSON.parse(readFileSync(join(folder(), 'd1.json'), 'utf8'))).toMatchObject({
    rows: { 'public.django_migrations': 3, 'public.shop_ticket': 2 },
  });
  expect(await databases()).toBe('postgres shop');
  expect(await fixture.backups.list()).toEqual([record]);
  // Taken once, however often it is asked for.
  expect(await take('d1')).toEqual(record);
  expect(await fixture.backups.estimate()).toBeGreaterThan(record.bytes);
});

it('puts a backup in the place of the data, with settings and rights of the database', async () => {
  const [record] = await fixture.backups.list();
  if (record === undefined) throw new Error('no backup');
  await fixture.sql(
    "ALTER DATABASE shop SET search_path TO public, pg_catalog; ALTER DATABASE shop SET work_mem TO '5MB'; REVOKE TEMP ON DATABASE shop FROM PUBLIC",
  );
  const rights = () =>
    fixture.sql("SELECT array_agg(a ORDER BY a::text) FROM pg_database, unnest(datacl) a WHERE datname = 'shop'");
  const before = await rights();
  await insert('third');
  await fixture.sql('CREATE TABLE later (id int)');
  await fixture.backups.restore(record, { guard });
  expect(await titles()).toBe('first second');
  expect(await fixture.sql("SELECT to_regclass('later') IS NULL")).toBe('t');
  expect(await databases()).toBe('postgres shop');
  expect(await fixture.sql('SHOW search_path; SHOW work_mem')).toBe('public, pg_catalog\n5MB');
  expect(await rights()).toBe(before);
  expect(await fixture.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'shop_ticket'")).toBe('shop');
  expect(await fixture.migrations.applied(two)).toEqual(ALL);
});

describe('a backup that is not what it was', () => {
  it('is refused by its checksum, and not listed', async () => {
    const record = await take('damaged');
    const path = join(folder(), 'damaged.dump');
    truncateSync(path, record.bytes - 100);
    expect(await failureOf(fixture.backups.restore(record, { guard }))).toMatchObject({
      name: 'DatabaseError',
      touched: false,
      message: expect.stringMatching(/is not any more what was taken/),
    });
    expect((await fixture.backups.list()).map(({ id }) => id)).toEqual(['d1']);
  });

  it('loses nothing even where the checksum was made to fit', async () => {
    const path = join(folder(), 'damaged.json');
    const note = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256')
      .update(readFileSync(join(folder(), 'damaged.dump')))
      .digest('hex');
    chmodSync(path, 0o600);
    writeFileSync(path, JSON.stringify({ ...note, sha256 }));
    const [record] = (await fixture.backups.list()).filter(({ id }) => id === 'damaged');
    if (record === undefined) throw new Error('not listed');
    expect(await failureOf(fixture.backups.restore(record, { guard }))).toMatchObject({ touched: false });
    expect(await titles()).toBe('first second');
    expect(await databases()).toBe('postgres shop');
  });
});

describe('a dump that is cut off', () => {
  /** Holds a table that the dump wants, until it is let go. */
  async function blocked(
    id: string,
  ): Promise<{ readonly failure: Promise<DatabaseError>; readonly release: () => Promise<unknown> }> {
    const holder = fixture
      .sql("SET application_name TO 'holder'; BEGIN; LOCK shop_ticket; SELECT pg_sleep(60)")
      .catch(String);
    const waits = (name: string) =>
      fixture.sql(
        `SELECT count(*) FROM pg_stat_activity WHERE application_name = '${name}' AND (wait_event = 'PgSleep' OR query LIKE 'LOCK TABLE%')`,
      );
    const until = async (name: string) => {
      for (let left = 100; (await waits(name)) === '0'; left -= 1) {
        if (left === 0) throw new Error(`${name} never came`);
        await sleep(100);
      }
    };
    await until('holder');
    const failure = failureOf(take(id));
    await until(`slipway-${ENVIRONMENT}`);
    const release = async () => {
      await fixture.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'");
      await holder;
    };
    return { failure, release };
  }

  it.each<[string, (container: string) => Promise<unknown>]>([
    [
      'because pg_dump was killed',
      (container) =>
        fixture.docker(
          'exec',
          container,
          'sh',
          '-c',
          'for p in /proc/[0-9]*; do case $(readlink $p/exe) in */pg_dump) kill -9 ${p#/proc/};; esac; done',
        ),
    ],
    [
      'because the server ended its session',
      () => fixture.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LOCK TABLE%'`),
    ],
  ])('leaves no file, and says so: %s', async (_why, kill) => {
    const before = files();
    const { failure, release } = await blocked('cut');
    await kill(await fixture.container());
    const error = await failure;
    await release();
    expect(error).toMatchObject({
      name: 'DatabaseError',
      touched: false,
      message: expect.stringMatching(/^could not dump/),
    });
    expect(error.message).not.toContain(PASSWORD);
    expect(files()).toEqual(before);
  });

  it('together with its executor is cleaned up after by the next one', async () => {
    const scratch = scratchName('proof', 'shop');
    await fixture.sql(`CREATE DATABASE ${scratch}`);
    writeFileSync(join(folder(), 'gone.dump.partial'), 'PGDMP');
    writeFileSync(join(folder(), 'gone.dump'), 'PGDMP');
    const stale = fixture
      .sql(`SET application_name TO 'slipway-${ENVIRONMENT}'; SELECT pg_sleep(60)`)
      .catch(() => 'ended');
    await take('d2');
    expect(await stale).toBe('ended');
    expect(await databases()).toBe('postgres shop');
    // `damaged` is older, and more than are kept.
    expect(files()).toEqual(
      ['d1.dump', 'd1.json', 'd2.dump', 'd2.json']
        .filter((name) => !name.startsWith('d1'))
        .concat('damaged.dump', 'damaged.json')
        .sort(),
    );
  });
});

it('says that the database does not run, and takes what is stopped for no new one', async () => {
  await fixture.docker('stop', '-t', '2', await fixture.container());
  expect(await fixture.database.isNew(two)).toBe(false);
  expect(await failureOf(fixture.migrations.applied(two))).toMatchObject({
    name: 'DatabaseError',
    touched: false,
    message: expect.stringMatching(/can't be reached/),
  });
  expect(await failureOf(take('d3'))).toMatchObject({
    name: 'EngineError',
    message: expect.stringMatching(/db does not run/),
  });
  expect(fixture.lines.join('\n')).not.toContain(PASSWORD);
});
