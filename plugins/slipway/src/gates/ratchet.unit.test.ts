import fc from 'fast-check';
import type { Share } from '../reports/report';
import { fewerTests } from './fewer-tests';
import { judgeRatchet } from './ratchet';

const SUBJECT = { check: 'comparison', project: 'api' };
const share = (covered: number, total: number): Share => ({ covered, total });
const verdict = (last: Share | null, now: Share, noise = 0.5): string =>
  judgeRatchet(last, now, { noise }, SUBJECT).verdict;

describe('coverage beside that of the last release', () => {
  it.each([
    ['the same', share(80, 100), share(80, 100), 'pass'],
    ['less within the noise', share(900, 1000), share(895, 1000), 'pass'],
    ['less than the noise lets pass', share(900, 1000), share(894, 1000), 'fail'],
    ['deleted covered code', share(900, 1000), share(100, 200), 'pass'],
    ['deleted covered code, and new code without tests', share(900, 1000), share(90, 200), 'fail'],
    ['new code without tests', share(900, 1000), share(900, 1100), 'fail'],
    ['nothing measured now', share(900, 1000), share(0, 0), 'inconclusive'],
    ['nothing measured then', share(0, 0), share(1, 2), 'notApplicable'],
    ['no last release', null, share(1, 2), 'notApplicable'],
  ])('%s', (_what, last, now, expected) => {
    expect(verdict(last, now)).toBe(expected);
  });

  it('says by how much, and what a waiver relies on', () => {
    expect(judgeRatchet(share(900, 1000), share(900, 1100), { noise: 0.5 }, SUBJECT)).toMatchObject({
      reason:
        '81.81 % of 1100 lines covered, 90 % of 1000 at the last release; up to 0.5 points less are let pass, and 100 more lines are uncovered than then',
      measured: (100 * 900) / 1100,
      limit: 89.5,
      findings: [{ fingerprint: 'comparison:coverage:api@81.8' }],
    });
  });

  const shares = fc
    .tuple(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([total, part]) => share(Math.floor(part * total), total));
  const noise = fc.integer({ min: 0, max: 50 }).map((tenths) => tenths / 10);
  const holds = (last: Share, now: Share, band: number): boolean => verdict(last, now, band) === 'pass';

  it('lets pass whatever only deletes lines, covers more of them, or changes nothing', () => {
    fc.assert(
      fc.property(shares, noise, fc.nat(), fc.nat(), fc.nat(), (last, band, a, b, c) => {
        const deletedCovered = a % (last.covered + 1);
        const deletedUncovered = b % (last.total - last.covered + 1);
        const left = share(last.covered - deletedCovered, last.total - deletedCovered - deletedUncovered);
        const newlyCovered = c % (left.total - left.covered + 1);
        const now = share(left.covered + newlyCovered, left.total);
        fc.pre(now.total > 0);
        expect(holds(last, now, band)).toBe(true);
      }),
    );
  });

  it('lets pass whatever only adds covered lines', () => {
    fc.assert(
      fc.property(shares, noise, fc.nat(1_000), (last, band, more) => {
        expect(holds(last, share(last.covered + more, last.total + more), band)).toBe(true);
      }),
    );
  });

  it('fails only where more lines are uncovered than then', () => {
    fc.assert(
      fc.property(shares, shares, noise, (last, now, band) => {
        fc.pre(!holds(last, now, band));
        expect(now.total - now.covered).toBeGreaterThan(last.total - last.covered);
      }),
    );
  });

  it('fails where as many lines as then are covered less by more than the noise', () => {
    fc.assert(
      fc.property(shares, fc.nat(), noise, (last, fewer, band) => {
        const now = share(last.covered - (fewer % (last.covered + 1)), last.total);
        const fall = (last.covered - now.covered) * 1_000;
        expect(holds(last, now, band)).toBe(fall <= Math.round(band * 10) * last.total);
      }),
    );
  });

  it('is never stricter for a covered line more, an uncovered one less, or a wider band', () => {
    fc.assert(
      fc.property(shares, shares, noise, noise, (last, now, one, other) => {
        fc.pre(holds(last, now, Math.min(one, other)));
        expect(holds(last, now, Math.max(one, other))).toBe(true);
        expect(holds(last, share(now.covered + 1, now.total + 1), Math.min(one, other))).toBe(true);
        if (now.covered < now.total) {
          expect(holds(last, share(now.covered + 1, now.total), Math.min(one, other))).toBe(true);
          if (now.total > 1) expect(holds(last, share(now.covered, now.total - 1), Math.min(one, other))).toBe(true);
        }
      }),
    );
  });
});

describe('fewer tests than at the last release', () => {
  it.each([
    [null, 5, null],
    [5, 5, null],
    [5, 6, null],
    [5, 4, '4 tests ran, 1 fewer than at the last release (5); see that none was lost'],
    [5, 1, '1 test ran, 4 fewer than at the last release (5); see that none was lost'],
  ])('%s then and %s now', (last, now, expected) => {
    expect(fewerTests(last, now)).toBe(expected);
  });
});
