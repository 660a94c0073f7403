import type { CheckResult, Finding } from '../gates/check';
import type { ProjectVerdict } from '../gates/judge';
import { showMoment } from './moment';
import { allows } from '../gates/verdict';
import { escapeHtml } from './html-text';
import { code, plain } from './markdown-text';
import { orderedFindings } from './ordered-findings';
import { counted, limitText, measuredText } from './quantity';
import { firstBlocking, placeOf, tally, VERDICTS, waiverText } from './verdict-words';

/** Findings of one check. The HTML page has them all. */
const MAX_FINDINGS = 20;

/** A verdict for a run's summary, a pull request or a release page. Nothing out of a report becomes markup. */
export function verdictMarkdown(verdict: ProjectVerdict): string {
  const { symbol, word } = VERDICTS[verdict.verdict];
  const counts = tally(verdict.checks);
  const judged = verdict.checks.filter((check) => check.verdict !== 'notApplicable');
  const blocking = firstBlocking(verdict.checks);
  const blocks = [
    `### ${symbol} ${plain(verdict.project)}: ${word}${counts === '' ? '' : ` (${counts})`}`,
    judged.length === 0 ? null : table(judged),
    ...judged.map(details),
    notApplicable(verdict.checks),
    ...verdict.warnings.map((warning) => `Warning: ${plain(warning)}`),
    verdict.validUntil === null ? null : `Its reports count until ${plain(showMoment(verdict.validUntil))}.`,
    blocking === null
      ? null
      : `More: ${code(`npx nx run ${verdict.project}:release-judge --explain=${blocking.check}`)}`,
  ];
  return `${blocks.filter((block) => block !== null).join('\n\n')}\n`;
}

function table(checks: readonly CheckResult[]): string {
  const rows = checks.map((check) => {
    const { symbol, word } = VERDICTS[check.verdict];
    const cells = [plain(check.check), `${symbol} ${word}`, measuredText(check), limitText(check), plain(check.reason)];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| Check | Verdict | Measured | Limit | Why |', '| --- | --- | ---: | ---: | --- |', ...rows].join('\n');
}

/** What blocks is open, the rest is there for whoever asks. */
function details(check: CheckResult): string | null {
  const findings = orderedFindings(check);
  const warnings = check.warnings ?? [];
  if (findings.length + warnings.length === 0) return null;
  const items = findings.slice(0, MAX_FINDINGS).flatMap(findingItem);
  const more = findings.length - MAX_FINDINGS;
  if (more > 0) items.push(`- and ${more.toLocaleString('en-GB')} more`);
  items.push(...warnings.map((warning) => `- warning: ${plain(warning)}`));
  if (!allows(check.verdict)) {
    return [`**${VERDICTS[check.verdict].symbol} ${plain(check.check)}**`, '', ...items].join('\n');
  }
  const counts = [
    ...(findings.length > 0 ? [counted(findings.length, 'finding')] : []),
    ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
  ].join(', ');
  const summary = `<summary>${VERDICTS[check.verdict].symbol} ${escapeHtml(check.check)}: ${counts}</summary>`;
  return ['<details>', summary, '', ...items, '', '</details>'].join('\n');
}

function findingItem(finding: Finding): string[] {
  const place = placeOf(finding);
  const severity = finding.severity === undefined ? '' : `**${finding.severity}** `;
  const detail = finding.detail === undefined ? '' : `: ${plain(finding.detail)}`;
  const waiver = waiverText(finding);
  return [
    `- ${severity}${place === null ? '' : `${code(place)} `}${plain(finding.title)}${detail}`,
    ...(waiver === null ? [] : [`  - ${plain(waiver)}`]),
    ...(waiver === null && finding.fix !== undefined ? [`  - fix: ${code(finding.fix)}`] : []),
  ];
}

function notApplicable(checks: readonly CheckResult[]): string | null {
  const those = checks.filter(({ verdict }) => verdict === 'notApplicable');
  if (those.length === 0) return null;
  return `Not applicable: ${those.map(({ check, reason }) => `${plain(check)} \\(${plain(reason)}\\)`).join(', ')}.`;
}
