import type { LedgerEventBody } from '../ledger/events';
import { admission } from './admission';
import { STEPS } from './steps';
import { asked, DANA, deployedBy, emergencyOf, opened, ROBIN, type Written } from './testing/emergency';
import {
  BUMPED,
  deployed,
  deskConfig,
  DIGESTS,
  events,
  LATER,
  READY,
  situationOf,
  type Story,
} from './testing/situation';

const now = new Date('2026-11-23T03:00:00Z');
const freezes = [{ reason: 'stocktaking', from: '2026-11-23T00:00:00Z', to: '2026-11-24T00:00:00Z' }];
const config = deskConfig({
  environments: { prod: { compose: 'p.yml', project: 'p', freezes, requires: { tag: true } } },
});
const preconditions = STEPS.deploy.preconditions;
const question = { owner: 'platform', config, target: 'release-deploy--prod', dryRun: false };
const TAGGED = [...READY, events.tagged()];

const admit = async (story: Story, context: Partial<typeof question> = {}) =>
  admission({
    context: { ...question, ...context },
    situation: await situationOf({ release: TAGGED, now, ...story }),
    environment: 'prod',
    preconditions,
  });
const ids = (problems: readonly { readonly id: string }[]) => problems.map(({ id }) => id);

describe('a freeze', () => {
  it('keeps a release out, also in a dry run', async () => {
    for (const dryRun of [false, true]) {
      const found = await admit({}, { dryRun });
      expect(found.kind === 'refused' && ids(found.problems)).toEqual(['notFrozen']);
    }
  });
  it('is over when it is over', async () => {
    expect(await admit({ now: new Date('2026-11-24T00:00:00Z') })).toMatchObject({ kind: 'admitted', held: [] });
  });
  it('lets the chain go on past a deployment that was done before it began, without changing anything', async () => {
    const found = await admit({ prod: deployed(null) });
    expect(found).toMatchObject({ kind: 'admitted', release: { version: '1.1.0' }, held: [{ id: 'notFrozen' }] });
  });
  it.each<[string, readonly LedgerEventBody[]]>([
    ['of another commit', deployed(null, { commit: LATER })],
    ['with other images', deployed(null, { services: { ...DIGESTS, web: 'sha256:9' } })],
    ['that was cut off', deployed(null).slice(0, 1)],
  ])('does not take a deployment %s for that', async (_what, prod) =>
    expect((await admit({ prod })).kind).toBe('refused'),
  );
  it('lets an automatic rollback that was cut off be finished', async () => {
    const to = { version: '1.0.0', commit: LATER, services: DIGESTS };
    const cut: LedgerEventBody = {
      kind: 'rollback.intent',
      version: '1.1.0',
      deployment: 'first',
      to,
      services: DIGESTS,
      automatic: true,
      reason: 'it answered 500',
    };
    expect(await admit({ prod: [...deployed(null), cut] })).toMatchObject({ kind: 'admitted', held: [{}] });
    expect((await admit({ prod: [...deployed(null), { ...cut, automatic: false }] })).kind).toBe('refused');
  });
  it('does not hide what else is the matter', async () => {
    const found = await admit({ prod: deployed(null), tree: { dirty: ['x'] } });
    expect(found.kind === 'refused' && ids(found.problems)).toEqual(['treeClean', 'notFrozen']);
  });
});

describe('evidence that grew too old', () => {
  const requires = { tag: true, verifiedIn: 'staging', rehearsed: '14d' };
  const rehearsing = deskConfig({
    environments: { staging: { compose: 's.yml', project: 's' }, prod: { compose: 'p.yml', project: 'p', requires } },
  });
  const verified: readonly LedgerEventBody[] = deployed('healthy');
  const late = { staging: verified, now: new Date('2027-02-01T00:00:00Z') };

  it('keeps a release out', async () => {
    const found = await admit(late, { config: rehearsing });
    expect(found.kind === 'refused' && ids(found.problems)).toEqual(['rehearsed']);
  });
  it('lets the chain go on past a deployment that was done before, without changing anything', async () => {
    const found = await admit({ ...late, prod: deployed(null) }, { config: rehearsing });
    expect(found).toMatchObject({ kind: 'admitted', release: { version: '1.1.0' }, held: [{ id: 'rehearsed' }] });
  });
});

describe('the emergency lane', () => {
  const preconditionsOf = ['dossier', 'tagged', 'notFrozen'];
  const both = [DANA, ROBIN].map((by): Written => [by, asked({ preconditions: preconditionsOf })]);
  const inLane = async (written: readonly Written[], release: readonly LedgerEventBody[], dryRun = false) =>
    admission({
      context: { ...question, dryRun },
      situation: await emergencyOf(written, { release }),
      environment: 'prod',
      preconditions,
    });
  const unchecked = READY.slice(0, 3);

  it('lets in a release that passed no check, by the images of its commit', async () => {
    for (const dryRun of [false, true])
      expect(await inLane(both, unchecked, dryRun)).toEqual({
        kind: 'admitted',
        release: { version: '1.1.0', commit: BUMPED, services: DIGESTS },
        lane: expect.objectContaining({ bypass: 'prod-1.1.0-abc', over: preconditionsOf }),
        held: [],
      });
  });
  it('lets nothing in that has no images of its own', async () => {
    const found = await inLane(both, [events.planned(), events.bumped(), events.images('1.1.0', LATER)]);
    expect(found.kind === 'refused' && ids(found.problems)).toContain('images');
  });
  it('lets nothing in that was given up', async () => {
    const found = await inLane(both, [...READY, events.abandoned()]);
    expect(found.kind === 'refused' && ids(found.problems)).toContain('images');
  });
  it('once it was used only tells that it is done', async () => {
    const used = [...both, [DANA, opened('dossier')] as Written, ...deployedBy('done')];
    expect(await inLane(used, unchecked)).toMatchObject({
      kind: 'admitted',
      lane: null,
      held: [{ id: 'dossier' }, { id: 'tagged' }, { id: 'notFrozen' }],
    });
  });
  it('keeps out what it was not asked for', async () => {
    const found = await inLane(
      [
        [DANA, asked()],
        [ROBIN, asked()],
      ],
      unchecked,
    );
    expect(found.kind === 'refused' && ids(found.problems)).toEqual(['dossier', 'tagged', 'notFrozen']);
  });
});

it('sets aside in a dry run what earlier steps of the chain would make', async () => {
  const found = await admit({ release: READY, now: new Date('2026-11-25T00:00:00Z') }, { dryRun: true });
  expect(found).toEqual({ kind: 'later', after: ['release-tag'] });
});
