import { lockFileOf } from './lock-files';

const manifest = (name: string, version: string, dependencies: Record<string, string> = {}) => ({
  root: `packages/${name}`,
  content: JSON.stringify({ name, version, dependencies }),
});
const lock = (entries: Record<string, { version: string; dependencies?: Record<string, string> }>): string =>
  `${JSON.stringify({ name: 'acme', version: '1.0.0', lockfileVersion: 3, packages: { '': { name: 'acme', version: '1.0.0' }, ...entries } }, null, 2)}\n`;

describe('a lock file after a release', () => {
  it('repeats versions and ranges of each package.json, and no other character changes', () => {
    const before = lock({
      'packages/ui': { version: '1.0.0' },
      'packages/web': { version: '1.0.0', dependencies: { ui: '^1.0.0', left: '^1.0.0' } },
      'node_modules/left': { version: '1.0.0' },
    });
    const after = lockFileOf('package-lock.json', before, [
      manifest('ui', '1.1.0'),
      manifest('web', '2.0.0', { ui: '^1.1.0', left: '^1.0.0' }),
    ]);
    expect(after).toBe(
      lock({
        'packages/ui': { version: '1.1.0' },
        'packages/web': { version: '2.0.0', dependencies: { ui: '^1.1.0', left: '^1.0.0' } },
        'node_modules/left': { version: '1.0.0' },
      }),
    );
  });

  it('keeps a range that its package.json kept, though the package itself went on', () => {
    const before = lock({
      'packages/ui': { version: '1.0.0' },
      'packages/kept': { version: '1.0.0', dependencies: { ui: '^1.0.0' } },
      'packages/moved': { version: '1.0.0', dependencies: { ui: '1.0.0' } },
    });
    const after = lockFileOf('package-lock.json', before, [
      manifest('ui', '1.1.0'),
      manifest('kept', '1.0.1', { ui: '^1.0.0' }),
      manifest('moved', '1.0.1', { ui: '1.1.0' }),
    ]);
    expect(after).toBe(
      lock({
        'packages/ui': { version: '1.1.0' },
        'packages/kept': { version: '1.0.1', dependencies: { ui: '^1.0.0' } },
        'packages/moved': { version: '1.0.1', dependencies: { ui: '1.1.0' } },
      }),
    );
  });

  it("follows the version of the workspace's own package.json", () => {
    const after = lockFileOf('package-lock.json', lock({}), [
      { root: '.', content: JSON.stringify({ name: 'acme', version: '1.1.0' }) },
    ]);
    expect(after).toBe(lock({}).replaceAll('"version": "1.0.0"', '"version": "1.1.0"'));
  });
});
