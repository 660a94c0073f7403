import type { LedgerEventBody } from '../../ledger/events';
import { PRECONDITIONS, refusalOf, unmetOf, type PreconditionId } from '../preconditions';
import { STEPS } from '../steps';
import { asked, DANA, emergencyOf, opened, type Written } from '../testing/emergency';
import { BUMPED, deployed, deskConfig, events, LATER, READY, situationOf, type Story } from '../testing/situation';

const environments = {
  staging: { compose: 's.yml', project: 's' },
  prod: {
    compose: 'p.yml',
    project: 'p',
    freezes: [
      { reason: 'closing of the year', from: '2026-12-20T00:00:00+01:00', to: '2027-01-02T00:00:00+01:00' },
      { reason: 'weekend', days: ['fri'], from: '16:30', to: '08:00', timeZone: 'Europe/Berlin' },
    ],
  },
};
const context = { owner: 'platform', config: deskConfig({ environments }) };
const look = async (id: PreconditionId, story: Story, environment: string | null = 'prod') =>
  PRECONDITIONS[id]({ context, situation: await situationOf({ release: READY, ...story }), environment });

describe('notFrozen', () => {
  it('says which window holds, why, until when there and in UTC, and what is allowed meanwhile', async () => {
    expect(await look('notFrozen', { now: new Date('2026-12-24T12:00:00Z') })).toMatchObject({
      // The weekend of that week begins before it ends, and ends after it.
      reason: 'prod is frozen: "closing of the year" until Sat 2027-01-02 08:00 +01:00 (2027-01-02 07:00 UTC)',
      remedy:
        'wait until it is over. Allowed meanwhile: going back (npx nx release-rollback platform --env=prod), and in an emergency, ' +
        'with a second person, npx nx release-bypass platform --env=prod --reason="…"',
      madeBy: null,
      waitingFor: null,
    });
    expect((await look('notFrozen', { now: new Date('2026-11-27T20:00:00Z') }))?.reason).toBe(
      'prod is frozen: "weekend" until Sat 2026-11-28 08:00 Europe/Berlin (2026-11-28 07:00 UTC)',
    );
  });
  it('holds at other times and elsewhere', async () => {
    expect(await look('notFrozen', { now: new Date('2026-11-26T12:00:00Z') })).toBeNull();
    expect(await look('notFrozen', { now: new Date('2026-12-24T12:00:00Z') }, 'staging')).toBeNull();
  });
  it('stands before a deployment alone: neither verification nor rollback ever ask', () => {
    const asking = Object.entries(STEPS).filter(([, { preconditions }]) => preconditions.includes('notFrozen'));
    expect(asking.map(([name]) => name)).toEqual(['deploy']);
  });
});

describe('notOlder', () => {
  const serving = (version: string) => deployed('healthy', { version, commit: LATER });
  it.each([
    ['1.0.9', true],
    ['1.1.0', true],
    ['1.1.0-rc.1', true],
    ['1.1.1', false],
    ['2.0.0-rc.1', false],
    ['not a version', true],
  ])('over %s: %j', async (version, holds) => {
    const found = await look('notOlder', { prod: serving(version) });
    if (holds) expect(found).toBeNull();
    else
      expect(found).toMatchObject({
        reason: `prod serves ${version}, which is newer than 1.1.0`,
        remedy: 'to go back, roll back: npx nx release-rollback platform --env=prod --to=1.1.0',
      });
  });
  it('lets a hotfix pass an environment that went on, but never over a newer release in production', async () => {
    const release = [{ ...events.planned(), type: 'hotfix' } as LedgerEventBody, ...READY.slice(1)];
    expect(await look('notOlder', { release, staging: serving('1.2.0') }, 'staging')).toBeNull();
    expect(await look('notOlder', { release, prod: serving('1.2.0') })).not.toBeNull();
    expect(await look('notOlder', { staging: serving('1.2.0') }, 'staging')).not.toBeNull();
  });
  it('goes by what serves after a rollback', async () => {
    const to = { version: '1.0.0', commit: LATER, services: {} };
    const common = { version: '1.0.0', deployment: 'back', services: {}, reason: '' };
    const back: LedgerEventBody[] = [
      { kind: 'rollback.intent', ...common, to, automatic: false },
      { kind: 'rollback.outcome', ...common, outcome: 'done', to: '1.0.0' },
    ];
    expect(await look('notOlder', { prod: [...serving('1.2.0'), ...back] })).toBeNull();
  });
});

describe('debtsSettled', () => {
  const debts: readonly Written[] = [
    [DANA, asked({ version: '1.0.1' })],
    [DANA, { ...opened('tagged', 'post-mortem'), version: '1.0.1' }],
  ];
  const settled = (id: string): Written => [
    DANA,
    { kind: 'debt.settled', version: '1.0.1', bypass: 'prod-1.1.0-abc', id, note: 'it is tagged by now' },
  ];
  const owing = async (written: readonly Written[], environment: string | null, release = READY) =>
    PRECONDITIONS.debtsSettled({ context, situation: await emergencyOf(written, { release }), environment });

  it('holds up the tag and the next deployment there, until each is settled', async () => {
    for (const environment of [null, 'prod'])
      expect(await owing(debts, environment)).toMatchObject({
        reason: 'the emergency deployment of 1.0.1 in prod left 2 debts open: tagged, post-mortem',
        remedy:
          'do what is to be done, then say so for each: npx nx release-bypass platform --settle=prod-1.1.0-abc/tagged --note="…"',
      });
    expect((await owing([...debts, settled('tagged')], 'prod'))?.reason).toMatch(/left a debt open: post-mortem$/);
    expect(await owing([...debts, settled('tagged'), settled('post-mortem')], null)).toBeNull();
  });
  it('leaves other environments alone, and the release that came by the lane: to tag it may be what is owed', async () => {
    expect(await owing(debts, 'staging')).toBeNull();
    const own = [events.planned('1.0.1'), events.bumped('1.0.1'), events.images('1.0.1'), events.checked('1.0.1')];
    expect(await owing(debts, null, own)).toBeNull();
  });
  it('stands before the tag and the deployment', () => {
    const asking = Object.entries(STEPS).filter(([, { preconditions }]) => preconditions.includes('debtsSettled'));
    expect(asking.map(([name]) => name)).toEqual(['deploy', 'tag']);
  });
});

it('images of a commit that passed no check are there, whatever its dossier says', async () => {
  const release = READY.slice(0, 3);
  const situation = await situationOf({ release, now: new Date('2026-11-26T12:00:00Z') });
  const problems = unmetOf(STEPS.deploy.preconditions, { context, situation, environment: 'prod' });
  expect(refusalOf(problems)).toMatchObject({ kind: 'refused', refusals: [{ id: 'dossier' }] });
  expect(situation.tree.head).toBe(BUMPED);
});
