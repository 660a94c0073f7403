import fc from 'fast-check';
import { createProjectLookup, touchedProjects } from './projects';

const projects = [
  { name: 'frontend', root: 'packages/frontend' },
  { name: 'widgets', root: 'packages/frontend/widgets/' },
  { name: 'backend', root: './packages/backend' },
];

describe('createProjectLookup', () => {
  it.each([
    ['packages/frontend/src/app.tsx', 'frontend'],
    ['packages/frontend/widgets/a.ts', 'widgets'],
    ['packages/backend/setup.py', 'backend'],
    ['packages/frontend-tools/a.ts', null],
    ['packages/backend', 'backend'],
    ['packages/README.md', null],
    ['README.md', null],
  ])('gives %s to %s', (file, owner) => {
    expect(createProjectLookup(projects)(file)).toBe(owner);
  });

  it('gives the rest to a root project', () => {
    const lookup = createProjectLookup([...projects, { name: 'workspace', root: '.' }]);
    expect(lookup('README.md')).toBe('workspace');
    expect(lookup('packages/backend/setup.py')).toBe('backend');
  });

  it('refuses two projects in one folder', () => {
    expect(() => createProjectLookup([projects[0]!, { name: 'twin', root: 'packages/frontend/' }])).toThrow(
      'frontend and twin have the same root',
    );
  });

  it('agrees with the longest prefix, tried one by one', () => {
    const segment = fc.constantFrom('a', 'b', 'ab');
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 5 }), path, (roots, file) => {
        const members = roots.map((root) => ({ name: `of ${root}`, root }));
        const longest = members
          .filter(({ root }) => file === root || file.startsWith(`${root}/`))
          .sort((a, b) => b.root.length - a.root.length)[0];
        expect(createProjectLookup(members)(file)).toBe(longest?.name ?? null);
      }),
    );
  });
});

describe('touchedProjects', () => {
  it('names each member once, in the order of the members', () => {
    expect(touchedProjects(['packages/backend/a', 'packages/backend/b', 'packages/frontend/a', 'x'], projects)).toEqual(
      ['frontend', 'backend'],
    );
  });

  it('names none for no files', () => {
    expect(touchedProjects([], projects)).toEqual([]);
  });
});
