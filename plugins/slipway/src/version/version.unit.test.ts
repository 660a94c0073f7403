import fc from 'fast-check';
import { compare, gt } from 'semver';
import { isFinalVersion, isVersion, nextVersion, releaseTypeBetween } from './next-version';
import { compareReleaseTypes, demandOf, largestReleaseType, RELEASE_TYPES } from './release-type';
import { RELEASE_KINDS } from './release-types';

const version = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)).map((parts) => parts.join('.'));
const type = fc.constantFrom(...RELEASE_TYPES);

describe('demandOf', () => {
  it.each([
    ['feat', 'minor'],
    ['fix', 'patch'],
    ['perf', 'patch'],
    ['security', 'patch'],
    ['revert', 'patch'],
    ['docs', null],
    ['chore', null],
    ['constructor', null],
  ])('%s demands %s', (name, demanded) => {
    expect(demandOf({ type: name, breaking: false }).type).toBe(demanded);
  });

  it('says why a type does not count', () => {
    expect(demandOf({ type: 'docs', breaking: false }).why).toBe('is of type docs, which demands no release');
  });

  it('makes a breaking change of any type major', () => {
    fc.assert(fc.property(fc.string(), (name) => expect(demandOf({ type: name, breaking: true }).type).toBe('major')));
  });
});

describe('largestReleaseType', () => {
  it('is null of none', () => {
    expect(largestReleaseType([])).toBeNull();
    expect(largestReleaseType([null, null])).toBeNull();
  });

  it('is one of them, and none is larger, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.option(type), { minLength: 1 }), (types) => {
        const largest = largestReleaseType(types);
        expect(types).toContain(largest);
        for (const other of types)
          if (other !== null) expect(compareReleaseTypes(largest!, other)).toBeGreaterThanOrEqual(0);
        expect(largestReleaseType([...types].reverse())).toBe(largest);
      }),
    );
  });
});

describe('nextVersion', () => {
  it.each([
    ['1.2.3', 'patch', '1.2.4'],
    ['1.2.3', 'minor', '1.3.0'],
    ['1.2.3', 'major', '2.0.0'],
    ['0.1.0', 'major', '1.0.0'],
    ['1.2.0-rc.1', 'minor', '1.2.0'],
  ] as const)('%s by %s is %s', (current, by, next) => {
    expect(nextVersion(current, by)).toBe(next);
  });

  it('refuses what is no version', () => {
    for (const text of ['1.2', 'v1.2.3', '', 'latest'])
      expect(() => nextVersion(text, 'patch')).toThrow('is not a semantic version');
  });

  it('is greater, more so for a larger type, and grows by that type', () => {
    fc.assert(
      fc.property(version, type, type, (current, a, b) => {
        const [byA, byB] = [nextVersion(current, a), nextVersion(current, b)];
        expect(gt(byA, current)).toBe(true);
        expect(Math.sign(compare(byA, byB))).toBe(Math.sign(compareReleaseTypes(a, b)));
        expect(releaseTypeBetween(current, byA)).toBe(a);
      }),
    );
  });
});

describe('versions', () => {
  it.each([
    ['1.2.3', true, true],
    ['1.2.3-rc.1', true, false],
    ['1.2.3+build', true, false],
    ['v1.2.3', false, false],
    ['=1.2.3', false, false],
    [' 1.2.3', false, false],
    ['1.2', false, false],
    ['01.2.3', false, false],
    ['1.1.0rc1', false, false],
  ])('%j is a version: %s, a final one: %s', (text, any, final) => {
    expect(isVersion(text)).toBe(any);
    expect(isFinalVersion(text)).toBe(final);
  });
});

describe('RELEASE_KINDS', () => {
  it('holds the four release types of the process with their timelines', () => {
    expect(
      Object.values(RELEASE_KINDS).map(({ kind, form, raises, timeline }) => [kind, form, raises, timeline]),
    ).toEqual([
      ['major', 'X.0.0', 'major', '2-4 weeks'],
      ['minor', '1.X.0', 'minor', '1-2 weeks'],
      ['patch', '1.0.X', 'patch', '1-3 days'],
      ['hotfix', '1.0.X', 'patch', '4-24 hours'],
    ]);
  });
});
