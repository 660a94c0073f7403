import fc from 'fast-check';
import { inScope, scopeOf } from './scope';
import { blankedId, blobId, treeDigest } from './tree-digest';

describe('the files of a project', () => {
  const projects = [
    { root: '.' },
    { root: 'packages/api' },
    { root: 'packages/api/client' },
    { root: 'packages/api-docs' },
  ];

  it('are those below its root that belong to no project inside it', () => {
    const scope = scopeOf({ root: 'packages/api' }, projects);
    const files = [
      'packages/api/a.ts',
      'packages/api/client/b.ts',
      'packages/api-docs/c.md',
      'packages/api/clients.ts',
      'a.ts',
    ];
    expect(files.filter((path) => inScope(path, scope))).toEqual(['packages/api/a.ts', 'packages/api/clients.ts']);
  });

  it('of a root project leave out what a release writes', () => {
    const scope = scopeOf({ root: '.' }, projects);
    const files = [
      'nx.json',
      'CHANGELOG.md',
      'releases/v1.0.0/NOTES.md',
      '.slipway/x',
      'packages/api/a.ts',
      'docs/CHANGELOG.md',
    ];
    expect(files.filter((path) => inScope(path, scope))).toEqual(['nx.json', 'docs/CHANGELOG.md']);
  });
});

describe('a tree digest', () => {
  const entry = fc.record({
    path: fc.string({ minLength: 1 }),
    mode: fc.constantFrom('100644', '100755'),
    blob: fc.string(),
  });

  it('does not depend on the order', () => {
    fc.assert(fc.property(fc.array(entry), (entries) => treeDigest(entries) === treeDigest([...entries].reverse())));
  });

  it('changes with path, mode and content, and never mixes them up', () => {
    const one = { path: 'a', mode: '100644', blob: 'x' };
    const all = [
      [],
      [one],
      [{ ...one, path: 'b' }],
      [{ ...one, mode: '100755' }],
      [{ ...one, blob: 'y' }],
      [{ ...one, path: 'a\n100644' }],
      [one, { ...one, path: 'b' }],
    ];
    expect(new Set(all.map(treeDigest)).size).toBe(all.length);
  });

  it("gives blobs git's ids, and manifests one whatever their line ends", () => {
    expect(blobId('hello\n')).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
    expect(blankedId('a\r\nb')).toBe(blankedId('a\nb'));
  });
});
