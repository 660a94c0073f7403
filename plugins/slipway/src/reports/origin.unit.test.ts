import { readReport, ReportError, type Origin } from './index';
import { originOf } from './origin';

const FILE = { path: '/w/a.ts', statementMap: { 0: { start: { line: 1 } } }, s: { 0: 1 } };

/** Any object in JSON will do; Istanbul's has a key for each file, so it would stumble over one that is none. */
function originIn(own: unknown): Origin | undefined {
  return readReport('auto', JSON.stringify({ '/w/a.ts': FILE, slipway: own })).report.origin;
}

function problem(own: unknown): string {
  try {
    originIn(own);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

describe("a producer's own word in a report", () => {
  it('says when it was made, until when it is valid, and by what', () => {
    expect(
      originIn({
        measuredAt: '2026-11-22T10:30:00+01:00',
        validUntil: '2026-11-23T09:30:00Z',
        tool: 'npm audit',
        toolVersion: '11.6.2',
        database: '2026-11-22',
      }),
    ).toEqual({
      measuredAt: '2026-11-22T09:30:00.000Z',
      validUntil: '2026-11-23T09:30:00.000Z',
      tool: 'npm audit',
      toolVersion: '11.6.2',
      database: '2026-11-22',
    });
  });

  it('needs no more than when', () => {
    expect(originIn({ measuredAt: '2026-11-22T09:30:00Z' })).toEqual({
      measuredAt: '2026-11-22T09:30:00.000Z',
      validUntil: null,
      tool: null,
      toolVersion: null,
      database: null,
    });
  });

  it('leaves reports without it as they are', () => {
    expect(readReport('auto', JSON.stringify({ '/w/a.ts': FILE })).report).not.toHaveProperty('origin');
  });

  it.each([
    ['null', null, 'malformed'],
    ['a list', [], 'malformed'],
    ['nothing in it', {}, 'malformed'],
    ['no moment', { measuredAt: 'yesterday' }, 'malformed'],
    ['a moment without a zone', { measuredAt: '2026-11-22T09:30:00' }, 'malformed'],
    ['a day that does not exist', { measuredAt: '2026-02-30T09:30:00Z' }, 'malformed'],
    ['a number', { measuredAt: 1_795_000_000_000 }, 'malformed'],
    ['an end that is no moment', { measuredAt: '2026-11-22T09:30:00Z', validUntil: 'for ever' }, 'malformed'],
    ['a key that nobody knows', { measuredAt: '2026-11-22T09:30:00Z', validUntill: null }, 'malformed'],
    [
      'an end before the start',
      { measuredAt: '2026-11-22T09:30:00Z', validUntil: '2026-11-21T09:30:00Z' },
      'contradictory',
    ],
  ])('is refused with %s', (_, own, expected) => {
    expect(problem(own)).toBe(expected);
  });

  it('is no report by itself', () => {
    expect(() => readReport('auto', JSON.stringify({ slipway: { measuredAt: '2026-11-22T09:30:00Z' } }))).toThrow(
      'nothing was reported',
    );
  });
});

describe("a format's own origin", () => {
  it.each([
    ['2026-11-22T09:30:00.123456789Z', '2026-11-22T09:30:00.123Z'],
    ['2026-11-22T10:30:00+01:00', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22T09:30:00', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('takes %j as %j', (text, expected) => {
    expect(originOf({ measuredAt: text }).measuredAt).toBe(expected);
  });
});
