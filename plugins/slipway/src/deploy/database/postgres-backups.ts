import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { database } from '../../config/deployment/database';
import { errorMessage } from '../../io/error-message';
import type { BackupContext } from './backup-context';
import { createBackupFiles, type BackupNote } from './backup-files';
import { DatabaseError, type Backups } from './database';
import { createPostgresClient, type PostgresClient } from './postgres-client';
import { connectionOf } from './postgres-connection';
import {
  copySettings,
  COUNT_ROWS,
  createLike,
  DESCRIBE,
  drop,
  endApplication,
  isScratch,
  leftOver,
  scratchName,
  swap,
  type Description,
} from './postgres-sql';
import { createBackups, type BackupTool } from './take-backup';

type Config = NonNullable<z.output<typeof database>['backup']>;
export type PostgresConfig = Extract<Config, { preset: 'postgres' }>;
type Guard = () => Promise<void>;
type Rows = NonNullable<BackupNote['rows']>;

/** First bytes of pg_dump's own format. */
const MAGIC = 'PGDMP';
/** A client that comes back between the end of its session and the renaming makes it fail: it is tried again. */
const SWAP_TRIES = 10;
const SWAP_PAUSE = 500;

const description = z
  .object({
    owner: z.string(),
    encodingName: z.string(),
    datcollate: z.string(),
    datctype: z.string(),
    datlocprovider: z.string().optional(),
    daticulocale: z.string().nullish(),
    datlocale: z.string().nullish(),
    bytes: z.number(),
    mayCreate: z.boolean(),
  })
  .loose();
const rowCount = z.tuple([z.string(), z.number().int().min(0)]);

/**
 * Backups of a PostgreSQL database by its server's own programs: what dumps has the server's version, and no port has to be open.
 * The proof restores the very file into another database of the same server, and compares tables and numbers of rows with those of the
 * moment that the dump shows.
 */
export function createPostgresBackups(context: BackupContext, config: PostgresConfig): Backups {
  const { world, environment } = context;
  return createBackups(
    context,
    createBackupFiles(world.root, environment),
    createTool(
      context,
      once(async () => createPostgresClient(context, await connectionOf(context, config))),
      config.prove,
    ),
    config.prove,
  );
}

function createTool(context: BackupContext, connect: () => Promise<PostgresClient>, wanted: boolean): BackupTool {
  const { world, environment, retry } = context;
  const of = `the database of ${environment}`;

  async function describe(client: PostgresClient): Promise<Description & { readonly bytes: number }> {
    const lines = await client.sql(DESCRIBE, `look at ${of}`);
    const found = description.parse(JSON.parse(lines.join('\n')));
    if (found.mayCreate) return found;
    throw new DatabaseError(
      `${client.connection.user} may create no database beside the one of ${environment}, so no backup can be restored`,
      `name a user that may: environments.${environment}.database.backup.user in slipway.json, or set "prove": false`,
      false,
    );
  }

  /** Ends and removes what an earlier run was cut off with. */
  async function sweep(client: PostgresClient): Promise<void> {
    const look = `${endApplication(client.application)}\n${leftOver(['proof', 'restore', 'replaced'], client.connection.database)}`;
    for (const name of await client.administer(look, 'look for what an earlier backup left behind')) {
      if (isScratch(name, 'replaced')) {
        world.log.warn(
          `${name} holds what a restore of ${environment} replaced; the next restore removes it, or drop it by hand`,
        );
        continue;
      }
      world.log.info(`Removing ${name}, which an earlier backup or restore of ${environment} left behind`);
      await client.administer(drop(name), `remove ${name}`);
    }
  }

  /** Restores a file into a new database and checks it; whatever goes wrong, the application's own was not touched. */
  async function restoreInto(
    client: PostgresClient,
    name: string,
    path: string,
    rows: BackupNote['rows'],
    guard: Guard,
  ): Promise<void> {
    const like = await describe(client);
    await guard();
    await client.administer(createLike(name, like), `create the database ${name}`);
    await guard();
    const restored = `restore the backup of ${environment} into ${name}`;
    const argv = ['pg_restore', '--no-password', '--exit-on-error', `--dbname=${name}`] as const;
    await client.call({ argv, what: restored, input: createReadStream(path) });
    const now = rowsOf(await client.sql(COUNT_ROWS, `count the rows of ${name}`, { database: name }));
    const different = differences(rows, now);
    if (different.length > 0)
      throw new DatabaseError(
        `the backup of ${environment} restores to something else than what was backed up: ${different.join(', ')}`,
        `look at it with pg_restore, then: ${retry}`,
        false,
      );
  }

  return {
    async dump(sink) {
      const client = await connect();
      await sweep(client);
      if (wanted) await describe(client);
      const what = `dump ${of}`;
      const snapshot = wanted ? await client.openSnapshot(what) : null;
      let head = '';
      const take = (chunk: Buffer): void => {
        if (head.length < MAGIC.length) head += chunk.subarray(0, MAGIC.length - head.length).toString('latin1');
        sink(chunk);
      };
      try {
        const options = snapshot === null ? [] : [`--snapshot=${snapshot.id}`];
        const argv = ['pg_dump', '--format=custom', '--no-password', ...options] as const;
        await client.call({ argv, what, onData: take });
        if (head !== MAGIC)
          throw new DatabaseError(
            `could not ${what}: pg_dump wrote no dump`,
            `see what it writes, then: ${retry}`,
            false,
          );
        return snapshot === null ? null : rowsOf(await snapshot.query(COUNT_ROWS));
      } finally {
        await snapshot?.close();
      }
    },

    async prove(path, rows, { guard }) {
      const client = await connect();
      if (!wanted) {
        // Read to its end all the same: a file that was cut off is noticed.
        const argv = ['pg_restore', '--file=/dev/null'] as const;
        await client.call({ argv, what: `read the backup of ${environment}`, input: createReadStream(path) });
        return null;
      }
      const name = scratchName('proof', client.connection.database);
      try {
        await restoreInto(client, name, path, rows, guard);
      } finally {
        await tidy(client, name, guard);
      }
      return true;
    },

    async restore(path, rows, { guard }) {
      const client = await connect();
      const { database } = client.connection;
      const next = scratchName('restore', database);
      const aside = scratchName('replaced', database);
      await guard();
      await sweep(client);
      try {
        await restoreInto(client, next, path, rows, guard);
        await client.administer(copySettings(database, next), `give ${next} the settings of ${database}`);
        await guard();
        await exchange(client, { database, next, aside });
      } catch (error) {
        await tidy(client, next, guard);
        throw error;
      }
      // Only now nothing needs what was there before, also what an earlier run could not remove.
      for (const name of await client.administer(leftOver(['replaced'], database), 'look for what was replaced'))
        await tidy(client, name, guard);
    },

    async estimate() {
      const client = await connect();
      return description.parse(JSON.parse((await client.sql(DESCRIBE, `measure ${of}`)).join('\n'))).bytes;
    },
  };

  async function exchange(
    client: PostgresClient,
    { database, next, aside }: { readonly database: string; readonly next: string; readonly aside: string },
  ): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        await client.administer(swap(database, next, aside), `put the backup in the place of ${database}`);
        return;
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        // The reply may have been lost after all.
        if ((await client.administer(leftOver(['replaced'], database), 'look for what was replaced')).includes(aside))
          return;
        if (tried === SWAP_TRIES) throw error;
        await world.clock.sleep(SWAP_PAUSE);
      }
    }
  }

  /** Removes a scratch database, where we still may; otherwise the next run does. */
  async function tidy(client: PostgresClient, name: string, guard: Guard): Promise<void> {
    try {
      await guard();
      await client.administer(drop(name), `remove ${name}`);
    } catch (error) {
      const why = errorMessage(error);
      world.log.warn(`${name} stays until the next backup of ${environment}, which removes it: ${why}`);
    }
  }
}

/** Asks until it succeeds, and then no more. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: T | undefined;
  return async () => (known ??= await ask());
}

function rowsOf(lines: readonly string[]): Rows {
  return Object.fromEntries(lines.map((line) => rowCount.parse(JSON.parse(line))));
}

/** What is not as it was, in words; a table more is as wrong as a table less. Empty also where nobody counted before. */
export function differences(before: BackupNote['rows'], now: Rows): readonly string[] {
  if (before === null) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const was = before[name];
    const is = now[name];
    if (was === is) return [];
    if (was === undefined) return [`${name} was not there`];
    return [is === undefined ? `${name} is missing` : `${name} has ${is} rows, not ${was}`];
  });
}
