import type { Severity } from './report';
import { SEVERITIES } from './report';

/** What tools call them, in lower case. */
const NAMES: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  moderate: 'medium',
  medium: 'medium',
  low: 'low',
  negligible: 'info',
  informational: 'info',
  info: 'info',
  none: 'info',
};

/** @param text as a tool writes it; what nobody knows is `unknown`, which is judged like `high`. */
export function toSeverity(text: string | null | undefined): Severity {
  const name = text?.trim().toLowerCase() ?? '';
  return Object.hasOwn(NAMES, name) ? (NAMES[name] ?? 'unknown') : 'unknown';
}

/** By the qualitative scale of CVSS 3 and 4. @param score 0 to 10; anything else is `unknown`. */
export function severityOfScore(score: number | null | undefined): Severity {
  if (score == null || !(score >= 0 && score <= 10)) return 'unknown';
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}

/** By the base score of a CVSS vector of version 2, 3.0, 3.1 or 4.0; `unknown` for one that is not complete. */
export function severityOfVector(vector: string): Severity {
  if (vector.length > 500) return 'unknown';
  // It brings the tables of all versions: only loaded where a report has vectors.
  const { fromVector } = require('ae-cvss-calculator') as { fromVector: (vector: string) => CvssVector | null };
  const parsed = fromVector(vector.trim());
  if (!parsed?.isBaseFullyDefined()) return 'unknown';
  return severityOfScore(parsed.calculateScores(false).base);
}

/** What is used of the library's result, which it types as `any`. */
interface CvssVector {
  isBaseFullyDefined(): boolean;
  calculateScores(normalise: boolean): { readonly base?: number };
}

/** 0 is worst; `unknown` counts as high. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity === 'unknown' ? 'high' : severity);
}

/** The worst that is known; several sources rate one vulnerability differently. */
export function worstSeverity(severities: Iterable<Severity>): Severity {
  const all = new Set(severities);
  return SEVERITIES.find((severity) => severity !== 'unknown' && all.has(severity)) ?? 'unknown';
}
