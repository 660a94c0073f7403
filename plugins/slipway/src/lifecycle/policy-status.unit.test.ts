import { createTestWorld } from '../testing/test-world';
import { policyOf } from './policy-status';
import { asked, DANA, deployedBy, emergencyOf, opened, ROBIN, UNTIL, type Written } from './testing/emergency';
import { deskConfig, READY } from './testing/situation';

const freezes = [
  { reason: 'weekend', days: ['sun'], from: '00:00', to: '08:00', timeZone: 'Europe/Berlin' },
  { reason: 'stocktaking', from: '2026-11-23T02:00:00Z', to: '2026-11-23T04:00:00Z' },
];
const config = deskConfig({ environments: { prod: { compose: 'p.yml', project: 'p', freezes } } });
const context = { owner: 'platform', config, members: [], world: createTestWorld() };
const both: readonly Written[] = [
  [DANA, asked()],
  [ROBIN, asked()],
];
const at = async (written: readonly Written[], now = '2026-11-23T03:00:00Z') =>
  policyOf(context, await emergencyOf(written, { release: READY, now: new Date(now) }), 'prod');

it('shows the freeze that holds and the next one within a week', async () => {
  expect(await at([])).toEqual({
    freeze: {
      reason: 'stocktaking',
      from: '2026-11-23T02:00:00.000Z',
      to: '2026-11-23T04:00:00.000Z',
      until: '2026-11-23T04:00:00.000Z',
      timeZone: 'UTC',
    },
    nextFreeze: {
      reason: 'weekend',
      from: '2026-11-28T23:00:00.000Z',
      to: '2026-11-29T07:00:00.000Z',
      timeZone: 'Europe/Berlin',
    },
    affected: null,
    bypasses: [],
    debts: [],
  });
});

it.each<[string, readonly Written[], string, readonly string[]]>([
  ['waits for another person', both.slice(0, 1), '2026-11-23T03:00:00Z', ['waiting']],
  ['may be used', both, '2026-11-23T03:00:00Z', ['granted']],
  ['is void', both, '2026-11-23T06:00:01Z', []],
  ['was used', [...both, ...deployedBy('done')], '2026-11-23T03:00:00Z', []],
])('shows a bypass as long as something can come of it: one that %s', async (_what, written, now, standings) => {
  const { bypasses } = await at(written, now);
  expect(bypasses.map(({ standing }) => standing)).toEqual(standings);
  expect(bypasses.every(({ told }) => told.includes(UNTIL.slice(11, 16)))).toBe(true);
});

it('shows debts with when they are due, loudly once that is over, and how each is settled', async () => {
  const written: readonly Written[] = [...both, [DANA, opened('tagged')], ...deployedBy('done')];
  const { debts, affected } = await at(written, '2026-11-30T02:00:00Z');
  expect(debts).toEqual([
    {
      name: 'prod-1.1.0-abc/tagged',
      what: 'mend tagged',
      due: '2026-11-30T02:00:00.000Z',
      overdue: false,
      settle: 'npx nx release-bypass platform --settle=prod-1.1.0-abc/tagged --note="…"',
    },
  ]);
  expect((await at(written, '2026-11-30T02:00:01Z')).debts[0]?.overdue).toBe(true);
  // What serves is the very commit that would be deployed.
  expect(affected).toBeNull();
});
