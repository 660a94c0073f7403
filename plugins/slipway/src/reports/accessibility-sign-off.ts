import { z } from 'zod';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import type { SignOffReport } from './report';

/** What the template of the accessibility check leaves to be filled in. */
const PLACEHOLDER = /^<.*>$/;

const words = z
  .string()
  .trim()
  .min(2)
  .max(2_000)
  .refine((text) => !PLACEHOLDER.test(text), 'the placeholder of the template has to be replaced');

const signOff = z.strictObject({
  /** For a result that axe could not decide: `met` when it was looked at and found no fault. */
  result: z.enum(['met', 'notMet', 'notApplicable']),
  /** A role or team, or a person. */
  by: words,
  on: z.iso.date('not a day such as 2026-11-22'),
  /** How it was looked at, and what was found. */
  note: words,
});

const shape = z.strictObject({
  /** By number of the success criterion, e.g. `1.2.1`. */
  criteria: z.record(z.string().regex(/^[1-4]\.\d\.\d{1,2}$/, 'not a criterion such as 1.2.1'), signOff).default({}),
  /** By fingerprint, as the accessibility check prints it. */
  triaged: z.record(z.string().regex(/^accessibility:/, 'not a fingerprint'), signOff).default({}),
});

/** `accessibility.json`: what persons judged, because no tool can. */
export const accessibilitySignOff: ReportReader<'slipway-accessibility'> = {
  format: 'slipway-accessibility',
  kind: 'signoff',
  title: 'sign-offs of accessibility (accessibility.json)',
  recognises: (input) =>
    input.syntax === 'json' && isRecord(input.value) && (isRecord(input.value['criteria']) || 'triaged' in input.value),
  read: readSignOffs,
};

function readSignOffs(input: ReportInput): SignOffReport {
  const { criteria, triaged } = parseShape(shape, input.syntax === 'json' ? input.value : null, 'a sign-off file');
  return { kind: 'signoff', criteria, triaged };
}
