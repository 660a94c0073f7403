import { PassThrough, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { RunResult } from '../../io/exec';
import { lastLines, sanitise } from '../sanitise';
import type { BackupContext } from './backup-context';
import { DatabaseError } from './database';
import { succeed } from './service-program';

/** How the tools in the container reach the server. */
export interface Connection {
  readonly database: string;
  readonly user: string;
  /** Null where the server asks for none inside its own container. */
  readonly password: string | null;
}

/** Seconds until a server that does not answer is given up. */
const CONNECT_TIMEOUT = '10';
/** Where databases are made and renamed from: one that always exists, and is none of the application's. */
const MAINTENANCE = 'postgres';

export interface Call {
  readonly argv: readonly [string, ...string[]];
  /** As errors tell it, e.g. `dump the database of prod`. */
  readonly what: string;
  /** Default: false. */
  readonly changes?: boolean;
  /** Default: the application's own. */
  readonly database?: string;
  readonly input?: Buffer | Readable;
  readonly onData?: (chunk: Buffer) => void;
}

/** A transaction that stands still, as long as it is open. */
export interface Snapshot {
  /** What `pg_dump --snapshot` takes. */
  readonly id: string;
  /** Rows by table, as of the snapshot. */
  query(sql: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** PostgreSQL's own programs, executed in the container of its server. */
export interface PostgresClient {
  readonly connection: Connection;
  /** Name that the server shows for our sessions. */
  readonly application: string;
  call(call: Call): Promise<string>;
  /** Runs SQL with psql, which stops at the first error. @returns lines. */
  sql(
    text: string,
    what: string,
    options?: { readonly database?: string; readonly changes?: boolean },
  ): Promise<readonly string[]>;
  /** The same from the maintenance database. */
  administer(text: string, what: string, options?: { readonly changes?: boolean }): Promise<readonly string[]>;
  openSnapshot(what: string): Promise<Snapshot>;
}

const PSQL = ['psql', '--no-psqlrc', '--quiet', '--no-password', '--no-align', '--tuples-only'] as const;
const SCRIPT = ['--set=ON_ERROR_STOP=1', '--set=VERBOSITY=terse', '--file=-'] as const;

export async function createPostgresClient(context: BackupContext, connection: Connection): Promise<PostgresClient> {
  const { driver, service, environment, timeout, retry } = context;
  const application = `slipway-${environment}`;
  const known = await context.secrets();
  const secrets = connection.password === null ? known : [...known, connection.password];

  const environmentOf = (database: string): Record<string, string> => ({
    // By the environment: what is named like a connection string would be taken for one among the arguments.
    PGDATABASE: database,
    PGUSER: connection.user,
    PGAPPNAME: application,
    PGCONNECT_TIMEOUT: CONNECT_TIMEOUT,
    ...(connection.password === null ? {} : { PGPASSWORD: connection.password }),
  });

  async function call({ argv, what, changes = false, database = connection.database, input, onData }: Call) {
    let said = '';
    const run = async (): Promise<RunResult> => {
      const result = await driver.execute({
        service,
        // A client that is gone leaves its program behind in the container: this ends it.
        argv: ['timeout', String(Math.ceil(timeout / 1_000)), ...argv],
        env: environmentOf(database),
        timeout,
        ...(input === undefined ? {} : { input }),
        ...(onData === undefined ? {} : { onData }),
      });
      said = errorOf(result.stderr, secrets);
      return { ...result, stderr: said };
    };
    return succeed(run, { what, remedy: `correct what it says, then: ${retry}`, changes, secrets, timeout });
  }

  async function sql(text: string, what: string, options: { database?: string; changes?: boolean } = {}) {
    const output = await call({ argv: [...PSQL, ...SCRIPT], what, input: Buffer.from(`${text}\n`), ...options });
    return output.split('\n').filter((line) => line !== '');
  }

  async function openSnapshot(what: string): Promise<Snapshot> {
    const input = new PassThrough();
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let lines: string[] = [];
    let heard: (() => void) | null = null;
    const listen = (chunk: Buffer): void => {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      heard?.();
    };
    const failures: unknown[] = [];
    const ended = call({ argv: [...PSQL, ...SCRIPT], what, input, onData: listen }).then(
      () => {
        failures.push(new DatabaseError(`could not ${what}: psql ended too early`, retry, false));
        heard?.();
      },
      (error: unknown) => {
        failures.push(error);
        heard?.();
      },
    );
    let asked = 0;
    const query = async (text: string): Promise<readonly string[]> => {
      asked += 1;
      const end = `slipway-end-${asked}`;
      lines = [];
      input.write(`${text}\nSELECT '${end}';\n`);
      while (!lines.includes(end)) {
        if (failures.length > 0) throw failures[0];
        await new Promise<void>((resolve) => (heard = resolve));
      }
      return lines.slice(0, lines.indexOf(end)).filter((line) => line !== '');
    };
    const close = async (): Promise<void> => {
      input.end();
      await ended;
    };
    try {
      const [id] = await query(
        'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_export_snapshot();',
      );
      if (id === undefined) throw new DatabaseError(`could not ${what}: psql named no snapshot`, retry, false);
      return { id, query, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  const client: PostgresClient = {
    connection,
    application,
    call,
    sql,
    administer: (text, what, options = {}) => sql(text, what, { ...options, database: MAINTENANCE }),
    openSnapshot,
  };
  return client;
}

/** The line that tells the cause: what follows it, DETAIL and CONTEXT, quotes rows. */
export function errorOf(stderr: string, secrets: readonly string[]): string {
  const lines = sanitise(stderr, secrets).split('\n');
  const cause =
    lines.find((line) => /\b(?:error|fatal|panic):/i.test(line)) ?? lines.findLast((line) => line.trim() !== '');
  return lastLines(cause ?? '', 1)[0] ?? '';
}
