import { z } from 'zod';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import type { AccessibilityPage, AccessibilityReport, AccessibilityRule } from './report';

/** What is kept of an element. Pages can be large; whoever reads it has the page. */
const MAX_HTML = 300;
const MAX_SUMMARY = 1_000;

/** A selector; a list of them leads through shadow roots. */
const selector = z.union([z.string(), z.array(z.string())]);

const node = z.object({
  target: z.array(selector).min(1),
  html: z.string().default(''),
  failureSummary: z.string().nullish(),
});

const rule = z.object({
  id: z.string().min(1),
  impact: z.enum(['critical', 'serious', 'moderate', 'minor']).nullish(),
  tags: z.array(z.string()).default([]),
  help: z.string().default(''),
  helpUrl: z.string().nullish(),
  nodes: z.array(node),
});
type Rule = z.output<typeof rule>;

const found = rule.refine(({ nodes }) => nodes.length > 0, 'names no element');

/** A page with violations is at fault whatever else is left out of it; one without has to show all that was looked at. */
const page = z
  .object({
    testEngine: z.object({ name: z.literal('axe-core'), version: z.string() }).optional(),
    timestamp: z.string().optional(),
    url: z.string().min(1).default('a page that is not named'),
    violations: z.array(found),
    incomplete: z.array(found).optional(),
    passes: z.array(rule).optional(),
    inapplicable: z.array(rule).default([]),
  })
  .refine(({ violations, incomplete }) => violations.length > 0 || incomplete !== undefined, {
    path: ['incomplete'],
    error: 'is missing: what axe could not decide',
  })
  .refine(({ violations, passes }) => violations.length > 0 || passes !== undefined, {
    path: ['passes'],
    error: 'is missing: what axe found to be fine',
  })
  .transform(({ incomplete = [], passes = [], ...others }) => ({ ...others, incomplete, passes }));

/**
 * Results of axe-core, of its Playwright or Selenium packages, or of `axe --save`: one page's result, a list of them, or
 * `{ "pages": […] }` as release-a11y writes it (with its own origin beside, see origin.ts).
 */
export const axe: ReportReader<'axe'> = {
  format: 'axe',
  kind: 'accessibility',
  title: 'axe JSON',
  recognises: (input) => input.syntax === 'json' && isAxe(input.value),
  read: readAxe,
};

function isAxe(value: unknown): boolean {
  const results = pagesOf(value);
  if (results === null) return false;
  const [first] = results;
  // A producer's file with no page in it is one of ours, and says so when it is read.
  if (first === undefined) return isRecord(value) && Object.keys(value).length === 1;
  if (!isRecord(first) || !Array.isArray(first['violations'])) return false;
  const [violation] = first['violations'] as readonly unknown[];
  return (
    'passes' in first || 'testEngine' in first || (isRecord(violation) && 'id' in violation && 'nodes' in violation)
  );
}

function pagesOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isRecord(value)) return null;
  if (!('pages' in value)) return [value];
  return Array.isArray(value['pages']) ? value['pages'] : null;
}

function readAxe(input: ReportInput): AccessibilityReport {
  const pages = parseShape(
    z.array(page).min(1, 'no page was looked at'),
    input.syntax === 'json' ? pagesOf(input.value) : null,
    "axe's JSON",
  );
  const [first] = pages;
  return {
    kind: 'accessibility',
    // The oldest, because the whole is relied on.
    origin: originOf({
      measuredAt: pages.some(({ timestamp }) => timestamp === undefined)
        ? null
        : pages.map(({ timestamp }) => timestamp).sort()[0],
      tool: 'axe-core',
      toolVersion: first?.testEngine?.version,
    }),
    pages: pages.map(({ url, violations, incomplete, passes, inapplicable }): AccessibilityPage => ({
      url,
      violations: violations.map(readRule),
      incomplete: incomplete.map(readRule),
      passed: passes.map(withoutNodes),
      inapplicable: inapplicable.map(withoutNodes),
    })),
  };
}

function readRule({ id, help, impact, tags, helpUrl, nodes }: Rule): AccessibilityRule {
  return {
    id,
    title: help || id,
    impact: impact ?? null,
    criteria: tags.flatMap(criterionOf),
    tags,
    url: helpUrl ?? null,
    nodes: nodes.map(({ target, html, failureSummary }) => ({
      target: target.flat().join(' '),
      html: html.slice(0, MAX_HTML),
      summary: (failureSummary ?? '').slice(0, MAX_SUMMARY),
    })),
  };
}

/** Elements that are fine are of no use to anybody, and there are many. */
function withoutNodes(rule: Rule): AccessibilityRule {
  return readRule({ ...rule, nodes: [] });
}

/** `wcag1412` is 1.4.12, and `wcag21aa` is no criterion. */
function criterionOf(tag: string): string[] {
  const match = /^wcag(\d)(\d)(\d{1,2})$/.exec(tag);
  return match ? [match.slice(1).join('.')] : [];
}
