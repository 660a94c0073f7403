import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from './database/database';
import { createMemoryEnvironment, releaseOf, type MemoryEnvironment } from '../testing/memory-environment';
import { createTestWorld } from '../testing/test-world';

describe('a rollback that ended without an end', () => {
  let at: MemoryEnvironment;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    at.database.images.set('1.0.0', ['a']).set('1.1.0', ['a', 'b']).set('1.2.0', ['a', 'b']);
    await at.verified('1.0.0');
  });
  afterEach(() => at.cleanUp());

  /** Ctrl-C at the moment that services would be replaced. */
  const stopped = async (change: Parameters<MemoryEnvironment['back']>[0] = {}) => {
    const world = createTestWorld({ root: at.root });
    at.driver.beforeApply = () => {
      world.requestStop('SIGINT');
      world.stop.check();
    };
    const outcome = await at.back({ world, ...change });
    at.driver.beforeApply = () => undefined;
    return outcome;
  };

  it('goes on to the same release when it was stopped and is run again', async () => {
    await at.verified('1.1.0');
    expect((await stopped()).kind).toBe('unknown');
    expect((await at.state()).doubt).toMatchObject({ kind: 'rollback', release: { version: '1.0.0' } });
    expect(await at.back()).toMatchObject({ kind: 'done', summary: expect.stringContaining('1.0.0') });
    expect([...(await at.state()).bad.keys()]).toEqual(['1.1.0']);
  });

  it('tries the same release again once its failure was mended, and an older one only where it is named', async () => {
    await at.verified('1.1.0');
    await at.verified('1.2.0');
    at.driver.broken.add('1.1.0');
    const again = 'run rollback --emergency';
    expect(await at.back({ again })).toMatchObject({ kind: 'mixed', remedy: again });
    at.driver.broken.clear();
    expect(await at.back()).toMatchObject({ kind: 'done', summary: expect.stringContaining('1.1.0') });
    expect([...(await at.state()).bad.keys()]).toEqual(['1.2.0']);
  });

  it('writes the same files when it was stopped and is run again', async () => {
    await at.configure('TOKEN=second\n');
    at.driver.configHash = 'c2';
    await at.verified('1.1.0');
    expect((await stopped({ only: 'configuration' })).kind).toBe('unknown');
    expect((await at.back({ only: 'configuration' })).kind).toBe('done');
    expect(await readFile(join(at.root, 'prod.env'), 'utf8')).toBe('TOKEN=first\n');
  });

  it('keeps the release that it left in quarantine, also where the schema had gone back before it was killed', async () => {
    at.database.effects.set('b', { effect: 'contract', reversible: true });
    at.driver.broken.add('1.1.0');
    at.driver.beforeApply = ({ version }) => {
      if (version === '1.0.0') throw new Error('killed');
    };
    await expect(at.ship('1.1.0')).rejects.toThrow('killed');
    expect(at.database.applied).toEqual(['a']);
    at.driver.beforeApply = () => undefined;
    expect((await at.back()).kind).toBe('done');
    const { bad, unfinished, current } = await at.state();
    expect({ bad: [...bad.keys()], unfinished, current }).toMatchObject({
      bad: ['1.1.0'],
      unfinished: null,
      current: releaseOf('1.0.0'),
    });
  });
});

describe('a rollback where another release runs than the ledger says', () => {
  let at: MemoryEnvironment;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    at.database.images.set('1.0.0', ['a']).set('1.1.0', ['a']).set('1.2.0', ['a']);
    await at.verified('1.0.0');
  });
  afterEach(() => at.cleanUp());

  const runs = (version: string) => {
    at.driver.running = at.driver.running.map((one) => ({ ...one, image: releaseOf(version).services['web'] ?? '' }));
  };

  it('brings back what the ledger says, not one before it, where a deployment whose lock was stolen replaced services late', async () => {
    await at.verified('1.1.0');
    expect((await at.ship('1.2.0')).kind).toBe('done');
    expect((await at.back()).kind).toBe('done');
    runs('1.2.0');
    expect(await at.back()).toMatchObject({ kind: 'done', summary: expect.stringContaining('1.1.0') });
    expect(at.driver.running).toMatchObject([{ image: releaseOf('1.1.0').services['web'] }]);
    expect((await at.state()).current).toMatchObject(releaseOf('1.1.0'));
  });

  it('does so where no older one was ever verified', async () => {
    expect((await at.ship('1.2.0')).kind).toBe('done');
    expect((await at.back()).kind).toBe('done');
    runs('1.2.0');
    expect(await at.back()).toMatchObject({ kind: 'done', summary: expect.stringContaining('1.0.0') });
  });

  it('leaves what the ledger says where nobody knows what runs', async () => {
    await at.verified('1.1.0');
    runs('9.9.9');
    expect(await at.back()).toMatchObject({ kind: 'done', summary: expect.stringContaining('1.0.0') });
  });
});

describe('a part of a release alone', () => {
  let at: MemoryEnvironment;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    at.database.images.set('1.0.0', ['a']).set('1.1.0', ['a', 'b']);
    await at.verified('1.0.0');
  });
  afterEach(() => at.cleanUp());

  it.each(['database', 'configuration'] as const)(
    'is not brought back while nobody knows which release serves: %s',
    async (only) => {
      await at.verified('1.1.0');
      at.driver.broken.add('1.2.0').add('1.1.0');
      expect((await at.ship('1.2.0')).kind).toBe('mixed');
      const before = at.ledger.kinds('prod').length;
      expect(await at.back({ only })).toMatchObject({
        kind: 'refused',
        refusals: [
          { id: 'inDoubt', reason: expect.stringContaining('1.2.0'), remedy: expect.stringContaining('run rollback') },
        ],
      });
      expect(at.ledger.kinds('prod')).toHaveLength(before);
    },
  );

  it.each(['database', 'configuration'] as const)('is not brought back where something else runs: %s', async (only) => {
    await at.configure('TOKEN=second\n');
    at.driver.running = at.driver.running.map((one) => ({ ...one, image: `sha256:${'f'.repeat(64)}` }));
    expect(await at.back({ only })).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'inDoubt', reason: expect.stringContaining('another image') }],
    });
  });

  it('is no success where the release that serves is not healthy with the schema that was brought back', async () => {
    await at.verified('1.1.0');
    expect((await at.back()).kind).toBe('done');
    at.database.beforeEffect = (what) => {
      if (what.startsWith('reverse'))
        at.driver.running = at.driver.running.map((one) => ({ ...one, health: 'unhealthy' }));
    };
    expect(await at.back({ only: 'database' })).toMatchObject({
      kind: 'mixed',
      reason: expect.stringContaining('web is unhealthy'),
    });
    expect((await at.state()).doubt).not.toBeNull();
  });
});

describe('what a rollback of the data leaves when it fails', () => {
  let at: MemoryEnvironment;
  let backup: string;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    at.database.images.set('1.0.0', ['a']).set('1.1.0', ['a', 'b']);
    await at.verified('1.0.0');
    await at.verified('1.1.0');
    backup = [...at.database.kept.keys()].at(-1) ?? '';
  });
  afterEach(() => at.cleanUp());

  const failing = (start: string, touched: boolean) => {
    at.database.beforeEffect = (what) => {
      if (what.startsWith(start)) throw new DatabaseError('the disk is full', 'make room', touched);
    };
  };

  it('changed nothing where the backup before the schema alone fails', async () => {
    expect((await at.back()).kind).toBe('done');
    failing('back up', false);
    expect(await at.back({ only: 'database' })).toMatchObject({ kind: 'failed', reason: 'the disk is full' });
    expect((await at.state()).doubt).toBeNull();
    expect(at.database.applied).toEqual(['a', 'b']);
  });

  it('tells which services may be stopped where the data may have changed', async () => {
    failing('restore', true);
    expect(await at.back({ restore: backup })).toMatchObject({
      kind: 'mixed',
      reason: expect.stringContaining('web may be stopped'),
    });
  });

  it('does not call data as before that an earlier try may have replaced', async () => {
    at.driver.beforeApply = () => Promise.reject(new Error('killed'));
    await expect(at.back({ restore: backup })).rejects.toThrow('killed');
    expect(at.database.applied).toEqual(['a']);
    at.driver.beforeApply = () => undefined;
    at.database.kept.delete(backup);
    expect((await at.back({ restore: backup })).kind).toBe('mixed');
  });

  it('leaves an unhealthy application alone where its schema has nothing to go back', async () => {
    at.driver.running = at.driver.running.map((one) => ({ ...one, health: 'unhealthy' }));
    const before = at.driver.applied.length;
    expect((await at.back({ only: 'database' })).kind).toBe('alreadyDone');
    expect(at.driver.applied).toHaveLength(before);
  });
});

describe('services that use the database', () => {
  let at: MemoryEnvironment;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    at.database.images.set('1.0.0', ['a']).set('1.1.0', ['a', 'b']);
    at.database.effects.set('b', { effect: 'unknown', reversible: true });
    await at.verified('1.0.0');
  });
  afterEach(() => at.cleanUp());

  it('are stopped also where only the release that is left has them', async () => {
    Object.assign(at.assets, {
      databaseUsers: ({ version }: { version: string }) => (version === '1.1.0' ? ['web', 'worker'] : ['web']),
    });
    await at.verified('1.1.0');
    expect((await at.back()).kind).toBe('done');
    expect([...at.services.stopped].sort()).toEqual(['web', 'worker']);
  });

  it('keep an unhealthy release from being rolled back with its schema where the driver can not stop them', async () => {
    delete at.driver.stop;
    at.driver.broken.add('1.1.0');
    expect((await at.ship('1.1.0')).kind).toBe('rolledBack');
    expect(at.database.applied).toEqual(['a', 'b']);
    expect(at.world.lines.join('\n')).toMatch(/may not run with it: .*memory can't stop them/);
  });

  it('are backed up anew when a rollback that failed is tried again', async () => {
    await at.verified('1.1.0');
    at.database.beforeEffect = (what) => {
      if (what === 'reverse b') throw new DatabaseError('b is in use', 'end what uses it', false);
    };
    expect(await at.back()).toMatchObject({ kind: 'mixed' });
    at.database.beforeEffect = () => undefined;
    expect((await at.back()).kind).toBe('done');
    expect(at.database.applied).toEqual(['a']);
    const { history } = await at.state();
    const own = history.at(-1)?.deployment ?? '';
    expect([...at.database.kept.keys()].filter((id) => id.startsWith(own))).toEqual([
      own,
      `${own}-rollback`,
      `${own}-rollback-2`,
    ]);
  });
});
