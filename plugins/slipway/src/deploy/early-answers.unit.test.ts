import { EngineError } from '../image/engine';
import { createMemoryEnvironment, releaseOf, type MemoryEnvironment } from '../testing/memory-environment';
import { askEarly } from './early-answers';

describe('what is asked before the lock is held', () => {
  let at: MemoryEnvironment;
  let asked: string[];
  beforeEach(async () => {
    at = await createMemoryEnvironment();
    asked = [];
    const { inspect, current } = at.driver;
    at.driver.inspect = (release, options) => {
      asked.push(`inspect ${release.version}`);
      return inspect(release, options);
    };
    at.driver.current = () => {
      asked.push('current');
      return current();
    };
  });
  afterEach(() => at.cleanUp());

  /** The lock as it would be had somebody held it since the ledger was read. */
  const disturb = () => {
    const { acquire } = at.ledger;
    at.ledger.acquire = async (...args) => ({ ...(await acquire(...args)), undisturbed: false });
  };

  it('is not asked again where nobody held the lock since', async () => {
    expect((await at.ship('1.0.0')).kind).toBe('done');
    expect(asked).toEqual(['inspect 1.0.0', 'current']);
  });

  it('is asked again where somebody did, and the second answer counts', async () => {
    const { acquire } = at.ledger;
    at.ledger.acquire = async (...args) => {
      at.driver.refusals.set('1.0.0', [{ id: 'disk', reason: 'it is full by now', remedy: 'make room' }]);
      return { ...(await acquire(...args)), undisturbed: false };
    };
    expect(await at.ship('1.0.0')).toMatchObject({ kind: 'refused', refusals: [{ reason: 'it is full by now' }] });
    expect(asked).toEqual(['inspect 1.0.0', 'current', 'inspect 1.0.0', 'current']);
  });

  it('fails the step under the lock where it can not be answered, and frees it', async () => {
    at.driver.inspect = () => Promise.reject(new EngineError('the engine is gone', 'start it'));
    expect(await at.ship('1.0.0')).toMatchObject({ kind: 'failed', reason: 'the engine is gone', remedy: 'start it' });
    expect(await at.ledger.lock('prod')).toBeNull();
  });

  it('is over when a step ends that did not get the lock', async () => {
    const held = await at.ledger.acquire('prod', { reason: 'deploy 0.9.0' });
    let over = false;
    at.driver.inspect = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      over = true;
      throw new EngineError('nobody hears of this', '');
    };
    expect((await at.ship('1.0.0')).kind).toBe('refused');
    expect(over).toBe(true);
    await held.release();
  });

  it('is, for a rollback, asked of the release that it goes back to', async () => {
    await at.verified('1.0.0');
    await at.verified('1.1.0');
    asked.length = 0;
    expect(await at.back()).toMatchObject({ kind: 'done' });
    expect(asked).toEqual(['inspect 1.0.0', 'current']);
    expect(at.driver.running[0]?.image).toBe(releaseOf('1.0.0').services['web']);
  });

  it('is, for a rollback that somebody came before, asked of the release that is the target now', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await at.verified(version);
    disturb();
    expect(await at.back({ to: '1.0.0' })).toMatchObject({ kind: 'done' });
    expect(at.driver.running[0]?.image).toBe(releaseOf('1.0.0').services['web']);
  });

  it('is given once, and only to who asks the same', async () => {
    const early = askEarly(at.driver, releaseOf('1.0.0'), { description: 'as it was' });
    await early.settled();
    asked.length = 0;
    await early.driver.inspect(releaseOf('1.0.0'), { description: 'another' });
    await early.driver.inspect(releaseOf('1.0.0'), { description: 'as it was' });
    await early.driver.current();
    await early.driver.current();
    expect(asked).toEqual(['inspect 1.0.0', 'inspect 1.0.0', 'current']);
  });
});
