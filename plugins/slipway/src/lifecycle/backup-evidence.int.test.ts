import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../config/load';
import { readBackups } from './backup-evidence';

const sha256 = 'a'.repeat(64);
const VALID = {
  slipwayBackup: 1,
  environment: 'prod',
  takenAt: '2026-11-22T03:00:00Z',
  sha256,
  bytes: 1,
  tool: 'pg_dump',
};

describe('reports of backups on disk', () => {
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'slipway-backup-'))));
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function read(report: string) {
    const environment = { compose: 'c.yml', project: 'p', requires: { backup: { report } } };
    const image = { dockerfile: 'Dockerfile', context: ['.'], repository: 'r', variable: 'V' };
    const config = parseConfig(
      JSON.stringify({
        images: { api: image },
        environments: { staging: { compose: 's.yml', project: 's' }, prod: environment },
      }),
    );
    const found = await readBackups(root, config.environments, () =>
      Promise.reject(new Error('nobody asks the ledger')),
    );
    expect([...found.keys()]).toEqual(['prod']);
    return found.get('prod');
  }

  it('are read relative to the workspace, or from anywhere', async () => {
    await writeFile(join(root, 'backup.json'), JSON.stringify(VALID));
    const expected = { report: { environment: 'prod', takenAt: '2026-11-22T03:00:00.000Z', restore: null } };
    expect(await read('backup.json')).toMatchObject(expected);
    expect(await read(join(root, 'backup.json'))).toMatchObject(expected);
  });

  it.each([
    ['missing', () => Promise.resolve(), 'backup.json does not exist'],
    ['a folder', (path: string) => mkdir(path), "backup.json can't be read (EISDIR)"],
    ['too large', (path: string) => writeFile(path, ' '.repeat(70_000)), 'backup.json is too large'],
    ['empty', (path: string) => writeFile(path, ''), "backup.json can't be relied on: the file is empty"],
    [
      'cut off',
      (path: string) => writeFile(path, '{"slipwayBackup": 1'),
      "backup.json can't be relied on: malformed JSON",
    ],
  ])('that is %s is told as a problem', async (_what, make, problem) => {
    await make(join(root, 'backup.json'));
    expect(await read('backup.json')).toEqual({ problem: expect.stringContaining(problem) });
  });
});
