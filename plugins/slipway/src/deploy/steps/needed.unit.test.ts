import { createMemoryEnvironment, type MemoryEnvironment } from '../../testing/memory-environment';
import { neededAnchors, neededBackups } from './needed';

describe('what a rollback needs of this host', () => {
  let at: MemoryEnvironment;
  beforeEach(async () => {
    at = await createMemoryEnvironment();
  });
  afterEach(() => at.cleanUp());

  it('is the anchors of the five releases verified last that did not turn bad, and of what is under way', async () => {
    const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0'];
    for (const version of versions) await at.verified(version);
    // 1.6.0 turns bad.
    expect((await at.back()).kind).toBe('done');
    at.driver.beforeApply = () => Promise.reject(new Error('killed'));
    await expect(at.ship('1.7.0')).rejects.toThrow('killed');
    const needed = [...neededAnchors(await at.state())].map((id) => id.slice(0, 5)).sort();
    expect(needed).toEqual(['1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.7.0']);
  });

  it('is the backup before what serves, and the latest one', async () => {
    for (const [version, schema] of Object.entries({ '1.0.0': ['a'], '1.1.0': ['a', 'b'], '1.2.0': ['a', 'b', 'c'] })) {
      at.database.images.set(version, schema);
      await at.verified(version);
    }
    at.database.images.set('1.3.0', ['a', 'b', 'c', 'd']);
    at.driver.broken.add('1.3.0');
    expect((await at.ship('1.3.0')).kind).toBe('rolledBack');
    const needed = [...neededBackups(await at.state())].map((id) => id.slice(0, 5));
    expect(needed).toEqual(['1.2.0', '1.3.0']);
  });
});
