import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from './error-code';
import { readIfThere, readTextIfThere } from './read-if-there';
import { writeAtomically } from './write-atomically';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'slipway-files-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const code = (work: Promise<unknown>): Promise<string | null> => work.then(() => null, errorCode);

describe('readIfThere', () => {
  it('returns what a file holds, an empty one too', async () => {
    await writeFile(join(folder, 'a'), 'é');
    await writeFile(join(folder, 'empty'), '');
    expect(await readIfThere(join(folder, 'a'))).toEqual(Buffer.from('é'));
    expect(await readTextIfThere(join(folder, 'a'))).toBe('é');
    expect(await readTextIfThere(join(folder, 'empty'))).toBe('');
  });

  it('returns null where there is nothing, or can be nothing', async () => {
    await writeFile(join(folder, 'a'), '');
    expect(await readIfThere(join(folder, 'none'))).toBeNull();
    expect(await readTextIfThere(join(folder, 'a/below'))).toBeNull();
  });

  it('does not take a folder for a missing file', async () => {
    expect(await code(readIfThere(folder))).toBe('EISDIR');
  });
});

describe('writeAtomically', () => {
  it('makes the folders, replaces what was there and leaves nothing beside it', async () => {
    const path = join(folder, 'x/y/a.json');
    await writeAtomically(path, 'one');
    await writeAtomically(path, Buffer.from('two'));
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'x/y'))).toEqual(['a.json']);
  });

  it('gives the file its mode, whoever could read an earlier one', async () => {
    const path = join(folder, 'secret');
    await writeFile(path, 'old');
    await chmod(path, 0o644);
    await writeAtomically(path, 'new', { mode: 0o600 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves what was there, and no draft, when it fails', async () => {
    const path = join(folder, 'taken');
    await mkdir(path);
    expect(await code(writeAtomically(path, 'x'))).toBe('EISDIR');
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
