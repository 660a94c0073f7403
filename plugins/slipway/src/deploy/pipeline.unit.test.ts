import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoppedError } from '../io/world';
import { DatabaseError } from './database/database';
import { createMemoryEnvironment, releaseOf, type MemoryEnvironment } from '../testing/memory-environment';

describe('a deployment with a database', () => {
  let at: MemoryEnvironment;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    at.database.images.set('1.0.0', ['a']).set('1.1.0', ['a', 'b', 'c']).set('1.2.0', ['a', 'b', 'c']);
    await at.verified('1.0.0');
  });
  afterEach(() => at.cleanUp());
  const told = () =>
    at.ledger
      .bodies('prod')
      .slice(5)
      .map((body) => ('step' in body ? `${body.step} ${body.kind.slice(5)}` : body.kind));
  const image = (version: string) => releaseOf(version).services['web'];

  it('backs up, migrates, replaces services, each with its intent and outcome', async () => {
    expect((await at.ship('1.1.0')).kind).toBe('done');
    expect(told().slice(-6)).toEqual([
      'deploy.intent',
      'backup intent',
      'backup outcome',
      'migrate intent',
      'migrate outcome',
      'deploy.outcome',
    ]);
    expect(at.database.applied).toEqual(['a', 'b', 'c']);
    expect((await at.state()).schema).toEqual({ applied: ['a', 'b', 'c'], newest: releaseOf('1.1.0') });
  });

  it('writes intent and outcome, and nothing else, where the schema does not change', async () => {
    await at.ship('1.1.0');
    const before = at.ledger.kinds('prod').length;
    await at.ship('1.2.0');
    expect(at.ledger.kinds('prod').slice(before)).toEqual(['deploy.intent', 'deploy.outcome']);
    const { snapshots } = await at.state();
    expect([...snapshots.values()].at(-1)?.snapshot).toMatchObject({ migrations: ['a', 'b', 'c'] });
  });

  it('changed nothing when the backup fails', async () => {
    at.database.beforeEffect = (what) => {
      if (what.startsWith('back up')) throw new StoppedError('no room');
    };
    expect(await at.ship('1.1.0')).toMatchObject({ kind: 'failed', reason: expect.stringContaining('backup') });
    expect(at.database.applied).toEqual(['a']);
    expect(at.driver.running[0]?.image).toBe(image('1.0.0'));
    expect(await at.state()).toMatchObject({ unfinished: null, doubt: null, current: { version: '1.0.0' } });
  });

  it('takes back the migrations of a failed one where they can be reversed', async () => {
    at.database.failing = 'c';
    expect(await at.ship('1.1.0')).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/schema is what it was/),
    });
    expect(at.database.applied).toEqual(['a']);
    expect(at.driver.applied).toEqual(['1.0.0']);
    at.database.failing = null;
    expect((await at.ship('1.1.0')).kind).toBe('done');
  });

  it.each([
    [false, 'failed' as const],
    [true, 'mixed' as const],
  ])('goes by whether a migration that failed may be half done: %s', async (touched, kind) => {
    at.database.beforeEffect = (what) => {
      if (what === 'migrate b') throw new DatabaseError('b failed', 'mend it', touched);
    };
    expect((await at.ship('1.1.0')).kind).toBe(kind);
    expect((await at.state()).doubt === null).toBe(!touched);
    at.database.beforeEffect = () => undefined;
    expect((await at.ship('1.1.0')).kind).toBe('done');
  });

  it('says mixed state, and what mends it, where they can not', async () => {
    at.database.failing = 'c';
    at.database.effects.set('b', { effect: 'expand', reversible: false });
    expect(await at.ship('1.1.0')).toMatchObject({
      kind: 'mixed',
      reason: expect.stringContaining("b can't be reversed"),
      remedy: expect.stringContaining('mend it'),
    });
    at.database.failing = null;
    expect((await at.ship('1.1.0')).kind).toBe('done');
    expect(at.database.applied).toEqual(['a', 'b', 'c']);
  });

  it('rolls an unhealthy release back and leaves what was only added to the schema', async () => {
    at.driver.broken.add('1.1.0');
    expect(await at.ship('1.1.0')).toMatchObject({ kind: 'rolledBack', to: '1.0.0' });
    expect(at.database.applied).toEqual(['a', 'b', 'c']);
    expect(at.world.lines.join('\n')).toMatch(/c, b stay: they only added/);
    expect(at.driver.descriptions.at(-1)).toBe('# 1.0.0\n');
  });

  it.each([
    ['contract' as const, []],
    ['unknown' as const, ['web']],
  ])('reverses the schema too where it is %s', async (effect, stopped) => {
    for (const name of ['b', 'c']) at.database.effects.set(name, { effect, reversible: true });
    at.driver.broken.add('1.1.0');
    expect((await at.ship('1.1.0')).kind).toBe('rolledBack');
    expect(at.database.applied).toEqual(['a']);
    expect(at.services.stopped).toEqual(stopped);
    expect(at.driver.running).toMatchObject([{ image: image('1.0.0'), running: true }]);
  });

  it('brings the application back and tells that the schema stays, where it can not be reversed', async () => {
    at.database.effects.set('b', { effect: 'contract', reversible: false });
    at.driver.broken.add('1.1.0');
    expect((await at.ship('1.1.0')).kind).toBe('rolledBack');
    expect(at.world.lines.join('\n')).toMatch(/may not run with it: b can't be reversed/);
  });

  it('goes on where it was cut off: no second backup, and the plan of the database decides', async () => {
    at.database.beforeEffect = (what) => {
      if (what === 'migrate c') throw new Error('killed');
    };
    await expect(at.ship('1.1.0')).rejects.toThrow('killed');
    expect(at.database.applied).toEqual(['a', 'b']);
    const effects: string[] = [];
    at.database.beforeEffect = (what) => void effects.push(what);
    expect((await at.ship('1.1.0')).kind).toBe('done');
    expect(effects).toEqual(['migrate c']);
    const moved = at.ledger.bodies('prod').findLast(({ kind }) => kind === 'step.outcome');
    expect(moved).toMatchObject({ step: 'migrate', migration: { before: ['a'], after: ['a', 'b', 'c'] } });
  });

  it('refuses before anything is written where the database can not be asked, or a probe fails', async () => {
    const before = at.ledger.kinds('prod').length;
    const refusal = { id: 'probe', reason: 'the query does not parse', remedy: 'correct it' };
    const probes = async () => ({ refusals: [refusal], warnings: [] });
    expect(await at.ship('1.1.0', { probes })).toEqual({ kind: 'refused', refusals: [refusal] });
    expect(at.ledger.kinds('prod')).toHaveLength(before);
  });

  describe('rolling back', () => {
    it('tells its plan first, and brings the description back byte for byte', async () => {
      await at.verified('1.1.0');
      expect((await at.back({ dryRun: true })).kind).toBe('wouldDo');
      expect(at.world.lines.join('\n')).toMatch(/byte for byte that of deployment 1\.0\.0-/);
      expect(at.driver.applied.at(-1)).toBe('1.1.0');
      expect((await at.back()).kind).toBe('done');
      expect(at.driver.descriptions.at(-1)).toBe('# 1.0.0\n');
      expect((await at.state()).history.at(-1)).toMatchObject({ parts: ['application'], before: { version: '1.1.0' } });
    });

    it('makes the description anew, and says so, where this host has no snapshot', async () => {
      await at.verified('1.1.0');
      await rm(join(at.root, '.slipway'), { recursive: true });
      expect((await at.back()).kind).toBe('done');
      expect(at.driver.descriptions.at(-1)).toBeUndefined();
      expect(at.world.lines.join('\n')).toMatch(/made anew from commit/);
    });

    it('reverses the schema alone only once nothing that serves needs it', async () => {
      await at.verified('1.1.0');
      expect(await at.back({ only: 'database', to: '1.0.0' })).toMatchObject({
        kind: 'refused',
        refusals: [{ id: 'schemaInUse', reason: expect.stringContaining('needs b, c') }],
      });
      expect((await at.back()).kind).toBe('done');
      expect((await at.back({ only: 'database' })).kind).toBe('done');
      expect(at.database.applied).toEqual(['a']);
      expect(await at.state()).toMatchObject({ current: { version: '1.0.0' }, schema: { applied: ['a'] } });
      expect((await at.back({ only: 'database' })).kind).toBe('alreadyDone');
    });

    it('restores a backup only by its name, with the release that served then', async () => {
      at.database.rows = ['old'];
      at.database.effects.set('b', { effect: 'contract', reversible: false });
      await at.verified('1.1.0');
      at.database.rows = ['old', 'new'];
      const [id = ''] = [...at.database.kept.keys()].slice(-1);
      expect((await at.back({ restore: 'nonsense' })).kind).toBe('refused');
      expect((await at.back({ restore: id })).kind).toBe('done');
      expect(at.database).toMatchObject({ rows: ['old'], applied: ['a'] });
      expect(at.services.stopped).toEqual(['web']);
      expect(at.driver.running).toMatchObject([{ image: image('1.0.0'), running: true }]);
      expect(at.world.lines.join('\n')).toMatch(/EVERYTHING WRITTEN SINCE 2026-01-02T03:04:05.000Z .* IS LOST/);
      // What was there can be brought back, too, with the release that is in quarantine since.
      const undo = `${(await at.state()).history.at(-1)?.deployment}-rollback`;
      expect((await at.back({ restore: undo })).kind).toBe('done');
      expect(at.database.rows).toEqual(['old', 'new']);
      expect(at.world.lines.join('\n')).toMatch(/CAUTION: 1\.1\.0 turned bad here: asked for/);
    });

    it('starts what served before again when the backup can not be restored', async () => {
      await at.verified('1.1.0');
      const [id = ''] = [...at.database.kept.keys()].slice(-1);
      at.database.kept.delete(id);
      expect(await at.back({ restore: id })).toMatchObject({
        kind: 'failed',
        reason: expect.stringContaining('serves as before'),
      });
      expect(at.driver.running).toMatchObject([{ image: image('1.1.0'), running: true }]);
      expect((await at.state()).current?.version).toBe('1.1.0');
    });

    it('brings the configuration back, keeps what it replaces, and tells hashes only', async () => {
      await at.configure('TOKEN=second\n');
      at.driver.configHash = 'c2';
      await at.verified('1.1.0');
      expect((await at.back({ only: 'configuration' })).kind).toBe('done');
      expect(await readFile(join(at.root, 'prod.env'), 'utf8')).toBe('TOKEN=first\n');
      const kept = `${(await at.state()).history.at(-1)?.deployment}-replaced`;
      expect(
        await readFile(join(at.root, '.slipway/deploy/prod/anchors', kept, 'configuration.json'), 'utf8'),
      ).toContain(Buffer.from('TOKEN=second\n').toString('base64'));
      expect(at.driver.applied.at(-1)).toBe('1.1.0');
      // Of another release: only its files count.
      expect(at.driver.descriptions.at(-1)).toBeUndefined();
      expect((await at.state()).current).toMatchObject({ version: '1.1.0', snapshotOf: null });
      expect(JSON.stringify(at.ledger.bodies('prod')) + at.world.lines.join('\n')).not.toMatch(/TOKEN|second/);
      expect(at.world.lines.join('\n')).toMatch(/prod\.env: [0-9a-f]{12} → [0-9a-f]{12}/);
    });

    it('skips releases that turned bad', async () => {
      await at.verified('1.1.0');
      await at.verified('1.2.0');
      expect((await at.back({ to: '1.1.0' })).kind).toBe('done');
      // Left by a rollback, 1.2.0 is no target any more.
      expect(await at.back({ to: '1.2.0' })).toMatchObject({ kind: 'refused', refusals: [{ id: 'rollbackTarget' }] });
    });
  });
});
