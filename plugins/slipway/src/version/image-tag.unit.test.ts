import { toImageTag } from './image-tag';
import { VersionError } from './version-error';

describe('toImageTag', () => {
  it.each(['1.2.0', '1.2.0-rc.1', '1.2.0-0', `1.0.0-${'a'.repeat(122)}`])('takes %s as it is', (version) => {
    expect(toImageTag(version)).toBe(version);
  });

  it.each([
    ['1.2.0+build', 'can hold no +'],
    ['1.2.0-rc.1+build', 'can hold no +'],
    [`1.0.0-${'a'.repeat(123)}`, 'has 129 characters'],
    ['latest', 'not a semantic version'],
  ])('refuses %s: %s', (version, why) => {
    expect(() => toImageTag(version)).toThrow(why);
    expect(() => toImageTag(version)).toThrow(VersionError);
  });
});
