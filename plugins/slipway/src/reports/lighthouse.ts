import { z } from 'zod';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { ReportError, type LighthouseReport } from './report';

/** Major versions whose reports have this shape. */
const OLDEST = 7;
const NEWEST = 13;
/** Lighthouse shows an audit as passed from here on. */
const PASSED = 0.9;
/** Ways to score in which a low score is a failed audit; `informative`, `manual` and others say nothing. */
const JUDGED: ReadonlySet<string> = new Set(['binary', 'numeric', 'metricSavings']);

const runtimeError = z.object({ code: z.string(), message: z.string().default('') });
const score = z.number().min(0).max(1).nullable();
const shape = z.object({
  lighthouseVersion: z.string().regex(/^\d+\.\d+\.\d+/),
  requestedUrl: z.string().optional(),
  finalDisplayedUrl: z.string().optional(),
  finalUrl: z.string().optional(),
  fetchTime: z.string().optional(),
  runWarnings: z.array(z.string()).default([]),
  audits: z.record(
    z.string(),
    z.object({ id: z.string(), title: z.string(), score, scoreDisplayMode: z.string().default('binary') }),
  ),
  categories: z.record(z.string(), z.object({ score, auditRefs: z.array(z.object({ id: z.string() })).default([]) })),
});
type Lighthouse = z.output<typeof shape>;

/** What `lighthouse --output=json` writes. */
export const lighthouse: ReportReader<'lighthouse'> = {
  format: 'lighthouse',
  kind: 'lighthouse',
  title: 'Lighthouse JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    'lighthouseVersion' in input.value &&
    ('audits' in input.value || 'categories' in input.value || 'runtimeError' in input.value),
  read: readLighthouse,
};

function readLighthouse(input: ReportInput): LighthouseReport {
  const value = input.syntax === 'json' ? input.value : null;
  refuseError(value);
  const json = parseShape(shape, value, "Lighthouse's JSON");
  const major = Number(json.lighthouseVersion.split('.')[0]);
  if (major < OLDEST || major > NEWEST) {
    throw new ReportError(
      'unknownVersion',
      `Lighthouse ${json.lighthouseVersion} is unknown; ${OLDEST} to ${NEWEST} are read`,
    );
  }
  const categories = Object.entries(json.categories);
  if (categories.length === 0 || Object.keys(json.audits).length === 0) {
    throw new ReportError('empty', 'nothing was audited');
  }
  return {
    kind: 'lighthouse',
    origin: originOf({ measuredAt: json.fetchTime, tool: 'Lighthouse', toolVersion: json.lighthouseVersion }),
    url: json.finalDisplayedUrl ?? json.finalUrl ?? json.requestedUrl ?? '',
    // Two decimals, as Lighthouse keeps them.
    scores: Object.fromEntries(
      categories.map(([id, category]) => [id, category.score === null ? null : Math.round(category.score * 100)]),
    ),
    failed: categories.flatMap(([category, { auditRefs }]) => failedAudits(json, category, auditRefs)),
    warnings: json.runWarnings,
  };
}

/** Before anything else: a report of a page that never loaded may lack the rest. */
function refuseError(value: unknown): void {
  if (!isRecord(value) || !isRecord(value['runtimeError'])) return;
  const { code, message } = parseShape(runtimeError, value['runtimeError'], "Lighthouse's error");
  if (code === 'NO_ERROR') return;
  throw new ReportError('toolError', `Lighthouse could not finish: ${code} ${message}`.slice(0, 300));
}

function failedAudits(
  { audits }: Lighthouse,
  category: string,
  refs: readonly { readonly id: string }[],
): LighthouseReport['failed'][number][] {
  return refs.flatMap(({ id }) => {
    const audit = audits[id];
    if (audit === undefined)
      throw new ReportError('contradictory', `${category} names the audit ${id}, which is missing`);
    const failed = audit.score !== null && audit.score < PASSED && JUDGED.has(audit.scoreDisplayMode);
    return failed ? [{ category, id, title: audit.title }] : [];
  });
}
