import { z } from 'zod';
import { isRecord, type ReportReader } from './input';
import { parseShape } from './json';
import { ReportError, type MigrationReport } from './report';

/** What release-migrations writes: version 1. */
export const MIGRATIONS_FORMAT = 'slipway-migrations';

const line = z.string().min(1).max(2_000);
const name = z.string().regex(/^\w+\.\w+$/, 'not app.0001_name');
const shape = z.strictObject({
  format: z.literal(MIGRATIONS_FORMAT),
  version: z.literal(1),
  models: z.number().int().min(0),
  missing: z.array(line),
  migrations: z.array(
    z.strictObject({
      name,
      file: z.string().min(1).nullable(),
      replaces: z.array(name),
      irreversible: z.array(line),
      incompatible: z.array(line),
    }),
  ),
});

/** What Django says of its migrations, in a format of our own, since it has none. */
export const slipwayMigrations: ReportReader<typeof MIGRATIONS_FORMAT> = {
  format: MIGRATIONS_FORMAT,
  kind: 'migrations',
  title: 'Slipway migrations JSON',
  recognises: (input) =>
    input.syntax === 'json' && isRecord(input.value) && input.value['format'] === MIGRATIONS_FORMAT,
  read: (input): MigrationReport => {
    if (input.syntax !== 'json') throw new ReportError('malformed', 'not JSON');
    if (isRecord(input.value) && typeof input.value['version'] === 'number' && input.value['version'] !== 1) {
      throw new ReportError('unsupported', `version ${input.value['version']} of the format is not known`);
    }
    const { models, missing, migrations } = parseShape(shape, input.value, 'a report of migrations');
    const twice = migrations.find((one, index) => migrations.findIndex((other) => other.name === one.name) !== index);
    if (twice !== undefined) throw new ReportError('contradictory', `names ${twice.name} twice`);
    // Django would make the first migration of them.
    if (models > 0 && migrations.length === 0 && missing.length === 0) {
      throw new ReportError('contradictory', `counts ${models} models, no migration, and says that none is missing`);
    }
    return { kind: 'migrations', models, missing, migrations };
  },
};
