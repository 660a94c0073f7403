import { inWorkspace } from './place';

describe("a finding's file, relative to the workspace", () => {
  const places = { root: 'packages/api', workspace: '/home/ci/desk' };
  it.each([
    ['src/a.ts', 'packages/api/src/a.ts'],
    ['./src/../src/a.ts', 'packages/api/src/a.ts'],
    ['packages/api/src/a.ts', 'packages/api/src/a.ts'],
    ['/home/ci/desk/packages/web/b.ts', 'packages/web/b.ts'],
    ['../web/b.ts', 'packages/web/b.ts'],
    ['src\\a.ts', 'packages/api/src/a.ts'],
    ['/usr/lib/node/x.js', null],
    ['/home/ci/desk2/x.js', null],
    ['C:\\desk\\a.ts', null],
    ['node:internal/x', null],
    ['https://example.org/a', null],
    ['../../../etc/passwd', null],
    ['../..', null],
  ])('%s is %s', (file, expected) => expect(inWorkspace(file, places)).toBe(expected));

  it('of a project that is the workspace itself', () => {
    expect(inWorkspace('src/a.ts', { root: '.', workspace: '/w/' })).toBe('src/a.ts');
    expect(inWorkspace('/w/src/a.ts', { root: '.', workspace: '/w/' })).toBe('src/a.ts');
  });
});
