import * as fc from 'fast-check';
import type { RunningService } from './drivers/driver';
import { compareRunning, runningDigests, sameDigests, serves } from './read-back';

const image = (digit: string) => `sha256:${digit.repeat(64)}`;
const release = { version: '1.1.0', commit: 'c'.repeat(40), services: { web: image('1') } };

function running(change: Partial<RunningService> = {}): RunningService {
  return {
    service: 'web',
    instance: 'i1',
    image: image('1'),
    running: true,
    exitCode: 0,
    health: 'healthy',
    release: { version: release.version, commit: release.commit },
    restarts: 0,
    startedAt: null,
    ...change,
  };
}

const kinds = (items: readonly RunningService[]) => compareRunning(release.services, items).map((item) => item.kind);

describe('compareRunning', () => {
  it('finds nothing where the asked image runs healthy', () => expect(kinds([running()])).toEqual([]));

  it.each([
    ['missing', [], ['missing']],
    ['another image', [running({ image: image('2') })], ['wrongImage']],
    ['stopped', [running({ running: false, exitCode: 1 })], ['stopped']],
    ['unhealthy', [running({ health: 'unhealthy' })], ['unhealthy']],
    ['starting', [running({ health: 'starting' })], ['starting']],
    ['without healthcheck', [running({ health: 'none' })], ['unknownHealth']],
    ['one of two instances', [running(), running({ instance: 'i2', health: 'unhealthy' })], ['unhealthy']],
  ])('tells: %s', (_name, items, expected) => expect(kinds(items)).toEqual(expected));

  it('minds companions that fail, not one-shots that ended well', () => {
    const companion = (change: Partial<RunningService>) =>
      running({ service: 'db', release: null, image: image('9'), ...change });
    expect(kinds([running(), companion({ health: 'none' })])).toEqual([]);
    expect(kinds([running(), companion({ running: false, exitCode: 0 })])).toEqual([]);
    expect(kinds([running(), companion({ running: false, exitCode: 2 })])).toEqual(['stopped']);
    expect(kinds([running(), companion({ health: 'unhealthy' })])).toEqual(['unhealthy']);
  });

  it('is never content with anything but the exact image, running and healthy', () => {
    const any = fc.record({
      image: fc.constantFrom(image('1'), image('2')),
      running: fc.boolean(),
      health: fc.constantFrom<RunningService['health']>('healthy', 'unhealthy', 'starting', 'none'),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 3 }), (items) => {
        const good =
          items.length > 0 &&
          items.every((item) => item.image === image('1') && item.running && item.health === 'healthy');
        expect(kinds(items.map((item) => running(item))).length === 0).toBe(good);
      }),
    );
  });
});

describe('serves', () => {
  it('wants the version and commit as well, and at least one service', () => {
    expect(serves(release, release.services, [running()])).toBe(true);
    expect(serves(release, release.services, [running({ release: null })])).toBe(false);
    expect(
      serves(release, release.services, [running({ release: { version: '1.0.0', commit: release.commit } })]),
    ).toBe(false);
    expect(serves({ ...release, services: {} }, {}, [])).toBe(false);
  });
});

describe('digests', () => {
  it('leaves out a service whose instances differ or do not run', () => {
    expect(runningDigests([running(), running({ instance: 'i2', image: image('2') })], ['web'])).toEqual({});
    expect(runningDigests([running({ running: false })], ['web'])).toEqual({});
    expect(runningDigests([running()], ['web', 'api'])).toEqual({ web: image('1') });
  });

  it('compares by content', () => {
    expect(sameDigests({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true);
    expect(sameDigests({ a: '1' }, { a: '1', b: '2' })).toBe(false);
    expect(sameDigests({ a: '1', b: '2' }, { a: '1', c: '2' })).toBe(false);
  });
});
