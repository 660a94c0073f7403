import { milliseconds, showDuration } from './duration';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['30d', 2_592_000_000],
  ])('reads %s', (text, value) => expect(milliseconds(text)).toBe(value));

  it.each(['', '5', '5 s', 's', '-1s', '5w'])('refuses "%s"', (text) =>
    expect(() => milliseconds(text)).toThrow(RangeError),
  );

  it('shows them in the unit people think in', () => {
    expect([800, 12_300, 200_000, 120_000].map(showDuration)).toEqual(['800 ms', '12 s', '3 min 20 s', '2 min']);
  });
});
