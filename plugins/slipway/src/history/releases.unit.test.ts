import fc from 'fast-check';
import { tagOfVersion, versionOfTag } from './releases';

describe('versionOfTag', () => {
  it.each([
    ['v{version}', 'v1.2.3', '1.2.3'],
    ['v{version}', 'v1.2.3-rc.1', '1.2.3-rc.1'],
    ['helpdesk@{version}', 'helpdesk@1.2.3', '1.2.3'],
    ['{version}', '1.2.3', '1.2.3'],
    ['{version}-final', '1.2.3-final', '1.2.3'],
    ['release/{version}', 'release/1.2.3', '1.2.3'],
    ['v{version}', 'vv1.2.3', null],
    ['v{version}', 'v1.2', null],
    ['v{version}', 'v01.2.3', null],
    ['v{version}', 'v=1.2.3', null],
    ['v{version}', 'v 1.2.3', null],
    ['v{version}', '1.2.3', null],
    ['v{version}', 'v', null],
    ['v{version}', 'other-v1.2.3', null],
    ['v.{version}', 'vx1.2.3', null],
  ])('reads by %s the tag %j as %j', (pattern, tag, version) => {
    expect(versionOfTag(pattern, tag)).toBe(version);
  });

  it('refuses a pattern without a version', () => {
    expect(() => versionOfTag('v', 'v1.0.0')).toThrow('has no {version}');
  });

  it('undoes tagOfVersion, whatever surrounds the version', () => {
    const literal = fc.stringMatching(/^[a-z$&@./-]{0,6}$/);
    const version = fc.tuple(fc.nat(), fc.nat(), fc.nat()).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(literal, literal, version, (before, after, text) => {
        const pattern = `${before}{version}${after}`;
        expect(versionOfTag(pattern, tagOfVersion(pattern, text))).toBe(text);
      }),
    );
  });
});
