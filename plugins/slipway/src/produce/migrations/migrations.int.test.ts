import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { migrations as migrationsConfig } from '../../config/producers';
import { createRun } from '../../io/exec';
import { readReport, type MigrationReport } from '../../reports';
import { ProducerError } from '../producer-error';
import { inspectMigrations, migrationsReport } from './migrations';

const PYTHON = join(__dirname, '../../../../../.venv/bin/python');
const NOW = new Date('2026-11-22T12:00:00Z');

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-django-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const MANAGE = `import os
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
`;
/** No database at all: whoever connects fails. */
const SETTINGS =
  'SECRET_KEY = "test"\nINSTALLED_APPS = ["shop"]\nDEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n';
const MODELS = 'from django.db import models\n';
const BOOK = `${MODELS}class Book(models.Model):\n    title = models.CharField(max_length=100)\n    pages = models.IntegerField(null=True)\n`;
const FIRST = `from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Book", fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("title", models.CharField(max_length=100)),
            ("pages", models.IntegerField(null=True)),
        ]),
    ]
`;

function project(files: Readonly<Record<string, string>>): void {
  const all = { 'manage.py': MANAGE, 'site_settings.py': SETTINGS, 'shop/__init__.py': '', ...files };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, 'api', path)), { recursive: true });
    writeFileSync(join(root, 'api', path), content);
  }
}

function migrationsOf(...operations: readonly string[]): Record<string, string> {
  const second = `import datetime
from django.db import migrations, models
def forwards(apps, schema_editor): pass
class Own(migrations.operations.base.Operation):
    def state_forwards(self, app_label, state): pass
    def describe(self): return "Do as I say"
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [${operations.join(', ')}]
`;
  return {
    'shop/models.py': BOOK,
    'shop/migrations/__init__.py': '',
    'shop/migrations/0001_initial.py': FIRST,
    ...(operations.length > 0 ? { 'shop/migrations/0002_next.py': second } : {}),
  };
}

const inspect = (change: Partial<Parameters<typeof inspectMigrations>[0]> = {}) =>
  inspectMigrations({
    world: {
      root,
      run: createRun({ cwd: root, env: { DJANGO_SETTINGS_MODULE: undefined } }),
      clock: { now: () => NOW, sleep: () => Promise.resolve() },
    },
    project: 'api',
    reports: '.slipway/reports/api/migrations',
    config: migrationsConfig.parse({}),
    python: [PYTHON],
    ...change,
  });

async function reported(): Promise<MigrationReport> {
  const { path } = await inspect();
  const { report } = readReport('auto', readFileSync(join(root, path)));
  if (report.kind !== 'migrations') throw new Error(`a report of ${report.kind}`);
  return report;
}

it('says of models and migrations that fit each other that nothing is missing', async () => {
  project(migrationsOf());
  expect(await reported()).toEqual({
    kind: 'migrations',
    models: 1,
    missing: [],
    migrations: [
      {
        name: 'shop.0001_initial',
        file: 'shop/migrations/0001_initial.py',
        replaces: [],
        irreversible: [],
        incompatible: [],
      },
    ],
    origin: {
      measuredAt: NOW.toISOString(),
      validUntil: null,
      tool: 'Django',
      toolVersion: expect.stringMatching(/^\d+\.\d+/),
      database: null,
    },
  });
});

it.each<[string, Record<string, string>, readonly string[]]>([
  [
    'a new column',
    { 'shop/models.py': `${BOOK}    price = models.IntegerField()\n` },
    ['shop: Add field price to book'],
  ],
  [
    'a first migration',
    { 'shop/models.py': BOOK, 'shop/migrations/0001_initial.py': '', 'shop/migrations/__init__.py': '' },
    [],
  ],
])('tells what has no migration: %s', async (name, files, missing) => {
  project({ ...migrationsOf(), ...files });
  if (name === 'a first migration') rmSync(join(root, 'api/shop/migrations/0001_initial.py'));
  expect((await reported()).missing).toEqual(missing.length > 0 ? missing : ['shop: Create model Book']);
});

it('tells of models whose app has no migrations at all, which makemigrations passes over', async () => {
  project({ 'shop/models.py': BOOK });
  expect((await reported()).missing).toEqual([
    'shop: has models (Book) and no migrations; begin with: makemigrations shop',
  ]);
});

it('tells of migrations that were made side by side', async () => {
  const files = migrationsOf('migrations.AlterModelOptions("book", {})');
  project({ ...files, 'shop/migrations/0002_other.py': files['shop/migrations/0002_next.py'] ?? '' });
  expect((await reported()).missing).toEqual([
    'shop: 0002_next, 0002_other were made side by side; merge them: makemigrations --merge',
  ]);
});

it('counts no models where there are none', async () => {
  project({});
  expect(await reported()).toMatchObject({ models: 0, missing: [], migrations: [] });
});

describe('what can not be reversed', () => {
  it.each([
    ['migrations.RunPython(forwards)', ['RunPython forwards has no reverse_code']],
    ['migrations.RunPython(forwards, migrations.RunPython.noop)', []],
    [
      'migrations.RunSQL("UPDATE shop_book SET pages = 1")',
      ['RunSQL has no reverse_sql: UPDATE shop_book SET pages = 1'],
    ],
    ['migrations.RunSQL("SELECT 1", migrations.RunSQL.noop)', []],
    [
      'migrations.SeparateDatabaseAndState(database_operations=[migrations.RunPython(forwards)])',
      ['RunPython forwards has no reverse_code'],
    ],
    ['migrations.SeparateDatabaseAndState(state_operations=[migrations.RunPython(forwards)])', []],
    ['migrations.RemoveField("book", "pages")', []],
  ])('%s', async (operation, irreversible) => {
    project(migrationsOf(operation));
    expect((await reported()).migrations[1]?.irreversible).toEqual(irreversible);
  });
});

describe('what a running release can not work with', () => {
  const CHECK =
    'migrations.AddConstraint("book", models.CheckConstraint(**{"condition": models.Q(pages__gt=0), "name": "some"}))';
  it.each<[string, readonly RegExp[]]>([
    ['migrations.RemoveField("book", "pages")', [/^Remove field pages from book: its column is gone$/]],
    ['migrations.DeleteModel("Book")', [/its table is gone/]],
    ['migrations.RenameField("book", "pages", "length")', [/its column has another name/]],
    ['migrations.RenameModel("Book", "Volume")', [/its table has another name/]],
    ['migrations.AlterModelTable("book", "books")', [/its table has another name/]],
    ['migrations.AlterModelTable("book", "shop_book")', []],
    ['migrations.AddField("book", "isbn", models.CharField(max_length=13, default=""))', [/have no value for it/]],
    ['migrations.AddField("book", "isbn", models.CharField(max_length=13, db_default=""))', []],
    ['migrations.AddField("book", "isbn", models.CharField(max_length=13, null=True))', []],
    ['migrations.AddField("book", "others", models.ManyToManyField("shop.book"))', []],
    ['migrations.AlterField("book", "pages", models.IntegerField(default=1))', [/empty values are refused/]],
    ['migrations.AlterField("book", "pages", models.BigIntegerField(null=True))', []],
    [
      'migrations.AlterField("book", "pages", models.SmallIntegerField(null=True))',
      [/IntegerField becomes SmallIntegerField/],
    ],
    [
      'migrations.AlterField("book", "pages", models.IntegerField(null=True, db_column="p"))',
      [/its column has another name/],
    ],
    ['migrations.AlterField("book", "title", models.CharField(max_length=200))', []],
    [
      'migrations.AlterField("book", "title", models.CharField(max_length=50))',
      [/at most 50 characters, no longer 100/],
    ],
    ['migrations.AlterField("book", "title", models.TextField())', []],
    ['migrations.AlterField("book", "title", models.CharField(max_length=100, unique=True))', [/stand there twice/]],
    ['migrations.AlterField("book", "title", models.CharField(max_length=100, choices=[("a", "A")]))', []],
    ['migrations.AlterUniqueTogether("book", {("title", "pages")})', [/what was allowed is refused/]],
    ['migrations.AlterUniqueTogether("book", set())', []],
    [CHECK, [/may be refused/]],
    [`${CHECK}, migrations.RemoveConstraint("book", "some")`, [/may be refused/]],
    ['migrations.AddIndex("book", models.Index(fields=["title"], name="by_title"))', []],
    ['migrations.AlterModelOptions("book", {"ordering": ["title"]})', []],
    [
      'migrations.RunSQL("CREATE INDEX x ON shop_book (title); ALTER TABLE shop_book DROP pages")',
      [/^RunSQL: ALTER TABLE shop_book DROP pages$/],
    ],
    ['migrations.RunSQL("CREATE UNIQUE INDEX x ON shop_book (title)")', [/UNIQUE/]],
    ['migrations.RunSQL([("UPDATE shop_book SET pages = %s", [1])])', []],
    ['migrations.RunPython(forwards, forwards)', []],
    ['Own()', [/Own is an operation of its own/]],
    ['migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "pages")])', []],
    [
      'migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("book", "pages")])',
      [/column is gone/],
    ],
    [
      'migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]), migrations.AddField("shelf", "label", models.TextField(default=""))',
      [],
    ],
  ])('%s', async (operation, incompatible) => {
    project(migrationsOf(operation));
    const found = (await reported()).migrations[1]?.incompatible ?? [];
    expect(found).toHaveLength(incompatible.length);
    incompatible.forEach((text, index) => expect(found[index]).toMatch(text));
  });
});

describe('no report is left', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'where the settings want what is not there',
      { 'site_settings.py': 'import os\nos.environ["NOT_SET"]' },
      /settings site_settings can't be loaded: KeyError/,
    ],
    [
      'where a migration can not be loaded',
      { 'shop/migrations/0002_next.py': 'nonsense(' },
      /can't be loaded: SyntaxError/,
    ],
    [
      'where a migration depends on nothing',
      { 'shop/migrations/0002_next.py': FIRST.replace('initial = True', 'dependencies = [("shop", "0000_gone")]') },
      /NodeNotFoundError/,
    ],
    ['where manage.py names no settings', { 'manage.py': 'print("hello")' }, /manage\.py names no settings/],
  ])('%s', async (_, files, message) => {
    project({ ...migrationsOf(), ...files });
    const report = join(root, migrationsReport('.slipway/reports/api/migrations'));
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, 'of an earlier run');
    const error: unknown = await inspect().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProducerError);
    expect(String(error)).toMatch(message);
    expect(existsSync(report)).toBe(false);
  });

  it('where Python is missing', async () => {
    project(migrationsOf());
    await expect(inspect({ python: ['no-such-python'] })).rejects.toThrow(ProducerError);
  });
});

it('takes the settings that slipway.json chooses', async () => {
  project({ ...migrationsOf(), 'site_settings.py': 'raise RuntimeError("not these")', 'other.py': SETTINGS });
  const { summary } = await inspect({ config: migrationsConfig.parse({ settings: 'other' }) });
  expect(summary).toMatch(/^Django [\d.]+: 1 migrations, no change without one$/);
});
