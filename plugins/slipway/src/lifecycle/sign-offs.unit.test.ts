import { signOffsOf } from './sign-offs';
import { events, LATER, READY, situationOf } from './testing/situation';

const BY = 'Test <test@example.com>';

it('gathers the roles in which each person signed this commit, and no other', async () => {
  const release = [
    ...READY,
    events.approved(undefined, 'reviewer'),
    events.approved(),
    events.approved(),
    events.approved(LATER, 'acceptance'),
  ];
  const situation = await situationOf({ release });
  expect(signOffsOf(situation)).toEqual([{ by: BY, roles: ['reviewer', 'release-manager'] }]);
  expect(signOffsOf(await situationOf({ release: READY }))).toEqual([]);
});
