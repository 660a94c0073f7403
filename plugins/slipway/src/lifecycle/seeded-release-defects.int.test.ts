import { execFileSync } from 'node:child_process';
import { image } from './steps/image';
import { Desk, deskConfiguration } from './testing/desk';
import { runners } from './testing/runners';

/** Defects that only a release shows: of its people and its images. Those of projects are in seeded-defects.int.test.ts. */
const REPOSITORY = `slipway-defects-${process.pid}/api`;
let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => desk.remove());
afterAll(() => {
  const ids = execFileSync('docker', ['images', '--quiet', REPOSITORY], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
  // Each once: it has a tag by its context and one by its version.
  if (ids.length > 0) execFileSync('docker', ['image', 'rm', '--force', ...new Set(ids)]);
});
const release = runners(() => desk);

it('catches a change that its own author approved', async () => {
  desk.write({ 'packages/ui/sort.js': '// sorted\n' });
  desk.commit('feat(ui): sort', 'Reviewed-by: Dana <dana@example.org>\nReviewed-by: Sam <sam@example.org>');
  await release.plan();
  await desk.judge();
  await release.bump();
  const { said, lines } = await release.check();
  expect(said).toContain('the review of another person who wrote none of it');
  expect(lines).toContainEqual(expect.stringMatching(/1 of 2 changes without the approvals of 2 persons/));
});

it('catches an image that runs as root, as the engine says', async () => {
  const dockerfile = 'packages/api/Dockerfile';
  desk.write({ [dockerfile]: 'FROM debian:bookworm-slim\nHEALTHCHECK CMD true\nCMD ["sleep", "9"]\n' });
  desk.commit('feat(api): build an image');
  const api = { dockerfile, context: ['packages/api'], repository: REPOSITORY, variable: 'API_IMAGE' };
  desk.config = deskConfiguration({ images: { api }, gates: { images: {} } });
  await release.plan();
  await desk.judge();
  await release.bump();
  expect((await desk.run(image, {}, { target: 'release-image' })).outcome.kind).toBe('done');
  const { said, lines } = await release.check();
  expect([said, ...lines].join('\n')).toMatch(/api.*root/);
});
