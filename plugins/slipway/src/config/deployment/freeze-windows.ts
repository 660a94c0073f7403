import { z } from 'zod';

/** Times at which nothing is deployed to an environment. A rollback is never held up by them. */

const day = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 16:30');

const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/,
    'a moment with its offset, such as 2026-12-20T00:00:00+01:00',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), 'a moment that exists');

const timeZone = z
  .string()
  .refine(isTimeZone, 'the IANA name of a time zone, such as Europe/Berlin or UTC')
  .default('UTC')
  .describe('IANA name, e.g. Europe/Berlin.');

const once = z
  .strictObject({
    reason: z.string().min(1),
    from: moment.describe('ISO 8601 with an offset, e.g. 2026-12-20T00:00:00+01:00.'),
    to: moment.describe('First moment at which deployments are allowed again.'),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], error: 'a moment after "from"' });

const weekly = z.strictObject({
  reason: z.string().min(1),
  days: z.array(day).min(1).describe('Days on which it begins.'),
  from: time.default('00:00'),
  to: time.default('00:00').describe('Ends the next day where it is not after from.'),
  timeZone,
});

/** Whether this system's time zone data knows it. Offsets are none: they know no summer time. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export type WeeklyFreeze = z.output<typeof weekly>;
export type FreezeWindow = z.output<typeof once> | WeeklyFreeze;

export const freezeWindows = z
  .array(z.union([once, weekly]))
  .default([])
  .describe('When nothing is deployed here; rollbacks always may.');
