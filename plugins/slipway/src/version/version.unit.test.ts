import fc from 'fast-check';
import { compareReleaseTypes, demandOf, largestReleaseType, RELEASE_TYPES } from './release-type';
import { RELEASE_KINDS } from './release-types';

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

  it('follows the configured mapping, and keeps the defaults of other types', () => {
    const policy = { types: { docs: 'patch', feat: 'patch', perf: 'none' }, breakingBelowOne: 'major' } as const;
    const demanded = (name: string) => demandOf({ type: name, breaking: false }, policy).type;
    expect(['docs', 'feat', 'perf', 'fix', 'constructor'].map(demanded)).toEqual([
      'patch',
      'patch',
      null,
      'patch',
      null,
    ]);
    expect(demandOf({ type: 'perf', breaking: true }, policy).type).toBe('major');
  });

  it.each([
    ['minor', '0.9.0', 'minor'],
    ['minor', '1.0.0', 'major'],
    ['minor', '10.0.0', 'major'],
    ['minor', null, 'major'],
    ['major', '0.9.0', 'major'],
  ] as const)('makes a breaking change, %s below 1.0.0, after %s a %s one', (breakingBelowOne, version, demanded) => {
    const commit = { type: 'chore', breaking: true };
    expect(demandOf(commit, { types: {}, breakingBelowOne }, version).type).toBe(demanded);
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
