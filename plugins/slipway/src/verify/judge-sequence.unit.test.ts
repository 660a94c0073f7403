import * as fc from 'fast-check';
import type { Attempt } from './attempt';
import { judgeSequence, type Standing } from './judge-sequence';
import type { Rules } from './rules';

const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  P: { result: 'passed', seen: 'ok' },
  F: { result: 'failed', seen: 'bad' },
  U: { result: 'impossible', seen: 'no data' },
  X: { result: 'impossible', seen: 'does not parse', final: true },
};
const attempts = (text: string): Attempt[] => [...text].map((letter) => ATTEMPTS[letter] as Attempt);

const SERVICE: Rules = {
  attempts: 3,
  forgives: 'failures',
  count: 1,
  failureLimit: null,
  consecutiveFailureLimit: 2,
  noData: 'unknown',
};
const METRIC: Rules = { ...SERVICE, forgives: 'noData' };
const WINDOWS: Rules = { ...METRIC, count: 5, failureLimit: 2, consecutiveFailureLimit: null };
const LASTING: Rules = { ...METRIC, consecutiveFailureLimit: 0 };
const standing = (text: string, rules: Rules): Standing => judgeSequence(attempts(text), rules).standing;

describe('judgeSequence', () => {
  it.each<[string, string, Rules, Standing]>([
    ['nothing says nothing', '', SERVICE, 'measuring'],
    ['a service has its attempts to come up', 'FF', SERVICE, 'measuring'],
    ['the last attempt may be the good one', 'FFP', SERVICE, 'healthy'],
    ['no attempt is left', 'FFF', SERVICE, 'unhealthy'],
    ['the last attempt could not be made', 'FFU', SERVICE, 'unknown'],
    ['what can not be asked is not asked again', 'X', SERVICE, 'unknown'],
    ['a failure on the way is looked into', 'PF', SERVICE, 'measuring'],
    ['and forgiven where it stays alone', 'PFFP', SERVICE, 'healthy'],
    ['but not one too many in a row', 'PFFF', SERVICE, 'unhealthy'],
    ['a gap between failures does not excuse them', 'PFUFUF', SERVICE, 'unhealthy'],
    ['a bad number is bad from the start', 'FFF', { ...METRIC, attempts: 9 }, 'unhealthy'],
    ['no data yet is waited for', 'UUP', METRIC, 'healthy'],
    ['for a while', 'UUU', METRIC, 'unknown'],
    ['an error in a log does not go away', 'PF', LASTING, 'unhealthy'],
    ['two of five windows may be bad', 'FPFPP', WINDOWS, 'healthy'],
    ['also the last ones', 'PPPFF', WINDOWS, 'healthy'],
    ['three may not', 'FPFPF', WINDOWS, 'unhealthy'],
    ['the last five count', 'FFPPPPPFF', WINDOWS, 'healthy'],
    ['fewer than five are no verdict', 'PPPP', WINDOWS, 'measuring'],
    ['windows without data count like bad ones', 'UPUPU', { ...WINDOWS, attempts: 1 }, 'unknown'],
    ['unless they are skipped', 'PUUPPUPP', { ...WINDOWS, noData: 'skip' }, 'healthy'],
    ['but data must come some time', 'PUUUUUUU', { ...WINDOWS, noData: 'skip' }, 'unknown'],
    ['no data may be an outage', 'PUUU', { ...METRIC, noData: 'unhealthy' }, 'unhealthy'],
    ['no data that is bad is still no data', 'PPUP', { ...WINDOWS, count: 4, noData: 'unhealthy' }, 'measuring'],
    ['also from the start', 'UUU', { ...METRIC, noData: 'unhealthy' }, 'unhealthy'],
  ])('%s: %s', (_, text, rules, expected) => {
    expect(standing(text, rules)).toBe(expected);
  });

  const limit = fc.option(fc.integer({ min: 0, max: 4 }));
  const anyRules: fc.Arbitrary<Rules> = fc.record({
    attempts: fc.integer({ min: 1, max: 5 }),
    forgives: fc.constantFrom('failures', 'noData'),
    count: fc.integer({ min: 1, max: 6 }),
    failureLimit: limit,
    consecutiveFailureLimit: limit,
    noData: fc.constantFrom('unknown', 'skip', 'unhealthy'),
  });
  const letters = (from: string, maxLength = 24) =>
    fc.array(fc.constantFrom(...from), { maxLength }).map((list) => list.join(''));

  it('is never healthy without as many measurements with data as were asked for', () => {
    fc.assert(
      fc.property(letters('PFUX'), anyRules, (text, rules) => {
        const conclusive = [...text].filter((letter) => letter === 'P' || letter === 'F').length;
        if (standing(text, rules) === 'healthy') expect(conclusive).toBeGreaterThanOrEqual(rules.count);
        expect(standing(text.replace(/[PF]/g, 'U'), rules)).not.toBe('healthy');
      }),
    );
  });

  it('does not get healthier when a good measurement turns bad, once the service was up', () => {
    fc.assert(
      fc.property(letters('PFU'), anyRules, fc.nat(), (rest, rules, where) => {
        const good = [...rest].flatMap((letter, index) => (letter === 'P' ? [index] : []));
        const turned = good[where % Math.max(1, good.length)];
        if (turned === undefined || standing(`P${rest}`, rules) === 'healthy') return;
        expect(standing(`P${rest.slice(0, turned)}F${rest.slice(turned + 1)}`, rules)).not.toBe('healthy');
      }),
    );
  });

  it('stays with unhealthy and unknown, whatever comes after', () => {
    fc.assert(
      fc.property(letters('PFU'), letters('PFUX', 6), anyRules, (text, more, rules) => {
        const before = standing(text, rules);
        if (before === 'unhealthy' || before === 'unknown') expect(standing(text + more, rules)).toBe(before);
      }),
    );
  });

  it('forgives as many failures as the limits say, and not one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 6 }), (allowed, more) => {
        const rules = { ...METRIC, count: allowed + more, failureLimit: allowed, consecutiveFailureLimit: null };
        const good = 'P'.repeat(more);
        expect(standing('F'.repeat(allowed) + good, rules)).toBe('healthy');
        expect(standing('F'.repeat(allowed + 1), rules)).toBe('unhealthy');
        const inARow = { ...METRIC, consecutiveFailureLimit: allowed };
        expect(standing(`P${'F'.repeat(allowed)}P`, inARow)).toBe('healthy');
        expect(standing(`P${'F'.repeat(allowed + 1)}`, inARow)).toBe('unhealthy');
      }),
    );
  });

  it('comes to a verdict in the end, unless it was given no limit', () => {
    fc.assert(
      fc.property(letters('PFU', 200), anyRules, (rest, rules) => {
        if (rules.failureLimit === null && rules.consecutiveFailureLimit === null) return;
        const long = 'U'.repeat(40);
        expect(standing(long, rules)).not.toBe('measuring');
        expect(standing(rest + 'P'.repeat(20), rules)).not.toBe('measuring');
      }),
    );
  });
});

/** Of 4,000 good releases with an error rate of 0.5 %, how many are condemned by a limit of 1 % over 5 windows. */
describe('false alarms', () => {
  /** Repeatable, so that the test says the same each time. */
  function random(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
  }

  /** Errors among so many requests: the gaps between errors are geometric. */
  function errors(requests: number, rate: number, next: () => number): number {
    let count = 0;
    for (let at = 0; ; count += 1) {
      at += Math.floor(Math.log(1 - next()) / Math.log(1 - rate)) + 1;
      if (at > requests) return count;
    }
  }

  function alarms(requests: number, failureLimit: number): number {
    const next = random(20_261_123);
    const rules: Rules = { ...WINDOWS, failureLimit };
    let condemned = 0;
    const releases = 4_000;
    for (let release = 0; release < releases; release += 1) {
      const windows = Array.from({ length: 5 }, () => (errors(requests, 0.005, next) / requests > 0.01 ? 'F' : 'P'));
      if (standing(windows.join(''), rules) === 'unhealthy') condemned += 1;
    }
    return condemned / releases;
  }

  it.each([
    [50, 0, 0.71],
    [1_000, 0, 0.07],
    [50, 2, 0.076],
    [1_000, 2, 0],
  ])('windows of %i requests of which %i may be bad: %d', (requests, failureLimit, expected) => {
    expect(Math.abs(alarms(requests, failureLimit) - expected)).toBeLessThan(0.02);
  });
});
