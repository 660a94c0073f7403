import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnchorContent } from './anchor';
import { createAnchorStore } from './anchor-store';
import { readConfiguration, writeConfiguration } from './configuration-files';

const content: AnchorContent = {
  description: '{"services":{}}\n',
  configuration: { 'prod.env': Buffer.from('TOKEN=secret\n'), 'odd.env': Buffer.from([0xff, 0x00, 0x0a]) },
};

describe('the anchors of an environment', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-anchor-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const store = () => createAnchorStore(root, 'prod');
  const folder = () => join(root, '.slipway/deploy/prod/anchors');

  it('give back byte for byte what was kept, readable by this user only', async () => {
    const snapshot = await store().save('1.0.0-a', content, ['app.0001']);
    expect(await store().load('1.0.0-a', snapshot)).toEqual(content);
    expect(snapshot.migrations).toEqual(['app.0001']);
    expect(JSON.stringify(snapshot)).not.toContain('secret');
    for (const path of [folder(), join(folder(), '1.0.0-a')]) expect((await stat(path)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(join(folder(), '1.0.0-a')))
      expect((await stat(join(folder(), '1.0.0-a', name))).mode & 0o777).toBe(0o600);
  });

  it.each(['description', 'configuration.json'])('do not give back a %s that somebody changed', async (file) => {
    const snapshot = await store().save('1.0.0-a', content, null);
    const path = join(folder(), '1.0.0-a', file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(/[a-z]/, 'X'));
    expect(await store().load('1.0.0-a', snapshot)).toBeNull();
    // Saved again it holds.
    expect(await store().save('1.0.0-a', content, null)).toEqual(snapshot);
    expect(await store().load('1.0.0-a', snapshot)).toEqual(content);
  });

  it('have none of a deployment of another host', async () => {
    const snapshot = await store().save('1.0.0-a', content, null);
    expect(await store().load('1.0.0-b', snapshot)).toBeNull();
  });

  it.each(['../x', '', '.hidden', 'a/b', 'x.partial'])('refuse the id %j', async (id) => {
    await expect(store().save(id, content, null)).rejects.toThrow('is no id');
  });

  it('are pruned to the newest ten, and what a rollback needs', async () => {
    for (let index = 0; index < 14; index += 1) {
      await store().save(`d${index}`, content, null);
      await utimes(join(folder(), `d${index}`), index, index);
    }
    await writeFile(join(folder(), 'd0.cut.partial'), '');
    await store().prune(new Set(['d1']));
    expect((await readdir(folder())).sort()).toEqual(
      ['d1', ...[4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map((n) => `d${n}`)].sort(),
    );
  });

  it('bring an environment back to its files, and nothing after a lost fence', async () => {
    const files = ['a.env', 'b.env', 'c.env'].map((path) => ({ path, required: true }));
    await writeFile(join(root, 'a.env'), 'A=2\n');
    await writeFile(join(root, 'c.env'), 'C=1\n');
    const wanted = { 'a.env': Buffer.from('A=1\n'), 'b.env': Buffer.from('B=1\n') };
    const lost = () => Promise.reject(new Error('lost'));
    await expect(writeConfiguration(root, files, wanted, lost)).rejects.toThrow('lost');
    expect(await readFile(join(root, 'a.env'), 'utf8')).toBe('A=2\n');
    await writeConfiguration(root, files, wanted, async () => undefined);
    expect(await readConfiguration(root, files)).toEqual(wanted);
    expect((await stat(join(root, 'b.env'))).mode & 0o777).toBe(0o600);
    // Nothing is left to do.
    await writeConfiguration(root, files, wanted, lost);
  });
});
