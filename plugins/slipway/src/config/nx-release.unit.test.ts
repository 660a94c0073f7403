import { nxReleaseDefaults } from './nx-release';

it.each<[string, unknown, unknown]>([
  ['no section', undefined, {}],
  ['what is no section', ['x'], {}],
  ['an empty one', {}, {}],
  [
    'projects by name',
    { projects: ['ui', '@desk/api', 'packages/web'] },
    { projects: ['ui', '@desk/api', 'packages/web'] },
  ],
  ['one project', { projects: 'ui' }, { projects: ['ui'] }],
  ['globs, which only Nx can resolve', { projects: ['packages/*', 'ui'] }, {}],
  ['tags', { projects: ['tag:app'] }, {}],
  ['no projects', { projects: [] }, {}],
  ['a tag pattern', { releaseTag: { pattern: 'r{version}' } }, { tagPattern: 'r{version}' }],
  ['the old spelling', { releaseTagPattern: 'r{version}' }, { tagPattern: 'r{version}' }],
  ['a pattern of independent versions', { releaseTag: { pattern: '{projectName}@{version}' } }, {}],
  ['a pattern without a version', { releaseTag: { pattern: 'latest' } }, {}],
  ['a pattern with something unknown', { releaseTag: { pattern: '{what}-{version}' } }, {}],
  ['a number', { releaseTag: { pattern: 1 }, projects: [1] }, {}],
  [
    'one group',
    {
      projects: ['all'],
      groups: { desk: { projects: ['ui'], releaseTag: { pattern: '{releaseGroupName}-{version}' } } },
    },
    { projects: ['ui'], tagPattern: 'desk-{version}' },
  ],
  [
    'a group of a name that a replacement would take for a pattern',
    { groups: { $1: {} }, releaseTag: { pattern: '{releaseGroupName}-{version}' } },
    { tagPattern: '$1-{version}' },
  ],
  [
    'several groups, of which none is meant',
    {
      groups: { a: { projects: ['ui'] }, b: { projects: ['api'] } },
      releaseTag: { pattern: '{releaseGroupName}-{version}' },
    },
    {},
  ],
  ['a group name without groups', { releaseTag: { pattern: '{releaseGroupName}-{version}' } }, {}],
])('takes from nx.json what there is: %s', (_what, release, expected) => {
  expect(nxReleaseDefaults(release)).toEqual(expected);
});
