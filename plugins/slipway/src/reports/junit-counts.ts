import { parseCount } from './numbers';
import { ReportError } from './report';
import type { Attributes } from './xml';

/** What the test cases of a suite add up to. */
export interface Tally {
  cases: number;
  failed: number;
  errored: number;
  skipped: number;
  /** Elements rather than cases: one case can hold several. */
  failureElements: number;
  errorElements: number;
}

export function emptyTally(): Tally {
  return { cases: 0, failed: 0, errored: 0, skipped: 0, failureElements: 0, errorElements: 0 };
}

/** What a suite claims about itself; absent where it claims nothing. */
export interface Header {
  readonly tests?: number;
  readonly failures?: number;
  readonly errors?: number;
  readonly skipped?: number;
  readonly disabled?: number;
}

export function readHeader(attributes: Attributes, label: string): Header {
  const header: { -readonly [K in keyof Header]: number } = {};
  for (const key of ['tests', 'failures', 'errors', 'skipped', 'disabled'] as const) {
    const value = attributes[key];
    if (value !== undefined && value !== '') header[key] = parseCount(value, `${key} of ${label}`);
  }
  return header;
}

/**
 * Holds a suite's claims against its cases. Writers differ in whether an outer suite counts the cases of inner ones:
 * one of the tallies must agree with every claim.
 * @throws {ReportError}
 */
export function checkHeader(header: Header, tallies: readonly Tally[], label: string): void {
  const problems = tallies.map((tally) => disagreement(header, tally));
  if (problems.includes(null)) return;
  throw new ReportError('contradictory', `${label} claims ${problems.at(-1) ?? 'nothing'}`);
}

function disagreement(header: Header, tally: Tally): string | null {
  // pytest counts a test whose teardown breaks once too often or too seldom. Such a report has an error, so it can't pass.
  const slack = tally.errored;
  if (header.tests !== undefined && Math.abs(header.tests - tally.cases) > slack) {
    return `${header.tests} tests but lists ${tally.cases}`;
  }
  const failures = [tally.failed, tally.failureElements];
  if (header.errors === undefined) failures.push(tally.failed + tally.errored);
  if (header.failures !== undefined && !failures.includes(header.failures)) {
    return `${header.failures} failures but lists ${tally.failed}`;
  }
  if (header.errors !== undefined && header.errors !== tally.errored && header.errors !== tally.errorElements) {
    return `${header.errors} errors but lists ${tally.errored}`;
  }
  const skipped = [header.skipped, header.skipped === undefined ? undefined : header.skipped + (header.disabled ?? 0)];
  if (header.skipped !== undefined && !skipped.includes(tally.skipped)) {
    return `${header.skipped} skipped but lists ${tally.skipped}`;
  }
  return null;
}
