import * as api from './index';

it('offers what programs use', () => {
  expect(api.nextVersion('1.3.0-rc.1', 'minor', { preid: 'rc' })).toBe('1.3.0-rc.2');
  expect(api.nextVersion('1.2.3', 'patch')).toBe('1.2.4');
  expect(api.parseCommit('feat(ui)!: drop frames')).toMatchObject({ type: 'feat', scope: 'ui', breaking: true });
  expect(api.parseCommit('Merge branch main')).toBeNull();
  expect([api.toPep440('1.2.0-rc.1'), api.fromPep440('1.2.0rc1')]).toEqual(['1.2.0rc1', '1.2.0-rc.1']);
  expect(() => api.toPep440('1.2.0-canary.3')).toThrow(api.VersionError);
  expect(api.editManifest('requirements.txt', 'core==1.2.0  # ours\n', { dependencies: { core: '1.3.0' } })).toBe(
    'core==1.3.0  # ours\n',
  );
  expect(() => api.editManifest('ui/package.json', '{}', { version: '1.0.0' })).toThrow(api.ManifestError);
});
