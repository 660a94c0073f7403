import fc from 'fast-check';
import { compare, gt, gte, parse } from 'semver';
import { finalVersionOf, isFinalVersion, isVersion, nextVersion, releaseTypeBetween, stageOf } from './next-version';
import { compareReleaseTypes, RELEASE_TYPES } from './release-type';
import { VersionError } from './version-error';

const stages = ['alpha', 'beta', 'rc'] as const;
const final = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)).map((parts) => parts.join('.'));
const type = fc.constantFrom(...RELEASE_TYPES);
const stage = fc.constantFrom(...stages);

describe('nextVersion', () => {
  it.each([
    ['1.2.3', 'patch', '1.2.4'],
    ['1.2.3', 'minor', '1.3.0'],
    ['1.2.3', 'major', '2.0.0'],
    ['0.1.0', 'major', '1.0.0'],
    ['1.2.3+build.5', 'patch', '1.2.4'],
    // What a pre-release implies by itself.
    ['1.2.0-rc.1', 'patch', '1.2.0'],
    ['1.2.0-rc.1', 'minor', '1.2.0'],
    ['1.2.0-rc.1', 'major', '2.0.0'],
    ['1.2.3-rc.1', 'patch', '1.2.3'],
    ['1.2.3-rc.1', 'minor', '1.3.0'],
    ['1.2.3-rc.1', 'major', '2.0.0'],
    ['2.0.0-rc.1', 'patch', '2.0.0'],
    ['2.0.0-rc.1', 'minor', '2.0.0'],
    ['2.0.0-rc.1', 'major', '2.0.0'],
  ] as const)('%s by %s is %s', (current, by, next) => {
    expect(nextVersion(current, by)).toBe(next);
  });

  it.each([
    ['1.2.3', 'minor', 'rc', null, '1.3.0-rc.1'],
    ['1.3.0-rc.1', 'minor', 'rc', null, '1.3.0-rc.2'],
    ['1.3.0-rc.9', 'patch', 'rc', '1.2.3', '1.3.0-rc.10'],
    ['1.3.0-alpha.4', 'minor', 'beta', '1.2.3', '1.3.0-beta.1'],
    ['1.3.0-alpha.4', 'minor', 'rc', '1.2.3', '1.3.0-rc.1'],
    // Severity found later raises the base, and the stage begins again.
    ['2.2.0-rc.3', 'major', 'rc', '2.1.0', '3.0.0-rc.1'],
    ['2.1.1-rc.3', 'minor', 'rc', '2.1.0', '2.2.0-rc.1'],
    ['2.1.1-beta.3', 'minor', 'rc', '2.1.0', '2.2.0-rc.1'],
    // What was reached already is not given up.
    ['2.2.0-rc.3', 'patch', 'rc', '2.1.0', '2.2.0-rc.4'],
    ['1.3.0-rc', 'minor', 'rc', null, '1.3.0-rc.1'],
    ['1.3.0-0', 'minor', 'alpha', null, '1.3.0-alpha.1'],
    ['1.3.0-canary.5', 'minor', 'next', null, '1.3.0-next.1'],
    ['1.3.0-rc.1+build', 'minor', 'rc', null, '1.3.0-rc.2'],
  ] as const)('%s by %s as %s since %s is %s', (current, by, preid, stable, next) => {
    expect(nextVersion(current, by, { preid, stable })).toBe(next);
  });

  it.each([
    ['2.2.0-rc.3', 'minor', '2.1.0', '2.2.0'],
    ['2.2.0-rc.3', 'major', '2.1.0', '3.0.0'],
    ['2.2.0-rc.3', 'patch', '2.1.0', '2.2.0'],
    ['1.2.0-rc.1', 'minor', '1.0.0', '1.2.0'],
    // Unlike without the last stable version: since 1.1.9, 1.2.3 is a minor release already.
    ['1.2.3-rc.1', 'minor', '1.1.9', '1.2.3'],
  ] as const)('finishes %s by %s since %s as %s', (current, by, stable, next) => {
    expect(nextVersion(current, by, { stable })).toBe(next);
  });

  it.each([
    ['1.3.0-rc.1', 'minor', 'beta', null],
    ['1.3.0-beta.1', 'minor', 'alpha', '1.2.0'],
    ['2.2.0-rc.3', 'major', 'beta', '2.1.0'],
    ['2.2.0-rc.3', 'major', 'alpha', null],
  ] as const)('refuses to go back a stage: %s by %s as %s', (current, by, preid, stable) => {
    expect(() => nextVersion(current, by, { preid, stable })).toThrow(
      /"2?.*-(rc|beta).*can't go back from (rc|beta) to/,
    );
  });

  it('takes a final version for stable that is later than the one given', () => {
    expect(nextVersion('1.5.0', 'minor', { stable: '1.4.0' })).toBe('1.6.0');
    expect(nextVersion('1.5.0', 'patch', { stable: '1.4.0', preid: 'rc' })).toBe('1.5.1-rc.1');
  });

  it('begins with any stage after a stable version, whatever the one before it was', () => {
    expect(nextVersion('2.2.0-rc.3', 'minor', { preid: 'alpha', stable: '2.2.0' })).toBe('2.3.0-alpha.1');
  });

  it.each([
    ['1.3.0-next.1', 'minor', 'canary', null],
    ['1.3.0-rc.beta', 'minor', 'rc', null],
  ] as const)('refuses what would not be greater: %s by %s as %s since %s', (current, by, preid, stable) => {
    expect(() => nextVersion(current, by, { preid, stable })).toThrow('not greater');
  });

  it.each(['1', '', 'rc.1', 'rc_1', '1rc', '-rc', 'rc 1'])('refuses the id %j', (preid) => {
    expect(() => nextVersion('1.0.0', 'patch', { preid })).toThrow(VersionError);
  });

  it('names the version that is none, and why', () => {
    for (const text of ['1.2', 'v1.2.3', '', 'latest']) {
      expect(() => nextVersion(text, 'patch')).toThrow(`${JSON.stringify(text)} is not a semantic version`);
      expect(() => nextVersion(text, 'patch')).toThrow(VersionError);
    }
    expect(() => nextVersion('1.0.0', 'patch', { stable: '1.0.0-rc.1' })).toThrow('pre-release');
    expect(() => nextVersion('1.0.0', 'hotfix' as 'patch')).toThrow('hotfix');
    expect(() => nextVersion(`${Number.MAX_SAFE_INTEGER}.0.0`, 'major')).toThrow('too large');
  });

  it('is greater, more so for a larger type, and grows by that type', () => {
    fc.assert(
      fc.property(final, type, type, (current, a, b) => {
        const [byA, byB] = [nextVersion(current, a), nextVersion(current, b)];
        expect(gt(byA, current)).toBe(true);
        expect(Math.sign(compare(byA, byB))).toBe(Math.sign(compareReleaseTypes(a, b)));
        expect(releaseTypeBetween(current, byA)).toBe(a);
      }),
    );
  });

  // A series of pre-releases as it happens: commits add demands, stages only go on.
  const series = fc.record({
    stable: final,
    steps: fc.array(fc.record({ demand: type, stage }), { minLength: 1, maxLength: 12 }),
  });

  it('never decreases over a series, keeps to its stages, and finishes above all of it', () => {
    fc.assert(
      fc.property(series, ({ stable, steps }) => {
        let current = stable;
        let demanded: (typeof RELEASE_TYPES)[number] = 'patch';
        let reached = 0;
        for (const step of steps) {
          if (compareReleaseTypes(step.demand, demanded) > 0) demanded = step.demand;
          const at = stages.indexOf(step.stage);
          const go = () => nextVersion(current, demanded, { preid: step.stage, stable });
          if (at < reached) {
            expect(go).toThrow("can't go back");
            continue;
          }
          reached = at;
          const next = go();
          expect(gt(next, current)).toBe(true);
          expect(stageOf(next)).toBe(step.stage);
          // As many parts raised as were demanded, whatever was made on the way.
          expect(finalVersionOf(next)).toBe(nextVersion(stable, demanded));
          const same = finalVersionOf(next) === finalVersionOf(current) && stageOf(current) === step.stage;
          expect(parse(next)?.prerelease[1]).toBe(same ? Number(parse(current)?.prerelease[1]) + 1 : 1);
          current = next;
        }
        const finished = nextVersion(current, demanded, { stable });
        expect(gt(finished, current)).toBe(true);
        expect(finished).toBe(nextVersion(stable, demanded));
        expect(releaseTypeBetween(stable, finished)).toBe(demanded);
      }),
    );
  });

  it('gives a greater version or says why not, whatever it is asked', () => {
    const any = fc
      .tuple(final, fc.constantFrom('', '-0', '-rc', '-rc.1', '-alpha.7', '-next.1.x', '+b'))
      .map((all) => all.join(''));
    const preid = fc.constantFrom(undefined, 'alpha', 'beta', 'rc', 'next', '9', 'A-b');
    fc.assert(
      fc.property(any, type, preid, fc.option(final), (current, by, id, stable) => {
        let next: string;
        try {
          next = nextVersion(current, by, { preid: id, stable });
        } catch (error) {
          expect(error).toBeInstanceOf(VersionError);
          return;
        }
        expect(isVersion(next)).toBe(true);
        expect(gt(next, current)).toBe(true);
        if (stable !== null) expect(gte(finalVersionOf(next), nextVersion(stable, by))).toBe(true);
      }),
    );
  });
});

describe('releaseTypeBetween', () => {
  it.each([
    ['1.2.0-rc.1', '1.2.0', 'minor'],
    ['1.2.3-rc.1', '1.2.3', 'patch'],
    ['2.0.0-rc.1', '2.0.0-rc.2', 'major'],
    ['1.2.0', '2.0.0-rc.1', 'major'],
    ['1.2.0', '1.2.1-rc.1', 'patch'],
  ] as const)('of %s and %s is %s', (from, to, grown) => {
    expect(releaseTypeBetween(from, to)).toBe(grown);
  });

  it('refuses what is not greater', () => {
    expect(() => releaseTypeBetween('1.2.0', '1.2.0')).toThrow(VersionError);
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
    ['1.2.3 ', false, false],
    ['1.2.3\n', false, false],
    ['1.2', false, false],
    ['01.2.3', false, false],
    ['1.1.0rc1', false, false],
  ])('%j is a version: %s, a final one: %s', (text, any, isFinal) => {
    expect(isVersion(text)).toBe(any);
    expect(isFinalVersion(text)).toBe(isFinal);
  });
});
