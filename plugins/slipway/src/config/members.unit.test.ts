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
  expect(membersOf(undefined, projects).map(({ name }) => name)).toEqual(['backend', 'frontend', 'platform']);
});

it('takes the named ones in their order, and refuses a name that nobody has', () => {
  expect(membersOf(['platform', 'backend'], projects).map(({ name }) => name)).toEqual(['platform', 'backend']);
  expect(() => membersOf(['bakend'], projects)).toThrow('Did you mean "backend"?');
});

it('lets the docker project own the release unless another is named', () => {
  const members = membersOf(undefined, projects);
  expect(ownerOf(undefined, members, projects)?.name).toBe('platform');
  expect(ownerOf('frontend', members, projects)?.name).toBe('frontend');
  expect(ownerOf(undefined, [], projects)).toBeNull();
  expect(() => ownerOf('nobody', members, projects)).toThrow('release.owner');
});
