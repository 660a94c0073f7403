import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A migration's module: what it depends on, and its operations as Python. */
export interface TestMigration {
  /** E.g. `shop.0001_initial`. */
  readonly after?: readonly string[];
  readonly replaces?: readonly string[];
  readonly operations: readonly string[];
}

/** Migrations by app and name. */
export type TestApps = Readonly<Record<string, Readonly<Record<string, TestMigration>>>>;

const MANAGE = `import os, sys
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`;

/** Talkative, as settings in the wild are. */
const settings = (apps: readonly string[]) => `import os
print("loading settings")
SECRET_KEY = "test"
INSTALLED_APPS = [${apps.map((app) => `"${app}"`).join(', ')}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {"default": {
    "ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["TEST_SQLITE"],
} if "TEST_SQLITE" in os.environ else {
    "ENGINE": "django.db.backends.postgresql", "HOST": os.environ["POSTGRES_HOST"], "NAME": os.environ["POSTGRES_DB"],
    "USER": os.environ["POSTGRES_USER"], "PASSWORD": os.environ["POSTGRES_PASSWORD"],
}}
`;

const migrationModule = ({
  after = [],
  replaces = [],
  operations,
}: TestMigration) => `from django.db import migrations, models
print("loading a migration")
def number(apps, schema_editor):
    for ticket in apps.get_model("shop", "Ticket").objects.filter(reference=None):
        ticket.reference = f"HD-{ticket.pk}"
        ticket.save()
def unnumber(apps, schema_editor):
    apps.get_model("shop", "Ticket").objects.update(reference=None)
def fail(apps, schema_editor):
    raise ValueError("this one fails\\nDETAIL: with somebody's data")
class Migration(migrations.Migration):
    dependencies = [${after.map(key).join(', ')}]
    replaces = [${replaces.map(key).join(', ')}]
    operations = [${operations.join(', ')}]
`;

function key(name: string): string {
  const [app, migration] = name.split('.');
  return `("${app}", "${migration}")`;
}

/** Operations that tests put together. */
export const operations = {
  tickets: `migrations.CreateModel("Ticket", [("id", models.BigAutoField(primary_key=True)), ("title", models.TextField())])`,
  reference: `migrations.AddField("ticket", "reference", models.TextField(null=True))`,
  backfill: 'migrations.RunPython(number, unnumber)',
  required: `migrations.AlterField("ticket", "reference", models.TextField())`,
  oneWay: 'migrations.RunPython(number)',
  failing: 'migrations.RunPython(fail, fail)',
  note: (name: string) => `migrations.AddField("ticket", "${name}", models.TextField(null=True))`,
  log: `migrations.CreateModel("Entry", [("id", models.BigAutoField(primary_key=True)), ("ticket", models.ForeignKey("shop.Ticket", models.CASCADE))])`,
  nothing: 'migrations.RunSQL(migrations.RunSQL.noop, migrations.RunSQL.noop)',
} as const;

/** Writes a Django project with these migrations, and no models: migrations know theirs. */
export function writeDjangoProject(folder: string, apps: TestApps): void {
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('manage.py', MANAGE);
  write('site_settings.py', settings(Object.keys(apps)));
  for (const [app, migrations] of Object.entries(apps)) {
    write(`${app}/__init__.py`, '');
    write(`${app}/migrations/__init__.py`, '');
    for (const [name, migration] of Object.entries(migrations))
      write(`${app}/migrations/${name}.py`, migrationModule(migration));
  }
}
