import { membersOf, ownerOf, type Candidate } from './members';

const project = (name: string, kind: Candidate['kind'], versioned = true): Candidate => ({
  name,
  root: `packages/${name}`,
  kind,
  versioned,
});
const projects = [
  project('backend', 'python'),
  project('docs', 'other', false),
  project('frontend', 'npm'),
  project('platform', 'docker'),
];

it('takes every project with a version where none is named', () => {
  expect(membersOf({}, projects).map(({ name }) => name)).toEqual(['backend', 'frontend', 'platform']);
});

it('takes the named ones in their order, and refuses a name that nobody has', () => {
  expect(membersOf({ projects: ['platform', 'backend'] }, projects).map(({ name }) => name)).toEqual([
    'platform',
    'backend',
  ]);
  expect(() => membersOf({ projects: ['bakend'] }, projects)).toThrow('Did you mean "backend"?');
});

it('lets the docker project own the release unless another is named', () => {
  const members = membersOf({}, projects);
  expect(ownerOf(undefined, members, projects)?.name).toBe('platform');
  expect(ownerOf('frontend', members, projects)?.name).toBe('frontend');
  expect(ownerOf(undefined, [], projects)).toBeNull();
  expect(() => ownerOf('nobody', members, projects)).toThrow('release.owner');
});

describe('the projects of a list', () => {
  const named = (...patterns: string[]) => membersOf({ projects: patterns }, projects).map(({ name }) => name);

  it('are found by folder and by globs of names and folders, each once and only with a version', () => {
    expect(named('packages/backend', 'backend')).toEqual(['backend']);
    expect(named('*end')).toEqual(['backend', 'frontend']);
    expect(named('packages/*')).toEqual(['backend', 'frontend', 'platform']);
    expect(named('directory:packages/f*')).toEqual(['frontend']);
    expect(named('*')).toEqual(['backend', 'frontend', 'platform']);
    expect(named('docs')).toEqual(['docs']);
  });

  it('leave out what is negated', () => {
    expect(named('!frontend')).toEqual(['backend', 'platform']);
    expect(named('*', '!*end')).toEqual(['platform']);
  });

  it('are not guessed: tags and globs without a match are told', () => {
    expect(() => named('tag:app')).toThrow('"tag:app", but tags of projects are not known');
    expect(() => named('!tag:app')).toThrow('tags of projects are not known');
    expect(() => named('libs/*')).toThrow('"libs/*", which no project with a version matches');
  });
});

it('takes what groups name besides', () => {
  const groups = { site: { projects: ['docs', 'frontend'], versioning: 'fixed' as const } };
  expect(membersOf({ projects: ['backend'], groups }, projects).map(({ name }) => name)).toEqual([
    'backend',
    'docs',
    'frontend',
  ]);
  expect(() => membersOf({ groups: { site: { projects: ['dox'], versioning: 'fixed' } } }, projects)).toThrow(
    'release.groups.site.projects (of slipway.json, else of nx.json) names "dox"',
  );
});
