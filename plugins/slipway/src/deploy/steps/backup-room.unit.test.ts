import { tmpdir } from 'node:os';
import { DatabaseError } from '../database/database';
import { createMemoryDatabase } from '../../testing/memory-database';
import { backupRefusals, takesBackup } from './backup-room';

const room = (estimate: () => Promise<number | null>) => {
  const { backups } = createMemoryDatabase();
  return backupRefusals(tmpdir(), backups === null ? null : { ...backups, estimate });
};

describe('room for the backup before a deployment', () => {
  it('is refused where this host has less, before anything is written', async () => {
    expect(await room(async () => Number.MAX_SAFE_INTEGER)).toMatchObject([{ id: 'backupDisk' }]);
  });

  it('is there where it suffices, or nobody can tell', async () => {
    expect(await room(async () => 1)).toEqual([]);
    expect(await room(async () => null)).toEqual([]);
  });

  it('is refused where the database can not even be asked', async () => {
    const unable = () => Promise.reject(new DatabaseError('it does not answer', 'start it', false));
    expect(await room(unable)).toEqual([{ id: 'backup', reason: 'it does not answer', remedy: 'start it' }]);
  });
});

it.each([
  ['migrations', 0, false, false],
  ['migrations', 1, false, true],
  ['always', 0, false, true],
  ['always', 1, true, false],
] as const)('a backup before %s, of %i migrations, new: %s: %s', (when, count, isNew, wanted) => {
  const steps = [{ name: 'a', reversible: true, effect: 'expand' as const }].slice(0, count);
  const migrations = { applied: [], steps };
  expect(takesBackup(createMemoryDatabase({ when }), { migrations, isNew })).toBe(wanted);
});
