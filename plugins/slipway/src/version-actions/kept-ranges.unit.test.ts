import { collectionOf, keptRanges } from './kept-ranges';

const manifest = JSON.stringify({
  dependencies: { ui: '^1.0.0', core: '~1.0.0' },
  devDependencies: { ui: '1.0.0', tool: '^1.0.0' },
  peerDependencies: { host: '>=1 <3' },
});
const versions = { ui: '1.1.0', core: '1.1.0', tool: '1.1.0', host: '2.0.0', absent: '1.1.0' };

describe('ranges that stay', () => {
  it.each([
    // The default of nx.json is true; `ui` has a second range, which no longer fits.
    [undefined, ['tool', 'host']],
    [true, ['tool', 'host']],
    [false, []],
    [['devDependencies'] as const, ['tool']],
  ])('with preserveMatchingDependencyRanges %j are %j', (preserve, kept) => {
    expect([...keptRanges(manifest, versions, preserve)]).toEqual(kept);
  });

  it('are none for a pre-release, which npm would not install by them', () => {
    expect([...keptRanges(manifest, { tool: '1.1.0-rc.1' }, true)]).toEqual([]);
  });

  it('are none that name a pre-release: its final version ends it', () => {
    const before = JSON.stringify({ dependencies: { ui: '~1.2.0-rc.1', core: '1.0.0 - 1.9.0' } });
    expect([...keptRanges(before, { ui: '1.2.0', core: '1.2.0' }, true)]).toEqual(['core']);
  });

  it('know where a package is depended on', () => {
    expect(['core', 'tool', 'absent'].map((name) => collectionOf(manifest, name))).toEqual([
      'dependencies',
      'devDependencies',
      null,
    ]);
  });
});
