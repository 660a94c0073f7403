import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { database } from '../../config/deployment/database';
import { RunError, type RunResult } from '../../io/exec';
import { createMemoryDriver } from '../../testing/memory-driver';
import { createTestWorld } from '../../testing/test-world';
import type { ServiceCommand } from '../drivers/driver';
import { createPostgresBackups, type PostgresConfig } from './postgres-backups';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-postgres-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ok = (stdout: string): RunResult => ({ exitCode: 0, stdout, stderr: '' });
const DESCRIPTION = { owner: 'shop', encodingName: 'UTF8', datcollate: 'C', datctype: 'C', bytes: 9, mayCreate: true };

/** A container whose programs answer what they are told to; what they were started with is kept. */
function setUp(config: object, container: Readonly<Record<string, string>>, description: object = DESCRIPTION) {
  const driver = createMemoryDriver();
  const calls: ServiceCommand[] = [];
  driver.onCommand = async (command) => {
    calls.push(command);
    const [program, name = ''] = command.argv;
    if (program !== 'printenv')
      return ok(
        (Buffer.isBuffer(command.input) ? command.input.toString() : '').includes('jsonb')
          ? JSON.stringify(description)
          : '',
      );
    const value = container[name];
    return value === undefined ? { exitCode: 1, stdout: '', stderr: '' } : ok(`${value}\n`);
  };
  const backup = database.parse({ backup: { preset: 'postgres', service: 'db', ...config } }).backup as PostgresConfig;
  const backups = createPostgresBackups(
    {
      world: createTestWorld({ root }),
      driver,
      environment: 'prod',
      service: 'db',
      keep: 5,
      timeout: 90_000,
      retry: 'deploy again',
      secrets: async () => ['hunter2'],
      variables: async () =>
        new Map([
          ['DB_PASSWORD', 'hunter2'],
          ['POSTGRES_USER', 'from-file'],
        ]),
    },
    backup,
  );
  return { backups, driver, calls };
}

const take = (backups: ReturnType<typeof setUp>['backups']) =>
  backups.take('a', { guard: () => Promise.resolve(), needed: new Set() });

it('connects as the environment’s files say, else the container; the password is among no arguments', async () => {
  const { backups, calls } = setUp({ password: 'DB_PASSWORD' }, { POSTGRES_DB: 'from container', POSTGRES_USER: 'no' });
  expect(await backups.estimate()).toBe(9);
  expect(await backups.estimate()).toBe(9);
  expect(calls.filter(({ argv }) => argv[0] === 'printenv')).toHaveLength(1);
  const last = calls.at(-1);
  expect(last?.env).toMatchObject({ PGDATABASE: 'from container', PGUSER: 'from-file', PGPASSWORD: 'hunter2' });
  expect(last?.argv.slice(0, 3)).toEqual(['timeout', '90', 'psql']);
  expect(JSON.stringify(calls.map(({ argv }) => argv))).not.toContain('hunter2');
});

it('says which variable nobody knows', async () => {
  await expect(setUp({}, {}).backups.estimate()).rejects.toThrow(
    /^POSTGRES_DB, which environments\.prod\.database\.backup\.database names/,
  );
});

it('refuses before it dumps where the user could restore nothing', async () => {
  const { backups, calls } = setUp({ database: 'shop', user: 'shop' }, {}, { ...DESCRIPTION, mayCreate: false });
  await expect(take(backups)).rejects.toThrow(/^shop may create no database beside the one of prod/);
  expect(calls.some(({ argv }) => argv.includes('pg_dump'))).toBe(false);
});

it.each([
  [
    'took too long',
    new RunError('timedOut', ['docker'], 'docker took longer'),
    /could not .*: it took longer than 1 min 30 s$/,
  ],
  ['is not there', new RunError('notFound', ['docker'], 'docker is not installed'), /docker is not installed$/],
])('says what happened to a program that %s', async (_what, failure, message) => {
  const { backups, driver } = setUp({ database: 'shop', user: 'shop' }, {});
  driver.onCommand = () => Promise.reject(failure);
  await expect(backups.estimate()).rejects.toMatchObject({
    name: 'DatabaseError',
    touched: false,
    message: expect.stringMatching(message),
  });
});

it('does not take its own stop for a failure of the database', async () => {
  const { backups, driver } = setUp({ database: 'shop', user: 'shop' }, {});
  driver.onCommand = () => Promise.reject(new RunError('stopped', ['docker'], 'stopped'));
  await expect(backups.estimate()).rejects.toMatchObject({ name: 'RunError', failure: 'stopped' });
});
