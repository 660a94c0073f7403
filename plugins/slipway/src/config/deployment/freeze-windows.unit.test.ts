import { ConfigError } from '../error';
import { parseConfig } from '../load';

const weekend = { reason: 'weekend', days: ['sat'] };
const year = { reason: 'closing', from: '2026-12-20T00:00:00+01:00', to: '2027-01-02T00:00:00+01:00' };

function load(...freezes: readonly object[]) {
  const image = { dockerfile: 'Dockerfile', context: ['web'], repository: 'web', variable: 'WEB_IMAGE' };
  const prod = { compose: 'c.yml', project: 'p', freezes };
  return parseConfig(JSON.stringify({ images: { web: image }, environments: { prod } }, null, 1)).environments['prod'];
}

function problem(freeze: object): string {
  try {
    load(year, freeze);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

it('takes windows that come once and every week, the latter of whole days in UTC unless told otherwise', () => {
  expect(load(weekend, year)?.freezes).toEqual([{ ...weekend, from: '00:00', to: '00:00', timeZone: 'UTC' }, year]);
});

it.each([
  ['Europe/Berlin', 'none'],
  ['america/new_york', 'none'],
  [
    'Europe/Berln',
    /^slipway\.json:\d+:\d+: environments\.prod\.freezes\[1\]\.timeZone: "Europe\/Berln" is not allowed; expected the IANA name/,
  ],
  [
    '+01:00',
    /timeZone: "\+01:00" is not allowed; expected the IANA name of a time zone, such as Europe\/Berlin or UTC\.$/,
  ],
  ['', /timeZone: "" is not allowed/],
])('a time zone %j: %s', (timeZone, told) => {
  const said = problem({ ...weekend, timeZone });
  if (typeof told === 'string') expect(said).toBe(told);
  else expect(said).toMatch(told);
});

it.each<[string, object, RegExp]>([
  [
    'an end before the beginning',
    { ...year, to: '2026-12-19T23:00:00Z' },
    /^slipway\.json:\d+:\d+: environments\.prod\.freezes\[1\]\.to: "2026-12-19T23:00:00Z" is not allowed; expected a moment after "from"\.$/,
  ],
  ['an end at the beginning', { ...year, to: '2026-12-19T23:00:00Z' }, /moment after "from"/],
  [
    'a moment without an offset',
    { ...year, from: '2026-12-20T00:00:00' },
    /freezes\[1\]\.from: .*a moment with its offset/,
  ],
  [
    'a day that does not exist',
    { ...year, from: '2026-12-32T00:00:00Z' },
    /freezes\[1\]\.from: .*a moment that exists/,
  ],
  [
    'a time that does not exist',
    { ...weekend, from: '24:00' },
    /freezes\[1\]\.from: "24:00" is not allowed; expected a time of day/,
  ],
  ['a day of no week', { ...weekend, days: ['someday'] }, /freezes\[1\]\.days\[0\]/],
])('refuses %s, with its line', (_what, freeze, told) => expect(problem(freeze)).toMatch(told));
