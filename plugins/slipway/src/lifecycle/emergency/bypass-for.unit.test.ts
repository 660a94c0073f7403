import type { PreconditionId } from '../preconditions';
import { asked, DANA, deployedBy, emergencyOf, opened, ROBIN, type Written } from '../testing/emergency';
import { deskConfig, LATER, type Story } from '../testing/situation';
import { PRECONDITIONS } from '../preconditions';
import { STEPS } from '../steps';
import { bypassFor, isSamePerson, peopleOf } from './bypass-for';
import { PASSABLE } from './passable';

const config = deskConfig();
const unmet = (...ids: PreconditionId[]) =>
  ids.map((id) => ({ id, reason: 'r', remedy: 'm', madeBy: null, waitingFor: null }));
const lane = async (
  written: readonly Written[],
  problems: PreconditionId[] = ['tagged', 'approved'],
  { environment = 'prod', ...story }: Story & { environment?: string } = {},
) => bypassFor({ config }, await emergencyOf(written, story), environment, unmet(...problems));

const BOTH: readonly Written[] = [
  [DANA, asked()],
  [ROBIN, asked({ reason: 'I see it too, go on' })],
];
const after = new Date('2026-11-23T06:00:01Z');

it('lets in what two people asked for, and owes each precondition and the post-mortem', async () => {
  expect(await lane(BOTH)).toEqual({
    bypass: 'prod-1.1.0-abc',
    over: ['tagged', 'approved'],
    spent: false,
    debts: {
      kind: 'debt.opened',
      version: '1.1.0',
      bypass: 'prod-1.1.0-abc',
      debts: [
        { id: 'tagged', what: PASSABLE.tagged?.debt },
        { id: 'approved', what: PASSABLE.approved?.debt },
        { id: 'post-mortem', what: expect.stringContaining('post-mortem') },
      ],
      due: '2026-11-30T03:00:00.000Z',
    },
  });
});

it('owes only what was passed over in the end', async () => {
  const found = await lane(BOTH, ['approved']);
  expect(found?.debts?.debts.map(({ id }) => id)).toEqual(['approved', 'post-mortem']);
});

describe('is no way around', () => {
  it.each<[string, Parameters<typeof lane>]>([
    ['nothing that does not hold', [BOTH, []]],
    ['what nobody asked for', [[]]],
    ['what one person asked for', [BOTH.slice(0, 1)]],
    ['what one person asked for twice', [[...BOTH.slice(0, 1), ...BOTH.slice(0, 1)]]],
    ['what one person asked for in two spellings', [[BOTH[0] as Written, ['D. <DANA@Example.org >', asked()]]]],
    ['what somebody without a name joined', [[BOTH[0] as Written, ['nobody', asked()]]]],
    ['another commit', [BOTH, undefined, { tree: { head: LATER } }]],
    ['another environment', [BOTH, undefined, { environment: 'staging' }]],
    ['a precondition that was not named', [BOTH, ['tagged', 'backedUp']]],
    ['a time after it', [BOTH, undefined, { now: after }]],
    [
      'what may never be passed over, although it was named',
      [
        [
          [DANA, asked({ preconditions: ['images'] })],
          [ROBIN, asked({ preconditions: ['images'] })],
        ],
        ['images'],
      ],
    ],
    ['a joining of another commit', [[BOTH[0] as Written, [ROBIN, asked({ commit: LATER })]]]],
  ])('%s', async (_what, given) => expect(await lane(...given)).toBeNull());

  it('what was joined too late', async () => {
    const soon = asked({ validUntil: '2026-11-23T02:00:30.000Z' });
    const now = new Date('2026-11-23T02:00:10Z');
    expect(
      await lane(
        [
          [DANA, soon],
          [ROBIN, soon],
        ],
        undefined,
        { now },
      ),
    ).toBeNull();
  });
});

describe('serves one deployment', () => {
  const owed: Written = [DANA, opened('tagged', 'approved', 'post-mortem')];
  it('and its retries, whose debts stand', async () => {
    expect(await lane([...BOTH, owed, ...deployedBy('failed')])).toMatchObject({ spent: false, debts: null });
  });
  it('which may be finished after its time, where it was cut off', async () => {
    expect(await lane([...BOTH, owed, ...deployedBy(null)], undefined, { now: after })).toMatchObject({ spent: false });
    expect(await lane([...BOTH, owed, ...deployedBy('failed')], undefined, { now: after })).toBeNull();
  });
  it('and is spent when that is done', async () => {
    expect(await lane([...BOTH, owed, ...deployedBy('done')])).toMatchObject({ spent: true, debts: null });
  });
  it('after which another one may be asked for', async () => {
    const again = (by: string): Written => [by, asked({ bypass: 'prod-1.1.0-def' })];
    const found = await lane([...BOTH, owed, ...deployedBy('done'), again(DANA), again(ROBIN)]);
    expect(found).toMatchObject({ bypass: 'prod-1.1.0-def', spent: false });
  });
});

it('says of every precondition of a deployment whether it may be passed over', () => {
  expect(Object.keys(PASSABLE).sort()).toEqual(Object.keys(PRECONDITIONS).sort());
  const never = STEPS.deploy.preconditions.filter((id) => PASSABLE[id] === null);
  expect(never).toEqual(['environmentKnown', 'treeClean', 'images', 'notOlder']);
});

it('takes two names or addresses of one person for one', () => {
  expect(isSamePerson('Dana <dana@example.org>', 'DANA <d@example.com>')).toBe(true);
  expect(isSamePerson('Dana <dana@example.org>', 'Robin <DANA@EXAMPLE.ORG>')).toBe(true);
  expect(isSamePerson('Dana <dana@example.org>', 'Robin <robin@example.org>')).toBe(false);
  const requests = [DANA, ROBIN, DANA].map((by) => ({ by, at: '', reason: '' }));
  expect(peopleOf({ requests }).map(({ by }) => by)).toEqual([DANA, ROBIN]);
});
