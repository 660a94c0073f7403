import type { ProjectVerdict } from '../gates/judge';
import { oneLine } from './neutralise';
import { placeOf, VERDICTS } from './verdict';

const MAX_FINDINGS = 20;

/** A verdict for a pull request, an issue or a release page. Nothing out of a report becomes markup. */
export function verdictMarkdown(verdict: ProjectVerdict): string {
  const { symbol, word } = VERDICTS[verdict.verdict];
  const rows = verdict.checks.map((check) => {
    const look = VERDICTS[check.verdict];
    return `| ${plain(check.check)} | ${look.symbol} ${look.word} | ${plain(check.reason)} |`;
  });
  const findings = verdict.checks.flatMap((check) => check.findings);
  const items = findings.slice(0, MAX_FINDINGS).map((finding) => {
    const place = placeOf(finding);
    const detail = finding.detail === undefined ? '' : `: ${plain(finding.detail)}`;
    return `- ${place === null ? '' : `${code(place)} `}${plain(finding.title)}${detail}`;
  });
  if (findings.length > MAX_FINDINGS) items.push(`- and ${findings.length - MAX_FINDINGS} more`);
  return [
    `### ${plain(verdict.project)}: ${symbol} ${word}`,
    '',
    '| Check | Verdict | Why |',
    '| --- | --- | --- |',
    ...rows,
    ...(items.length > 0 ? ['', ...items] : []),
    '',
  ].join('\n');
}

/** Every character that could begin markup, a link or a mention is escaped. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//')
    .replace(/\bwww\./gi, 'www&#46;');
}

/** Code span with a fence longer than any run of backticks inside. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${space}${text.replaceAll('|', '\\|')}${space}${fence}`;
}
