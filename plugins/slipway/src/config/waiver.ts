import { z } from 'zod';

/** `<check>:<what stays the same>@<state>`; the state may be missing. */
const fingerprint = z
  .string()
  .regex(
    /^[a-z]+:\S(?:.*\S)?$/i,
    'a fingerprint as the gate shows it, e.g. security:npm/lodash:GHSA-35jh-r3h4-6jhm@high',
  );
const person = z.string().trim().min(1);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day, as YYYY-MM-DD')
  .refine((text) => isDay(text), 'a day that exists, as YYYY-MM-DD');

/** A finding that may pass for a while, because two persons said so. */
export const waiver = z.strictObject({
  fingerprint: fingerprint.describe('Of the finding, as the gate shows it.'),
  project: z.string().min(1).optional().describe('Nx name of the project. Default: any that has the finding.'),
  owner: person.describe('Who asks for it, and will mend the finding.'),
  approver: person.describe('Who allows it; another person than the owner.'),
  reason: z.string().trim().min(10).describe('Why it may wait, in 10 characters or more.'),
  expiry: day.describe('Last day (UTC) on which it counts, as YYYY-MM-DD.'),
});
export const waivers = z.array(waiver);
/** What the file of waivers may hold instead of an array. */
export const waiversObject = z.strictObject({ $schema: z.string().optional(), waivers });

export type Waiver = z.output<typeof waiver>;

/** Whether a text names a day of the calendar, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
