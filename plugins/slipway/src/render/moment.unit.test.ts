import { showMoment } from './moment';

it.each([
  ['2026-11-24T00:06:23.322Z', '2026-11-24 00:06 UTC'],
  ['2026-11-24T00:06:23Z', '2026-11-24 00:06 UTC'],
  ['2026-11-24T00:06Z', '2026-11-24 00:06 UTC'],
  ['2026-11-24T00:06:23+01:00', '2026-11-24T00:06:23+01:00'],
  ['<script>', '<script>'],
])('shows %s as %s', (iso, shown) => expect(showMoment(iso)).toBe(shown));
