import { showMoment } from './moment';
import { createHash } from 'node:crypto';
import type { CheckResult, Finding } from '../gates/check';
import type { JudgedReport, ProjectVerdict } from '../gates/judge';
import { escapeHtml, escapeHtmlBlock } from './html-text';
import { orderedFindings } from './ordered-findings';
import { counted, limitText, measuredText } from './quantity';
import { checkTitle, formatTitle } from './reports-of';
import { VERDICT_STYLE } from './verdict-html-style';
import { placeOf, tally, VERDICTS, waiverText } from './verdict-words';

/** Findings that stand open; the others unfold, so that a long list does not hide the next check. */
const OPEN_FINDINGS = 25;

/**
 * A verdict as one page that needs nothing else: no script, no request, a policy that forbids both, and only text out of reports. Light
 * or dark as the reader likes it, and fit to be printed and kept.
 */
export function verdictHtml(verdict: ProjectVerdict): string {
  const { checks, project, tool, asOf, validUntil, warnings } = verdict;
  const style = createHash('sha256').update(VERDICT_STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
  const title = `${escapeHtml(project)}: ${VERDICTS[verdict.verdict].word}`;
  const told = checks.map((check, index) => ({ check, id: `check-${index}` })).filter(({ check }) => hasMore(check));
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${VERDICT_STYLE}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${escapeHtml(project)} ${badge(verdict.verdict)}</h1>`,
    `<p class="soft">Release gate, judged for ${escapeHtml(asOf)}${tallyText(checks)}</p>`,
    ...(validUntil === null
      ? []
      : [`<p class="soft">Its reports count until ${escapeHtml(showMoment(validUntil))}</p>`]),
    '</header>',
    '<main>',
    checksTable(checks, new Set(told.map(({ id }) => id))),
    ...warnings.map((warning) => `<p class="warning">Warning: ${escapeHtml(warning)}</p>`),
    ...told.map(({ check, id }) => section(check, id)),
    reportsTable(verdict.reports),
    '</main>',
    `<footer>${escapeHtml(tool.name)} ${escapeHtml(tool.version)} · files judged: <code>${escapeHtml(verdict.subject)}</code></footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function tallyText(checks: readonly CheckResult[]): string {
  const counts = tally(checks);
  return counts === '' ? '' : `: ${counts}`;
}

function badge(verdict: CheckResult['verdict']): string {
  const { symbol, word } = VERDICTS[verdict];
  return `<span class="verdict ${verdict}"><span aria-hidden="true">${symbol} </span>${word}</span>`;
}

function checksTable(checks: readonly CheckResult[], linked: ReadonlySet<string>): string {
  // What does not apply asks for nothing, so it comes last.
  const rows = checks.map((check, index) => ({ check, id: `check-${index}` }));
  const last = (verdict: CheckResult['verdict']): number => (verdict === 'notApplicable' ? 1 : 0);
  rows.sort((a, b) => last(a.check.verdict) - last(b.check.verdict));
  return [
    // Focusable, because whoever has no mouse must be able to scroll it.
    '<div class="scroll" role="region" aria-label="Checks" tabindex="0">',
    '<table>',
    '<caption>Checks</caption>',
    '<thead><tr><th scope="col">Check</th><th scope="col">Verdict</th><th scope="col" class="number">Measured</th><th scope="col" class="number">Limit</th><th scope="col">Why</th></tr></thead>',
    '<tbody>',
    ...rows.map(({ check, id }) => {
      const name = escapeHtml(checkTitle(check.check));
      const head = linked.has(id) ? `<a href="#${id}">${name}</a>` : name;
      return `<tr><th scope="row">${head}</th><td>${badge(check.verdict)}</td><td class="number">${measuredText(check) || '–'}</td><td class="number">${limitText(check) || '–'}</td><td class="why">${escapeHtml(check.reason)}</td></tr>`;
    }),
    '</tbody>',
    '</table>',
    '</div>',
  ].join('\n');
}

function hasMore({ findings, warnings }: CheckResult): boolean {
  return findings.length > 0 || (warnings?.length ?? 0) > 0;
}

function section(check: CheckResult, id: string): string {
  const findings = orderedFindings(check);
  const open = findings.slice(0, OPEN_FINDINGS);
  const folded = findings.slice(OPEN_FINDINGS);
  const list = (items: readonly Finding[]): string => ['<ul>', ...items.map(item), '</ul>'].join('\n');
  return [
    `<section id="${id}" aria-labelledby="${id}-title">`,
    `<h2 id="${id}-title">${escapeHtml(checkTitle(check.check))} ${badge(check.verdict)}</h2>`,
    `<p>${escapeHtml(check.reason)}</p>`,
    ...(check.warnings ?? []).map((warning) => `<p class="warning">Warning: ${escapeHtml(warning)}</p>`),
    ...(open.length > 0 ? [list(open)] : []),
    ...(folded.length > 0
      ? [`<details><summary>${counted(folded.length, 'more finding')}</summary>`, list(folded), '</details>']
      : []),
    '</section>',
  ].join('\n');
}

function item(finding: Finding): string {
  const { title, severity, detail, fix, fingerprint } = finding;
  const place = placeOf(finding);
  const waiver = waiverText(finding);
  return [
    '<li>',
    ...(severity === undefined ? [] : [`<span class="severity ${severity}">${severity}</span>`]),
    escapeHtml(title),
    ...(place === null ? [] : [`<br><code>${escapeHtml(place)}</code>`]),
    ...(detail === undefined ? [] : [`<span class="detail">${escapeHtmlBlock(detail)}</span>`]),
    ...(waiver === null ? [] : [`<p class="warning">${escapeHtml(waiver)}</p>`]),
    ...(fix === undefined || waiver !== null
      ? []
      : [`<p><span class="label">Fix</span><code>${escapeHtml(fix)}</code></p>`]),
    ...(fingerprint === undefined
      ? []
      : [`<p><span class="label">Fingerprint</span><code>${escapeHtml(fingerprint)}</code></p>`]),
    '</li>',
  ].join('');
}

function reportsTable(reports: readonly JudgedReport[]): string {
  if (reports.length === 0) return '<p class="soft">No report was judged.</p>';
  return [
    '<div class="scroll" role="region" aria-label="Reports" tabindex="0">',
    '<table>',
    '<caption>Reports</caption>',
    '<thead><tr><th scope="col">File</th><th scope="col">Format</th><th scope="col">Made by</th><th scope="col">Measured</th><th scope="col">SHA-256</th></tr></thead>',
    '<tbody>',
    ...reports.map(({ path, format, origin, sha256 }) => {
      const maker = [origin?.tool, origin?.toolVersion].filter((part) => part != null).join(' ');
      const cells = [
        formatTitle(format),
        maker || '–',
        origin?.measuredAt == null ? '–' : showMoment(origin.measuredAt),
      ].map((cell) => `<td>${escapeHtml(cell)}</td>`);
      return `<tr><th scope="row"><code>${escapeHtml(path)}</code></th>${cells.join('')}<td><code>${escapeHtml(sha256.slice(0, 16))}…</code></td></tr>`;
    }),
    '</tbody>',
    '</table>',
    '</div>',
  ].join('\n');
}
