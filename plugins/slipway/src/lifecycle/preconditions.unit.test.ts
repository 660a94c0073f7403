import type { EventOf, LedgerEventBody } from '../ledger/events';
import { PRECONDITIONS, forDryRun, refusalOf, telling, unmetOf, type PreconditionId } from './preconditions';
import { recordAtHead, releaseAtHead } from './at-head';
import { STEPS } from './steps';
import {
  BUMPED,
  deployed,
  deskConfig,
  DIGESTS,
  events,
  LATER,
  PLANNED,
  READY,
  situationOf,
  type Story,
} from './testing/situation';

const context = { owner: 'platform', config: deskConfig() };

async function look(id: PreconditionId, story: Story, environment: string | null = 'prod', config = context.config) {
  return PRECONDITIONS[id]({ context: { ...context, config }, situation: await situationOf(story), environment });
}

describe('environmentKnown', () => {
  it.each(['staging', 'prod'])('takes %s', async (name) => expect(await look('environmentKnown', {}, name)).toBeNull());
  it.each([
    ['', 'the environment is missing'],
    [null, 'the environment is missing'],
    ['prd', 'there is no environment "prd" (did you mean "prod"?)'],
    ['constructor', 'there is no environment "constructor"'],
  ])('refuses %j and says which there are', async (name, reason) => {
    expect(await look('environmentKnown', {}, name)).toMatchObject({
      reason,
      remedy: 'say which one: --env=staging or --env=prod',
      madeBy: null,
    });
  });
  it('says where to describe the first one', async () => {
    const found = await look('environmentKnown', {}, 'prod', deskConfig({ environments: {} }));
    expect(found).toMatchObject({
      reason: 'no environment is configured',
      remedy: expect.stringContaining('slipway.json'),
    });
  });
  it('hides what would only repeat it', async () => {
    const situation = await situationOf({ tree: { dirty: ['x'] } });
    const found = unmetOf(STEPS.deploy.preconditions, { context, situation, environment: 'qa' });
    expect(found.map(({ id }) => id)).toEqual(['environmentKnown']);
  });
});

describe('treeClean', () => {
  it('holds in a clean tree, and names what is not', async () => {
    expect(await look('treeClean', {})).toBeNull();
    expect((await look('treeClean', { tree: { dirty: ['a', 'b', 'c', 'd', 'e'] } }))?.reason).toContain(
      'a, b, c and 2 more',
    );
  });
});

describe('dossier', () => {
  it('is the one of this very commit', async () => {
    expect(await look('dossier', { release: READY })).toBeNull();
    expect(await look('dossier', { release: READY, tree: { head: LATER } })).toMatchObject({
      reason: `the ledger holds no passing dossier for commit ${LATER.slice(0, 8)}`,
      remedy: expect.stringContaining('git checkout release/v1.1.0'),
      madeBy: 'release-check',
    });
  });
  it('does not hold on a failed one, and says why it failed', async () => {
    const release = [events.planned(), events.bumped(), events.checked('1.1.0', BUMPED, ['web: 1 of 5 failed'])];
    expect((await look('dossier', { release }))?.reason).toContain('web: 1 of 5 failed');
  });
  it('lets the last word on a commit count', async () => {
    const failed = events.checked('1.1.0', BUMPED, ['no']);
    expect(await look('dossier', { release: [...READY, failed] })).not.toBeNull();
    expect(await look('dossier', { release: [...READY, failed, events.checked()] })).toBeNull();
  });
  it('is void once the release was given up', async () => {
    expect(await look('dossier', { release: [...READY, events.abandoned()] })).toMatchObject({
      reason: `release 1.1.0 of commit ${BUMPED.slice(0, 8)} was given up: superseded`,
      remedy: 'git checkout main, and release anew: npx nx release-plan platform',
      madeBy: null,
    });
  });
  it('is void when the version was planned and bumped anew, and counts again for the same bump', async () => {
    const anew = [...READY, events.abandoned(), events.planned('1.1.0', LATER)];
    expect(await look('dossier', { release: anew })).not.toBeNull();
    const other = [...anew, events.bumped('1.1.0', LATER, 'd'.repeat(40))];
    expect(await look('dossier', { release: other })).not.toBeNull();
    const same = [...READY, events.abandoned(), events.planned(), events.bumped()];
    expect(await look('dossier', { release: same })).toBeNull();
  });
  it('without any release says how to get one', async () => {
    expect((await look('dossier', {}))?.remedy).toBe('npx nx release-check platform');
  });
});

describe('the release at HEAD', () => {
  it('is found among several, also when another one is open', async () => {
    const next = [
      events.planned('1.2.0', LATER),
      events.bumped('1.2.0', LATER, 'e'.repeat(40)),
      events.checked('1.2.0', 'e'.repeat(40), [], LATER),
    ];
    const release = [...READY, events.tagged(), ...next];
    expect(releaseAtHead(await situationOf({ release }))?.version).toBe('1.1.0');
    expect(releaseAtHead(await situationOf({ release, tree: { head: 'e'.repeat(40) } }))?.version).toBe('1.2.0');
    expect(recordAtHead(await situationOf({ release, tree: { head: PLANNED } }))).toBeNull();
  });
});

describe('images', () => {
  it('are those of this commit, for every service of the environment', async () => {
    expect(await look('images', { release: READY })).toBeNull();
    const unbuilt = [events.planned(), events.bumped(), events.checked()];
    expect(await look('images', { release: unbuilt })).toMatchObject({ madeBy: 'release-image' });
    const other = [...unbuilt, events.images('1.1.0', LATER)];
    expect(await look('images', { release: other })).not.toBeNull();
  });
  it('are missing when one service has none, unless the environment does without it', async () => {
    const images = { api: DIGESTS['api'] ?? '' };
    const checked = { ...events.checked(), images } as LedgerEventBody;
    const release = [events.planned(), events.bumped(), events.images('1.1.0', BUMPED, images), checked];
    expect(await look('images', { release }, 'staging')).not.toBeNull();
    const subset = deskConfig({ staging: { services: ['api'] } });
    expect(await look('images', { release }, 'staging', subset)).toBeNull();
  });
  it('are those that the dossier was made for', async () => {
    const rebuilt = [...READY, events.images('1.1.0', BUMPED, { ...DIGESTS, web: `sha256:${'3'.repeat(64)}` })];
    expect(await look('images', { release: rebuilt })).toMatchObject({
      reason: 'the images of commit bbbbbbbb are not those that its dossier was made for',
      remedy: 'npx nx release-check platform',
      madeBy: 'release-check',
    });
    const { images: _images, ...old } = events.checked() as EventOf<'check'>;
    expect((await look('images', { release: [...READY, old] }))?.reason).toBe(
      'the dossier of commit bbbbbbbb names no images: an older Slipway made it',
    );
  });
  it('of an environment without services can be deployed nowhere', async () => {
    const none = deskConfig({ staging: { services: [] } });
    expect((await look('images', { release: READY }, 'staging', none))?.reason).toBe(
      'no service is deployed to staging',
    );
  });
});

describe('promoted', () => {
  it('holds when staging verified these very digests', async () => {
    expect(await look('promoted', { release: READY, staging: deployed('healthy') })).toBeNull();
    expect(await look('promoted', { release: READY }, 'staging')).toBeNull();
  });
  it.each([
    ['nothing is there', []],
    ['it is only deployed', deployed(null)],
    ['it is unhealthy', deployed('unhealthy')],
    ['it turned bad after it was verified', [...deployed('healthy'), ...deployed('unhealthy').slice(2)]],
    ['other digests were verified', deployed('healthy', { services: { ...DIGESTS, web: 'sha256:3' } })],
    ['one service is missing', deployed('healthy', { services: { api: DIGESTS['api'] ?? '' } })],
  ])('does not when %s', async (_what, staging) => {
    expect(await look('promoted', { release: READY, staging })).toMatchObject({
      reason: 'staging has not verified the digests of 1.1.0',
      remedy: 'npx nx run platform:release-verify--staging',
      madeBy: 'release-verify--staging',
    });
  });
  it('does not when the same digests failed there as this release', async () => {
    const staging = [
      ...deployed('healthy', { version: '1.0.9', commit: PLANNED, deployment: 'before' }),
      ...deployed('unhealthy'),
    ];
    expect(await look('promoted', { release: READY, staging })).not.toBeNull();
  });
  it('needs only the services that production gets', async () => {
    const config = deskConfig({
      environments: {
        staging: { compose: 's.yml', project: 's', services: ['api'] },
        prod: { compose: 'p.yml', project: 'p', services: ['api'], requires: { verifiedIn: 'staging' } },
      },
    });
    const staging = deployed('healthy', { services: { api: DIGESTS['api'] ?? '' } });
    expect(await look('promoted', { release: READY, staging }, 'prod', config)).toBeNull();
  });
});

it('verifiedBeforeTag waits for every environment before the tag', async () => {
  expect(await look('verifiedBeforeTag', { release: READY, staging: deployed('healthy') }, null)).toBeNull();
  expect(await look('verifiedBeforeTag', { release: READY, staging: deployed(null) }, null)).toMatchObject({
    madeBy: 'release-verify--staging',
  });
});

it('tagged holds for a tag on this commit alone, where one is asked for', async () => {
  expect(await look('tagged', { release: READY }, 'staging')).toBeNull();
  expect(await look('tagged', { release: READY })).toMatchObject({ remedy: 'npx nx release-tag platform' });
  expect(await look('tagged', { release: [...READY, events.tagged('1.1.0', LATER)] })).not.toBeNull();
  expect(await look('tagged', { release: [...READY, events.tagged()] })).toBeNull();
});

describe('approved', () => {
  it('waits for whom, to run what', async () => {
    expect(await look('approved', { release: READY })).toMatchObject({
      waitingFor: {
        on: 'the sign-off of the release-manager',
        run: 'npx nx release-approve platform --as=release-manager',
      },
    });
    expect(await look('approved', { release: READY }, 'staging')).toBeNull();
  });
  it('takes a sign-off of this commit and this role only', async () => {
    expect(await look('approved', { release: [...READY, events.approved()] })).toBeNull();
    expect(await look('approved', { release: [...READY, events.approved(LATER)] })).not.toBeNull();
    expect(await look('approved', { release: [...READY, events.approved(BUMPED, 'qa')] })).not.toBeNull();
    expect(
      await look('approved', { release: [...READY, events.approved(BUMPED, 'release-manager', '9.9.9')] }),
    ).not.toBeNull();
  });
});

describe('notBad', () => {
  it('refuses a release that failed there, and offers to try it once more', async () => {
    expect(await look('notBad', { release: READY, prod: deployed('unhealthy') })).toMatchObject({
      reason: 'it failed there before: it answered 500',
      remedy: expect.stringContaining('npx nx release-deploy platform --env=prod --retry'),
    });
    expect(await look('notBad', { release: READY, prod: deployed('unhealthy') }, 'staging')).toBeNull();
  });
  it('lets a fix of it pass: the same version from another commit', async () => {
    const prod = deployed('unhealthy', { commit: LATER });
    expect(await look('notBad', { release: READY, prod })).toBeNull();
  });
});

it('deployed holds once anything serves there', async () => {
  expect(await look('deployed', { prod: deployed(null) })).toBeNull();
  expect(await look('deployed', {})).toMatchObject({ madeBy: 'release-deploy--prod' });
});

describe('what a step says', () => {
  const all = async (story: Story) =>
    unmetOf(STEPS.deploy.preconditions, { context, situation: await situationOf(story), environment: 'prod' });

  it('waits where only people are missing, and refuses where anything else is', async () => {
    const release = [...READY, events.tagged()];
    const staging = deployed('healthy');
    expect(refusalOf(await all({ release, staging }))).toEqual({
      kind: 'waiting',
      on: 'the sign-off of the release-manager',
      run: 'npx nx release-approve platform --as=release-manager',
    });
    const dirty = refusalOf(await all({ release, staging, tree: { dirty: ['x'] } }));
    expect(dirty.kind === 'refused' && dirty.refusals.map(({ id }) => id)).toEqual(['treeClean', 'approved']);
    expect(await all({ release: [...release, events.approved()], staging })).toEqual([]);
  });

  it('never waits for nothing', () => expect(refusalOf([])).toEqual({ kind: 'refused', refusals: [] }));

  it('tells of a missing dossier without what follows from it', async () => {
    const problems = await all({ tree: { dirty: ['x'] } });
    expect(problems.map(({ id }) => id)).toEqual(['treeClean', 'dossier', 'images', 'promoted', 'tagged', 'approved']);
    expect(telling(problems).map(({ id }) => id)).toEqual(['treeClean', 'dossier']);
  });

  it('sets aside in a dry run of the chain what its earlier steps would have made', async () => {
    const { after, real } = forDryRun(await all({ tree: { dirty: ['x'] } }), 'release-deploy--prod', context.config);
    const signOff = 'the sign-off of the release-manager (npx nx release-approve platform --as=release-manager)';
    expect(after).toEqual(['release-check', 'release-image', 'release-verify--staging', 'release-tag', signOff]);
    expect(real.map(({ id }) => id)).toEqual(['treeClean']);
  });

  it('sets aside nothing but sign-offs in a dry run of a step outside of the chain', async () => {
    const { after, real } = forDryRun(await all({}), 'release-deploy', context.config);
    expect([after.length, real.map(({ id }) => id)]).toEqual([1, ['dossier', 'images', 'promoted', 'tagged']]);
  });
});

describe('forwardPorted', () => {
  const missing = ['e'.repeat(40), 'f'.repeat(40)];
  const ports = (lacking: readonly string[]) => [{ version: '1.0.1', commits: missing, missing: lacking }];
  const story = (change: Partial<Story> = {}): Story => ({ release: READY, forwardPorts: ports(missing), ...change });

  it('refuses what would take a fix away from production again, and says how to get it', async () => {
    expect(await look('forwardPorted', story())).toMatchObject({
      reason: 'release 1.1.0 lacks what hotfix 1.0.1 mended in production (eeeeeeee ffffffff)',
      remedy: 'get it on release/v1.1.0: git cherry-pick -x eeeeeeee ffffffff, then npx nx release-check platform',
    });
    expect(await look('forwardPorted', story({ release: [...READY, events.tagged()] }))).toMatchObject({
      remedy: expect.stringContaining('git switch main && git cherry-pick -x'),
    });
    // The tag step has no environment.
    expect(await look('forwardPorted', story(), null)).not.toBeNull();
  });

  it('leaves other environments alone, and a release that has it, or leaves it out on purpose', async () => {
    expect(await look('forwardPorted', story(), 'staging')).toBeNull();
    expect(await look('forwardPorted', story({ forwardPorts: ports([]) }))).toBeNull();
    const left: LedgerEventBody = { ...events.planned(), override: 'mended otherwise' };
    const opened: LedgerEventBody = { kind: 'forwardport.opened', version: '1.0.1', commits: missing };
    const rest = READY.slice(1);
    expect(await look('forwardPorted', story({ release: [opened, left, ...rest] }))).toBeNull();
    // A reason that was given before there was such a hotfix says nothing of it.
    expect(await look('forwardPorted', story({ release: [left, opened, ...rest] }))).not.toBeNull();
  });
});

describe('a dossier that rests on what runs out', () => {
  const member = (more: object) => [{ project: 'web', verdict: 'pass', subject: 's', checks: [], ...more }];
  const checked = (more: object) => ({ ...events.checked(), ...more });
  const at = (now: string, ...release: LedgerEventBody[]) => ({ release: [...READY, ...release], now: new Date(now) });
  const reports = [{ path: 'audit.json', sha256: 'h', validUntil: '2026-03-10T12:00:00.000Z' }];
  const waivers = [
    { fingerprint: 'security:npm/x@high', owner: 'a', approver: 'b', reason: 'r', expiry: '2026-03-10' },
  ];

  it.each<[string, object, string, RegExp | null]>([
    ['a report, until it does', { members: member({ reports }) }, '2026-03-10T12:00:00Z', null],
    [
      'a report, afterwards',
      { members: member({ reports }) },
      '2026-03-10T12:00:01Z',
      /audit\.json could be relied on until/,
    ],
    ['a waiver, on its last day', { waivers }, '2026-03-10T23:59:59Z', null],
    ['a waiver, the day after', { waivers }, '2026-03-11T00:00:00Z', /the waiver of security:npm\/x@high expired/],
  ])('counts with %s', async (_what, more, now, reason) => {
    const found = await look('fresh', at(now, checked(more)));
    if (reason === null) expect(found).toBeNull();
    else
      expect(found).toMatchObject({ reason: expect.stringMatching(reason), remedy: 'npx nx release-check platform' });
  });

  it('is refused by an environment that trusts no cache, unless every gate ran here without one', async () => {
    const strict = deskConfig({ staging: { trustRemoteCache: false } });
    const from = (made: object) => ({ release: [...READY, checked({ members: member(made) })] });
    expect(await look('ownVerdicts', from({ made: 'here' }), 'staging', strict)).toBeNull();
    expect(await look('ownVerdicts', from({ made: 'cache' }), 'prod', strict)).toBeNull();
    for (const made of [{ made: 'cache' }, {}])
      expect(await look('ownVerdicts', from(made), 'staging', strict)).toMatchObject({
        reason: 'staging trusts no cache, and the verdicts of web may have come out of one',
        remedy: 'npx nx release-check platform --skip-nx-cache',
      });
  });

  it('that waits for people says for whom', async () => {
    const waiting = { on: 'the review of another person', run: 'npx nx release-approve platform --as=reviewer' };
    const release = [
      events.planned(),
      events.bumped(),
      events.images(),
      checked({ passed: false, reasons: ['r'], waiting }),
    ];
    expect(await look('dossier', { release })).toMatchObject({
      reason: `${waiting.on} is missing`,
      waitingFor: waiting,
    });
  });
});
