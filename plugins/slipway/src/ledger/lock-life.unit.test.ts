import { lifeOf } from './lock-life';
import type { HeldRecord } from './lock-record';
import type { ProcessIdentity } from './process-identity';

const TTL = 120_000;
const NOW = new Date('2026-11-23T10:00:00Z');
/** Linux allows no process of that number. */
const NOBODY = 2 ** 22 + 1;
const machine = (boot: string | null): ProcessIdentity => ({
  host: 'laptop.local',
  pid: NOBODY,
  started: null,
  boot,
  namespace: null,
});

function life(holder: ProcessIdentity, me: ProcessIdentity) {
  const record: HeldRecord = {
    v: 1,
    state: 'held',
    environment: 'prod',
    token: 't',
    beat: 3,
    holder: 'Ada <ada@example.org>',
    process: holder,
    reason: 'deploy 1.1.0',
    version: '1.1.0',
    since: '2026-11-23T09:50:00.000Z',
    expires: '2026-11-23T10:01:00.000Z',
    ttl: TTL,
    uptime: 1_000,
  };
  const sightings = { firstSeen: () => Promise.resolve(5_000) };
  return lifeOf(record, 'c', NOW, { me, uptime: () => 6_000, sightings });
}

describe('the holder of a lock, whose process is not here', () => {
  it('is gone where it was on this boot of this machine', async () => {
    expect(await life(machine('b1'), machine('b1'))).toMatchObject({ kind: 'abandoned' });
  });
  it.each<[string, string | null, string | null]>([
    ['another machine of that name', 'b1', 'b2'],
    ['a machine that does not tell its boots apart, as another one of that name', null, null],
  ])('may live where it was on %s', async (_where, theirs, mine) => {
    expect(await life(machine(theirs), machine(mine))).toEqual({ kind: 'held' });
  });
});
