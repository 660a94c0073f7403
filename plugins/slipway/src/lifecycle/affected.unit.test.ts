import { tellAffected, type Affected } from './affected';

const affected = (services: readonly (readonly [string, boolean, number | null])[], description = false): Affected => ({
  since: '1.0.0',
  services: services.map(([service, changed, commits]) => ({ service, changed, commits })),
  projects: null,
  description,
});

it.each<[string, Affected, string]>([
  [
    'what changed and what did not',
    affected([
      ['api', true, 3],
      ['web', true, 1],
      ['db', false, 0],
    ]),
    'since 1.0.0: api (3 commits), web (1 commit), db unchanged',
  ],
  ['an image whose base alone is new', affected([['api', true, 0]]), 'since 1.0.0: api (built anew)'],
  [
    'what history does not tell',
    affected([
      ['api', true, null],
      ['web', false, null],
    ]),
    'since 1.0.0: api changed, web unchanged',
  ],
  ['that nothing is affected', affected([['api', false, 2]]), 'nothing since 1.0.0: all images are the same'],
  [
    'that only the Compose file is',
    affected([['api', false, 2]], true),
    'nothing since 1.0.0: all images are the same; its Compose file changed',
  ],
])('tells %s', (_what, given, told) => expect(tellAffected(given)).toBe(told));
