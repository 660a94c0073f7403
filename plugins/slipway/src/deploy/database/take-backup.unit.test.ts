import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { database } from '../../config/deployment/database';
import { judgeBackup } from '../../gates/backup';
import { createMemoryDriver } from '../../testing/memory-driver';
import { createTestWorld } from '../../testing/test-world';
import { createBackupCommands, type BackupCommands } from './backup-commands';
import type { BackupContext } from './backup-context';
import { createBackupFiles } from './backup-files';
import { backupEvidence } from './ledger-backup-evidence';
import { createBackups } from './take-backup';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-backup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folder = () => join(root, '.slipway/deploy/prod/backups');
const files = () => readdirSync(folder()).sort();
const guard = () => Promise.resolve();
const all = { guard, needed: new Set<string>() };

function setUp(change: Partial<BackupCommands> = {}) {
  const driver = createMemoryDriver();
  const seen = { dump: 'DATA', exitCode: 0, restored: '', proved: '' };
  driver.onCommand = async ({ argv, onData, input }) => {
    if (argv[0] === 'dump') onData?.(Buffer.from(seen.dump));
    else if (input !== undefined && !Buffer.isBuffer(input)) {
      let text = '';
      for await (const chunk of input) text += String(chunk);
      if (argv[0] === 'restore') seen.restored = text;
      else seen.proved = text;
    }
    return { exitCode: seen.exitCode, stdout: '', stderr: seen.exitCode === 0 ? '' : 'token hunter2 refused' };
  };
  const world = createTestWorld({ root });
  const context: BackupContext = {
    world,
    driver,
    environment: 'prod',
    service: 'db',
    keep: 2,
    timeout: 1_000,
    retry: 'deploy again',
    secrets: async () => ['hunter2'],
    variables: async () => new Map(),
  };
  const config = database.parse({
    backup: { preset: 'commands', service: 'db', dump: ['dump'], restore: ['restore'], prove: ['prove'], ...change },
  }).backup as BackupCommands;
  return { backups: createBackupCommands(context, config), seen, world, context };
}

it('dumps to a private file, proves that very file, and restores it', async () => {
  const { backups, seen } = setUp();
  const record = await backups.take('a', all);
  expect(record).toMatchObject({ id: 'a', bytes: 4, proven: true });
  expect(seen.proved).toBe('DATA');
  expect(readFileSync(join(folder(), 'a.dump'), 'utf8')).toBe('DATA');
  expect(files().map((name) => statSync(join(folder(), name)).mode & 0o777)).toEqual([0o600, 0o600]);
  await backups.restore(record, all);
  expect(seen.restored).toBe('DATA');
  expect(await backups.list()).toEqual([record]);
});

it('says that nobody proved it where no proof is configured', async () => {
  expect(await setUp({ prove: undefined }).backups.take('a', all)).toMatchObject({ proven: null });
});

it('leaves no file of what failed or was empty, and tells no secret', async () => {
  const { backups, seen } = setUp();
  seen.exitCode = 1;
  await expect(backups.take('a', all)).rejects.toThrow(/could not run database\.backup\.dump.*token \*\*\* refused/);
  seen.exitCode = 0;
  seen.dump = '';
  await expect(backups.take('a', all)).rejects.toThrow('the backup of prod is empty');
  expect(files()).toEqual([]);
});

it.each([
  ['ENOSPC', /its disk is full \(ENOSPC\)/],
  ['EROFS', /read-only/],
])('says what the disk says (%s), and leaves nothing', async (code, message) => {
  const { context } = setUp();
  const discarded: string[] = [];
  const store = createBackupFiles(root, 'prod');
  const full: typeof store = {
    ...store,
    draft: async (id) => {
      const draft = await store.draft(id);
      return {
        ...draft,
        write: () => {
          throw Object.assign(new Error('write'), { code });
        },
        discard: async () => {
          discarded.push(id);
          await draft.discard();
        },
      };
    },
  };
  const tool = {
    dump: async (sink: (chunk: Buffer) => void) => {
      sink(Buffer.from('x'));
      return null;
    },
    prove: async () => null,
    restore: async () => undefined,
    estimate: async () => null,
  };
  const error: unknown = await createBackups(context, full, tool, false)
    .take('a', all)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'DatabaseError', touched: false, message: expect.stringMatching(message) });
  expect(discarded).toEqual(['a']);
  expect(files()).toEqual([]);
});

it('removes the oldest beyond those that are kept, and none that is needed', async () => {
  const { backups, world } = setUp();
  const take = async (id: string) => {
    await world.clock.sleep(1_000);
    return backups.take(id, { guard, needed: new Set(['a']) });
  };
  for (const id of ['a', 'b', 'c', 'd']) await take(id);
  expect((await backups.list()).map(({ id }) => id)).toEqual(['d', 'c', 'a']);
});

it('neither lists nor restores what was changed since', async () => {
  const { backups, seen } = setUp();
  const record = await backups.take('a', all);
  writeFileSync(join(folder(), 'a.dump'), 'DATE');
  expect(await backups.list()).toEqual([]);
  await expect(backups.restore(record, all)).rejects.toThrow(/is not any more what was taken/);
  expect(seen.restored).toBe('');
  // It is taken again under its own name.
  expect(await backups.take('a', all)).toMatchObject({ sha256: record.sha256 });
});

it.each(['../a', '', '.hidden', 'a/b', 'a.partial'])('takes "%s" for no id', async (id) => {
  await expect(setUp().backups.take(id, all)).rejects.toThrow(TypeError);
});

it('does nothing once the fence is lost', async () => {
  const { backups } = setUp();
  const lost = () => Promise.reject(new Error('fence lost'));
  await expect(backups.take('a', { guard: lost, needed: new Set() })).rejects.toThrow('fence lost');
  expect(() => files()).toThrow(/ENOENT/);
});

it('is what a gate that asks for a proven backup can rely on', async () => {
  const now = new Date('2026-01-01T12:00:00Z');
  const record = { id: 'a', sha256: 'f'.repeat(64), bytes: 4, takenAt: '2026-01-01T10:00:00Z' };
  const judge = (proven: boolean | null) =>
    judgeBackup(backupEvidence('prod', { ...record, proven }), { environment: 'prod', maxAge: 86_400_000, now })
      .verdict;
  expect([judge(true), judge(null), judge(false)]).toEqual(['pass', 'inconclusive', 'fail']);
});
