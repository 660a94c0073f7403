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
  ['globs, looked up where projects are known', { projects: ['packages/*', 'ui'] }, { projects: ['packages/*', 'ui'] }],
  ['tags, refused where projects are known', { projects: ['tag:app'] }, { projects: ['tag:app'] }],
  ['no projects', { projects: [] }, {}],
  ['a tag pattern', { releaseTag: { pattern: 'r{version}' } }, { tagPattern: 'r{version}' }],
  ['the old spelling', { releaseTagPattern: 'r{version}' }, { tagPattern: 'r{version}' }],
  [
    'a pattern of independent versions where they are fixed',
    { releaseTag: { pattern: '{projectName}@{version}' } },
    {},
  ],
  ['independent versions', { projectsRelationship: 'independent' }, { versioning: 'independent' }],
  [
    'independent versions with their pattern',
    { projectsRelationship: 'independent', releaseTag: { pattern: '{projectName}/v{version}' } },
    { versioning: 'independent', tagPattern: '{projectName}/v{version}' },
  ],
  [
    'independent versions without a pattern of theirs',
    { projectsRelationship: 'independent', releaseTag: { pattern: 'v{version}' } },
    { versioning: 'independent' },
  ],
  [
    'one group without a pattern, which Nx gives one',
    { groups: { desk: { projects: ['ui'] } } },
    { projects: ['ui'], tagPattern: 'desk-v{version}' },
  ],
  [
    'one group of independent versions',
    { groups: { desk: { projects: ['ui', 'api'], projectsRelationship: 'independent' } } },
    { projects: ['ui', 'api'], versioning: 'independent' },
  ],
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
    'several groups',
    {
      groups: {
        a: { projects: 'ui' },
        b: { projects: ['api'], projectsRelationship: 'independent' },
        c: { projects: ['docs'], releaseTagPattern: 'docs/{version}' },
        d: { projects: [] },
      },
    },
    {
      groups: {
        a: { projects: ['ui'], versioning: 'fixed', tagPattern: 'a-v{version}' },
        b: { projects: ['api'], versioning: 'independent' },
        c: { projects: ['docs'], versioning: 'fixed', tagPattern: 'docs/{version}' },
      },
    },
  ],
  [
    'several groups with what the section says for all',
    {
      projectsRelationship: 'independent',
      groups: { a: { projects: ['ui'], projectsRelationship: 'fixed' }, b: { projects: ['api'] } },
      releaseTag: { pattern: '{releaseGroupName}-{version}' },
    },
    {
      groups: {
        a: { projects: ['ui'], versioning: 'fixed', tagPattern: 'a-{version}' },
        b: { projects: ['api'], versioning: 'independent' },
      },
    },
  ],
  ['a group name without groups', { releaseTag: { pattern: '{releaseGroupName}-{version}' } }, {}],
])('takes from nx.json what there is: %s', (_what, release, expected) => {
  expect(nxReleaseDefaults(release)).toEqual(expected);
});
