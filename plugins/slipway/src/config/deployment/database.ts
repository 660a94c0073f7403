import { z } from 'zod';
import { argv, duration, serviceName } from '../values';

/**
 * The database that belongs to an environment: how its schema is moved forward and back, and how it is backed up.
 * Commands run in a container of the named service's image, with the environment's own variables, never on the host.
 */

const django = z.strictObject({
  preset: z.literal('django'),
  service: serviceName.describe('Service whose image holds the migrations.'),
  manage: argv.default(['python', 'manage.py']).describe('How manage.py is run in that image.'),
});

const commands = z.strictObject({
  preset: z.literal('commands'),
  service: serviceName.describe('Service whose image holds the migrations.'),
  state: argv.describe('Prints the applied migrations, one name a line, oldest first; read from the database itself.'),
  plan: argv.describe(
    'Prints what migrate would do, one migration a line; one that can not be reversed ends in " IRREVERSIBLE", one that older releases work with in " EXPAND", one that takes away what they need in " CONTRACT".',
  ),
  migrate: argv.describe('Applies all pending migrations.'),
  reverse: argv
    .optional()
    .describe('Goes back to the migrations given as SLIPWAY_MIGRATIONS, one a line. Default: reversing is refused.'),
  planReverse: argv
    .optional()
    .describe('Prints what reverse would undo, like plan; changes nothing. Without it reversing is refused.'),
});

const postgres = z.strictObject({
  preset: z.literal('postgres'),
  service: serviceName.describe('Service that runs PostgreSQL; its own pg_dump and pg_restore are used.'),
  database: z
    .string()
    .min(1)
    .default('${POSTGRES_DB}')
    .describe('${NAME} takes values from the environment files, else from the container.'),
  user: z
    .string()
    .min(1)
    .default('${POSTGRES_USER}')
    .describe('Who dumps and restores inside the container; may create databases, unless prove is false.'),
  password: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a variable')
    .optional()
    .describe(
      'Variable of the environment files that holds its password. Default: the server asks for none in its own container.',
    ),
  keep: z.number().int().min(1).default(5).describe('How many backups stay on this host.'),
  prove: z.boolean().default(true).describe('Whether each backup is restored into a scratch database as a proof.'),
});

const backupCommands = z.strictObject({
  preset: z.literal('commands'),
  service: serviceName.describe('Running service in which the commands are executed.'),
  dump: argv.describe('Writes a backup to standard output.'),
  restore: argv.describe('Restores the backup on standard input in place of the data.'),
  prove: argv.optional().describe('Restores the backup on standard input somewhere else and checks it.'),
  keep: z.number().int().min(1).default(5).describe('How many backups stay on this host.'),
});

export const database = z
  .strictObject({
    migrations: z.discriminatedUnion('preset', [django, commands]).optional(),
    backup: z.discriminatedUnion('preset', [postgres, backupCommands]).optional(),
    when: z
      .enum(['always', 'migrations'])
      .default('migrations')
      .describe('Which deployments take a backup first: all of them, or those that change the schema.'),
    timeout: duration.default('10m').describe('How long one migration, backup or restore may take.'),
  })
  .describe('How the schema is migrated and reversed, and how the data is backed up.');
