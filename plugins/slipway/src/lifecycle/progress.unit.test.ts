import { nextStep, progressOf } from './progress';
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
const done = async (story: Story) =>
  progressOf(context, await situationOf(story)).flatMap((progress) => (progress.done ? [progress.step.target] : []));
const next = async (story: Story) => {
  const found = nextStep(context, await situationOf(story));
  return found === null ? null : [found.step.target, ...found.blockedBy.map(({ id }) => id)];
};
const ARRIVED: Story = {
  release: [...READY, events.tagged(), events.approved()],
  staging: deployed('healthy'),
  prod: deployed('healthy'),
};

it('goes along the chain as events come in', async () => {
  const release = ARRIVED.release ?? [];
  expect(await next({})).toEqual(['release-plan']);
  expect(await next({ release: release.slice(0, 1), tree: { head: PLANNED } })).toEqual(['release-bump']);
  expect(await next({ release: release.slice(0, 2) })).toEqual(['release-image']);
  expect(await next({ release: release.slice(0, 3) })).toEqual(['release-check']);
  expect(await next({ release: release.slice(0, 4) })).toEqual(['release-deploy--staging']);
  expect(await next({ release: READY, staging: deployed(null) })).toEqual(['release-verify--staging']);
  expect(await next({ release: READY, staging: deployed('healthy') })).toEqual(['release-tag']);
  expect(await next({ release: [...READY, events.tagged()], staging: deployed('healthy') })).toEqual([
    'release-deploy--prod',
    'approved',
  ]);
  expect(await next({ ...ARRIVED, prod: deployed(null) })).toEqual(['release-verify--prod']);
  expect(await next(ARRIVED)).toBeNull();
});

it('counts a deployment only of this commit, with these digests, finished and not in doubt', async () => {
  const at = (staging: Story['staging']) => done({ release: READY, ...(staging === undefined ? {} : { staging }) });
  expect(await at(deployed(null))).toContain('release-deploy--staging');
  expect(await at(deployed(null, { commit: LATER }))).not.toContain('release-deploy--staging');
  expect(await at(deployed(null, { services: { ...DIGESTS, web: 'sha256:3' } }))).not.toContain(
    'release-deploy--staging',
  );
  const again = deployed(null, { deployment: 'again' });
  expect(await at([...deployed('healthy'), ...again.slice(0, 1)])).not.toContain('release-verify--staging');
  const doubtful = again.map((body) =>
    body.kind === 'deploy.outcome' ? { ...body, outcome: 'unknown' as const } : body,
  );
  expect(await at([...deployed('healthy'), ...doubtful])).not.toContain('release-deploy--staging');
});

it('tells of the open release also from another commit, and what keeps one from going on there', async () => {
  const story = { ...ARRIVED, prod: [], tree: { head: LATER, branch: 'main' } };
  expect(await done(story)).toContain('release-tag');
  expect(await next(story)).toEqual(['release-deploy--prod', 'dossier']);
});

it('does not lead back to a release that failed in production: the fix is planned', async () => {
  const story = { ...ARRIVED, prod: deployed('unhealthy') };
  expect(await next({ ...story, tree: { head: LATER, branch: 'main' } })).toEqual(['release-plan']);
  expect(await next(story)).toEqual(['release-verify--prod']);
});

it('takes a plan of another commit for none while nothing is written', async () => {
  const release = [events.planned()];
  expect(await next({ release, tree: { head: LATER, branch: 'main' } })).toEqual(['release-plan']);
  expect(await next({ release, tree: { head: LATER, branch: 'release/v1.1.0' } })).toEqual(['release-bump']);
});

it('begins anew after a release was given up', async () => {
  expect(await next({ ...ARRIVED, release: [...READY, events.abandoned()] })).toEqual(['release-plan']);
});

it('goes along the same chain with a hotfix, and keeps it apart from the release that is open on main', async () => {
  const hotfix = [
    { ...events.planned('1.0.1'), type: 'hotfix', base: 'hotfix/login' },
    events.bumped('1.0.1'),
    events.checked('1.0.1'),
    events.images('1.0.1'),
  ];
  const other = [events.planned('1.1.0', LATER), events.bumped('1.1.0', LATER, 'd'.repeat(40))];
  const both = [...other, ...hotfix];
  const tree = { branch: 'release/v1.0.1' };
  const staging = deployed('healthy', { version: '1.0.1' });
  expect(await next({ release: both, tree })).toEqual(['release-deploy--staging']);
  expect(await next({ release: both, tree, staging })).toEqual(['release-tag']);
  const tagged = [...both, events.tagged('1.0.1')];
  expect(await next({ release: tagged, tree, staging })).toEqual(['release-deploy--prod', 'approved']);
  const approved = [...tagged, events.approved(undefined, undefined, '1.0.1')];
  const prod = deployed('healthy', { version: '1.0.1', deployment: 'second' });
  expect(await next({ release: approved, tree, staging, prod })).toBeNull();
  const back = { head: 'd'.repeat(40), branch: 'release/v1.1.0' };
  expect(await next({ release: approved, tree: back, staging, prod })).toEqual(['release-image']);
});

it('sees the final version that is planned on the commit of its last pre-release', async () => {
  const candidate = [
    events.planned('1.1.0-rc.1'),
    events.bumped('1.1.0-rc.1'),
    events.checked('1.1.0-rc.1'),
    events.tagged('1.1.0-rc.1'),
  ];
  expect(await next({ release: [...candidate, events.planned('1.1.0', BUMPED)] })).toEqual(['release-bump']);
});
