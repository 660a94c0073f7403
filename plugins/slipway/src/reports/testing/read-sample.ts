import { readReport, ReportError, type Report, type ReportFormat, type SecurityReport } from '../index';
import { samples } from './samples';

export type Json = Record<string, unknown>;

/** A valid report of the format: of those that pass, or that fail, the one of that number. */
export function sample(format: ReportFormat, verdict: 'pass' | 'fail', number = 0): string {
  const found = samples.filter((one) => one.format === format && one.verdict === verdict)[number];
  if (!found) throw new RangeError(`no such sample of ${format}`);
  return found.content;
}

/** The first such sample, which is JSON, changed. */
export function changed(format: ReportFormat, verdict: 'pass' | 'fail', change: (json: Json) => void): string {
  const json = JSON.parse(sample(format, verdict)) as Json;
  change(json);
  return JSON.stringify(json);
}

export function read(content: string): Report {
  return readReport('auto', content).report;
}

/** @throws {TypeError} where it is a report of another kind. */
export function readSecurity(content: string): SecurityReport {
  const report = read(content);
  if (report.kind !== 'security') throw new TypeError(`a report of ${report.kind}`);
  return report;
}

/** Why a report is refused, as `problem: message`; `none` where it is not. */
export function problemOf(content: string, format: ReportFormat | 'auto' = 'auto'): string {
  try {
    readReport(format, content);
  } catch (error) {
    if (error instanceof ReportError) return `${error.problem}: ${error.message}`;
    throw error;
  }
  return 'none';
}
