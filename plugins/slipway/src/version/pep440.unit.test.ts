import fc from 'fast-check';
import { compare } from 'semver';
import { fromPep440, toPep440 } from './pep440';
import { VersionError } from './version-error';

const final = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => parts.join('.'));
const pre = fc.tuple(fc.constantFrom('alpha', 'beta', 'rc'), fc.nat(30)).map(([stage, n]) => `-${stage}.${n}`);
const version = fc.tuple(final, fc.option(pre)).map(([base, suffix]) => base + (suffix ?? ''));

/** The order of PEP 440, "Summary of permitted suffixes and relative ordering", for the forms that a release can have. */
function comparePep440(a: string, b: string): number {
  const key = (text: string): number[] => {
    const [, release = '', letter, number] = /^([\d.]+)(?:(a|b|rc)(\d+))?$/.exec(text) ?? [];
    return [...release.split('.').map(Number), letter ? ['a', 'b', 'rc'].indexOf(letter) : 3, Number(number ?? 0)];
  };
  const [left, right] = [key(a), key(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : Math.sign((left[at] ?? 0) - (right[at] ?? 0));
}

describe('toPep440 and fromPep440', () => {
  it.each([
    ['1.2.0', '1.2.0'],
    ['1.2.0-alpha.1', '1.2.0a1'],
    ['1.2.0-beta.2', '1.2.0b2'],
    ['1.2.0-rc.10', '1.2.0rc10'],
    ['0.0.0-rc.0', '0.0.0rc0'],
  ])('%s is %s', (semantic, python) => {
    expect(toPep440(semantic)).toBe(python);
    expect(fromPep440(python)).toBe(semantic);
  });

  it('lead back to each other, and keep the order', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(fromPep440(toPep440(a))).toBe(a);
        expect(comparePep440(toPep440(a), toPep440(b))).toBe(compare(a, b));
      }),
    );
  });

  it.each([
    ['1.2.0-0', 'alpha.N, beta.N and rc.N'],
    ['1.2.0-next.1', 'no "next.1"'],
    ['1.2.0-canary.3', 'no "canary.3"'],
    ['1.2.0-RC.1', 'no "RC.1"'],
    ['1.2.0-rc', 'one number, e.g. 1.2.0-rc.1'],
    ['1.2.0-rc.1.2', 'one number'],
    ['1.2.0-rc.x', 'one number'],
    ['1.2.0-rc1', 'no "rc1"'],
    ['1.2.0+build', 'build metadata'],
    ['1.2.0-rc.1+build', 'build metadata'],
    ['1.2', 'not a semantic version'],
    ['v1.2.0', 'not a semantic version'],
  ])('refuses %s for Python: %s', (semantic, why) => {
    expect(() => toPep440(semantic)).toThrow(why);
    expect(() => toPep440(semantic)).toThrow(JSON.stringify(semantic));
    expect(() => toPep440(semantic)).toThrow(VersionError);
  });

  it.each([
    ['1!1.2.0', 'epoch'],
    ['1.2.0.post1', 'post-release'],
    ['1.2.0-1', 'post-release'],
    ['1.2.0.dev3', 'development release'],
    ['1.2.0rc1.dev3', 'development release'],
    ['1.2.0+local.1', 'local version'],
    ['1.2.3.4', 'has 4 numbers'],
    ['1.2', 'write 1.2.0'],
    ['1', 'write 1.0.0'],
    ['v1.2.0', 'write 1.2.0'],
    ['1.02.0', 'write 1.2.0'],
    [' 1.2.0', 'write 1.2.0'],
    ['1.2.0-rc.1', 'write 1.2.0rc1'],
    ['1.2.0.rc1', 'write 1.2.0rc1'],
    ['1.2.0RC1', 'write 1.2.0rc1'],
    ['1.2.0c1', 'write 1.2.0rc1'],
    ['1.2.0pre1', 'write 1.2.0rc1'],
    ['1.2.0alpha01', 'write 1.2.0a1'],
    ['1.2.0b', 'write 1.2.0b0'],
    ['1.2b1', 'write 1.2.0b1'],
    ['latest', 'not a version by PEP 440'],
    ['', 'not a version by PEP 440'],
    ['1.2.0-next.1', 'not a version by PEP 440'],
    ['99999999999999999999.0.0', 'too large'],
  ])('refuses %j from Python: %s', (python, why) => {
    expect(() => fromPep440(python)).toThrow(why);
    expect(() => fromPep440(python)).toThrow(JSON.stringify(python));
    expect(() => fromPep440(python)).toThrow(VersionError);
  });

  it('takes any text for a version that leads back, or refuses it', () => {
    const text = fc.stringMatching(/^[0-9a-z.+!-]{1,12}$/);
    fc.assert(
      fc.property(text, (python) => {
        let semantic: string;
        try {
          semantic = fromPep440(python);
        } catch (error) {
          expect(error).toBeInstanceOf(VersionError);
          return;
        }
        expect(toPep440(semantic)).toBe(python);
      }),
    );
  });
});
