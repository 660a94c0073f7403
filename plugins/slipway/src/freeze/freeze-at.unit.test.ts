import fc from 'fast-check';
import type { FreezeWindow } from '../config/deployment/freeze-windows';
import { freezeAt } from './freeze-at';
import { addDays, asUtc, zoneClock } from './zone-clock';

const once = (from: string, to: string, reason = 'closing of the year'): FreezeWindow => ({ reason, from, to });
const weekly = (
  days: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[],
  from: string,
  to: string,
  timeZone = 'Europe/Berlin',
): FreezeWindow => ({ reason: 'weekend', days, from, to, timeZone });
const at = (windows: readonly FreezeWindow[], now: string, ahead?: number) => {
  const { current, until, next } = freezeAt(windows, new Date(now), ahead);
  return [
    current === null ? null : `${current.from.toISOString()} ${current.reason}`,
    until?.toISOString() ?? null,
    next?.from.toISOString() ?? null,
  ];
};

describe('a freeze that comes once', () => {
  const window = once('2026-12-20T00:00:00+01:00', '2027-01-02T00:00:00+01:00');
  const began = '2026-12-19T23:00:00.000Z closing of the year';
  it.each([
    ['before it, out of sight', '2026-12-12T22:59:59Z', [null, null, null]],
    ['a week before it', '2026-12-12T23:00:00Z', [null, null, '2026-12-19T23:00:00.000Z']],
    ['in its last second', '2027-01-01T22:59:59Z', [began, '2027-01-01T23:00:00.000Z', null]],
    ['in its first moment', '2026-12-19T23:00:00Z', [began, '2027-01-01T23:00:00.000Z', null]],
    ['when it is over', '2027-01-01T23:00:00Z', [null, null, null]],
  ])('%s', (_when, now, expected) => expect(at([window], now)).toEqual(expected));
});

describe('a freeze that comes every week', () => {
  const fridays = weekly(['fri'], '16:30', '08:00');
  it.each([
    ['on Friday, a second early', '2026-11-27T15:29:59Z', [null, null, '2026-11-27T15:30:00.000Z']],
    [
      'after midnight',
      '2026-11-28T06:59:59Z',
      ['2026-11-27T15:30:00.000Z weekend', '2026-11-28T07:00:00.000Z', '2026-12-04T15:30:00.000Z'],
    ],
    ['on Saturday at eight', '2026-11-28T07:00:00Z', [null, null, '2026-12-04T15:30:00.000Z']],
  ])('over midnight: %s', (_when, now, expected) => expect(at([fridays], now)).toEqual(expected));

  it('of whole days lasts until the first of them is over, where the next one follows until that', () => {
    const whole = weekly(['sat', 'sun'], '00:00', '00:00');
    expect(at([whole], '2026-11-28T12:00:00Z')).toEqual([
      '2026-11-27T23:00:00.000Z weekend',
      '2026-11-29T23:00:00.000Z',
      '2026-12-04T23:00:00.000Z',
    ]);
  });

  it('on every day never ends', () => {
    const always = weekly(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], '00:00', '00:00');
    const { current, until, next } = freezeAt([always], new Date('2026-11-28T12:00:00Z'));
    expect([current?.reason, until, next]).toEqual(['weekend', null, null]);
  });

  it.each([
    // Berlin's clocks go from 02:00 to 03:00 on 29 March 2026 at 01:00Z, and back on 25 October at the same time.
    ['begins in the hour that is skipped', '02:30', '05:00', '2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00.000Z'],
    ['ends in the hour that is skipped', '01:00', '02:30', '2026-03-29T00:00:00.000Z', '2026-03-29T01:00:00.000Z'],
    ['begins in the hour that comes twice', '02:30', '05:00', '2026-10-25T00:30:00.000Z', '2026-10-25T04:00:00.000Z'],
    ['ends in the hour that comes twice', '01:00', '02:30', '2026-10-24T23:00:00.000Z', '2026-10-25T01:30:00.000Z'],
  ])('when clocks change: %s', (_what, from, to, begin, end) => {
    const window = weekly(['sun'], from, to);
    const before = new Date(Date.parse(begin) - 1).toISOString();
    expect(at([window], before)).toEqual([null, null, begin]);
    expect(at([window], begin).slice(0, 2)).toEqual([`${begin} weekend`, end]);
    expect(at([window], end).slice(0, 2)).toEqual([null, null]);
  });

  it('that lies wholly in the skipped hour does not come', () => {
    expect(at([weekly(['sun'], '02:10', '02:50')], '2026-03-29T00:00:00Z', 5)).toEqual([null, null, null]);
  });

  it('goes by the clocks of a place that skipped a whole day', () => {
    // Samoa had no 30 December 2011: the 29th ended at 10:00Z on the 30th.
    const fridays = weekly(['fri'], '09:00', '17:00', 'Pacific/Apia');
    expect(at([fridays], '2011-12-30T09:00:00Z', 3)).toEqual([null, null, null]);
    const thursdays = weekly(['thu'], '09:00', '17:00', 'Pacific/Apia');
    expect(at([thursdays], '2011-12-29T20:00:00Z')).toEqual([
      '2011-12-29T19:00:00.000Z weekend',
      '2011-12-30T03:00:00.000Z',
      '2012-01-04T19:00:00.000Z',
    ]);
  });
});

it('ends after the last of several that overlap or follow each other', () => {
  const windows = [
    weekly(['fri'], '16:00', '00:00', 'UTC'),
    once('2026-11-27T20:00:00Z', '2026-11-28T06:00:00Z', 'stocktaking'),
    once('2026-11-28T06:00:00Z', '2026-11-28T07:00:00Z', 'after it'),
    once('2026-11-28T07:00:01Z', '2026-11-28T08:00:00Z', 'a second later'),
  ];
  expect(at(windows, '2026-11-27T17:00:00Z')).toEqual([
    '2026-11-27T16:00:00.000Z weekend',
    '2026-11-28T07:00:00.000Z',
    '2026-11-28T07:00:01.000Z',
  ]);
  expect(at(windows, '2026-11-27T21:00:00Z')[0]).toContain('stocktaking');
});

it('is none without windows', () => expect(at([], '2026-11-27T17:00:00Z')).toEqual([null, null, null]));

describe('whatever the windows', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Africa/Casablanca',
  ];
  const day = fc.constantFrom(
    'mon' as const,
    'tue' as const,
    'wed' as const,
    'thu' as const,
    'fri' as const,
    'sat' as const,
    'sun' as const,
  );
  const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
    const minutes = quarter * 15;
    return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  });
  const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  const onWeeks = fc.record({
    reason: fc.constant('weekly'),
    days: fc.uniqueArray(day, { minLength: 1, maxLength: 3 }),
    from: time,
    to: time,
    timeZone: fc.constantFrom(...zones),
  });
  const onDates = fc
    .tuple(moment, fc.integer({ min: 1, max: 400 }))
    .map(([from, hours]) => once(from.toISOString(), new Date(from.getTime() + hours * 3_600_000).toISOString()));
  const windows = fc.array(fc.oneof(onWeeks, onDates), { maxLength: 4 });

  it('it is frozen exactly from the beginning until the end that is told, and again from the next beginning', () =>
    fc.assert(
      fc.property(windows, moment, (given, now) => {
        const { current, until, next } = freezeAt(given, now);
        if (current !== null) {
          expect(current.from <= now && now < current.to).toBe(true);
          if (until !== null) {
            expect(until >= current.to).toBe(true);
            expect(freezeAt(given, until).current).toBeNull();
            const before = new Date(until.getTime() - 1);
            expect(freezeAt(given, before).until).toEqual(until);
          }
        }
        if (next !== null) {
          expect(freezeAt(given, next.from).current).not.toBeNull();
          expect(freezeAt(given, new Date(next.from.getTime() - 1)).current).toBeNull();
          expect(next.from > (until ?? now)).toBe(true);
        }
      }),
      { numRuns: 150 },
    ));

  it('a weekly one holds when clocks on the wall say so, but for the hours around a change of clocks', () =>
    fc.assert(
      fc.property(onWeeks, moment, (window, now) => {
        const clock = zoneClock(window.timeZone);
        const ahead = (time: number): number => asUtc(clock.at(new Date(time))) - time;
        const whole = Math.floor(now.getTime() / 60_000) * 60_000;
        fc.pre(ahead(whole - 26 * 3_600_000) === ahead(whole + 26 * 3_600_000));
        const wall = clock.at(now);
        const text = `${String(wall.hour).padStart(2, '0')}:${String(wall.minute).padStart(2, '0')}`;
        const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
        const on = (days: number): boolean =>
          window.days.some((name) => name === names[new Date(asUtc(addDays(wall, days))).getUTCDay()]);
        const overNight = window.to <= window.from;
        const expected = overNight
          ? (on(0) && text >= window.from) || (on(-1) && text < window.to)
          : on(0) && text >= window.from && text < window.to;
        expect(freezeAt([window], now).current !== null).toBe(expected);
      }),
      { numRuns: 300 },
    ));

  it('a zone tells every time that it shows', () =>
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (name, now) => {
        const clock = zoneClock(name);
        const wall = clock.at(now);
        const [first, last] = [clock.moment(wall, 'first'), clock.moment(wall, 'last')];
        expect([clock.at(first), clock.at(last)]).toEqual([wall, wall]);
        expect(first <= last && now.getTime() - last.getTime() < 60_000 && first <= now).toBe(true);
      }),
      { numRuns: 300 },
    ));
});
