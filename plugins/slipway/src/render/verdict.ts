import type { CheckResult, Finding } from '../gates/check';
import type { ProjectVerdict } from '../gates/judge';
import { allows } from '../gates/verdict';
import { showMoment } from './moment';
import { oneLine } from './neutralise';
import { orderedFindings } from './ordered-findings';
import { limitText, measuredText } from './quantity';
import { DEFAULT_WIDTH, painter, type Paint, type RenderOptions } from './style';
import { pad, stringWidth, truncate, wrap } from './text-width';
import { firstBlocking, placeOf, tally, VERDICTS, waiverText } from './verdict-words';

/** Findings that are shown of a check; of one that blocks nothing, fewer. */
const MAX_FINDINGS = 10;
const MAX_OTHER_FINDINGS = 3;
/** Columns that the reason needs to stand in its check's line; else it goes below. */
const MIN_REASON = 56;
const INDENT = '      ';

/**
 * Lines for a terminal: the project's verdict, a table of its checks with value and limit, below each one what a person has to know, and
 * the command that tells more.
 */
export function renderVerdict(verdict: ProjectVerdict, options: RenderOptions): string[] {
  const paint = painter(options);
  const width = options.width ?? DEFAULT_WIDTH;
  const { style, symbol, word } = VERDICTS[verdict.verdict];
  const counts = tally(verdict.checks);
  const title = `${paint(style, symbol)} ${paint('bold', oneLine(verdict.project))}  ${paint(style, word)}`;
  const lines = [counts === '' ? title : `${title}${paint('dim', `  ${counts}`)}`];
  lines.push(...renderChecks(verdict.checks, options));
  for (const warning of verdict.warnings) {
    const [first = '', ...rest] = wrap(oneLine(warning), Math.max(30, width - 11));
    lines.push(
      ...[`  warning: ${first}`, ...rest.map((line) => `           ${line}`)].map((line) => paint('yellow', line)),
    );
  }
  if (verdict.validUntil !== null)
    lines.push(paint('dim', `  its reports count until ${oneLine(showMoment(verdict.validUntil))}`));
  const blocking = firstBlocking(verdict.checks);
  if (blocking !== null) {
    const explain = `npx nx run ${oneLine(verdict.project)}:release-judge --explain=${oneLine(blocking.check)}`;
    lines.push(`  ${paint('dim', 'more:')} ${paint('cyan', explain)}`);
  }
  return lines;
}

/** The table of checks: value and limit, the reason, and below each one what a person has to know. What does not apply is one line. */
export function renderChecks(checks: readonly CheckResult[], options: RenderOptions): string[] {
  const paint = painter(options);
  const width = options.width ?? DEFAULT_WIDTH;
  const judged = checks.filter((check) => check.verdict !== 'notApplicable');
  const layout = layoutOf(judged, width);
  return [
    ...(judged.length > 0 ? [paint('dim', headLine(layout))] : []),
    ...judged.flatMap((check) => [...checkLines(check, layout, paint), ...belowLines(check, width, paint)]),
    ...notApplicableLines(checks, width, paint),
  ];
}

interface Layout {
  readonly name: number;
  readonly word: number;
  readonly measured: number;
  readonly limit: number;
  /** Columns for the reason in the same line; null where it goes below. */
  readonly reason: number | null;
  readonly width: number;
}

function layoutOf(checks: readonly CheckResult[], width: number): Layout {
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => stringWidth(text)));
  const columns = {
    name: widest(['check', ...checks.map(({ check }) => oneLine(check))]),
    word: widest(['verdict', ...checks.map(({ verdict }) => VERDICTS[verdict].word)]),
    measured: widest(['measured', ...checks.map(measuredText)]),
    limit: widest(['limit', ...checks.map(limitText)]),
  };
  const left = width - (4 + columns.name + 2 + columns.word + 2 + columns.measured + 2 + columns.limit + 3);
  return { ...columns, reason: left >= MIN_REASON ? left : null, width };
}

function headLine(layout: Layout): string {
  const cells = row('check', 'verdict', 'measured', 'limit', layout);
  return `    ${cells}${layout.reason === null ? '' : '   why'}`.trimEnd();
}

function row(name: string, word: string, measured: string, limit: string, layout: Layout): string {
  return [
    pad(name, layout.name),
    pad(word, layout.word),
    pad(measured, layout.measured, 'right'),
    pad(limit, layout.limit, 'right'),
  ].join('  ');
}

function checkLines(check: CheckResult, layout: Layout, paint: Paint): string[] {
  const { symbol, word, style } = VERDICTS[check.verdict];
  const cells = row(
    oneLine(check.check),
    paint(style, word),
    measuredText(check) || '–',
    limitText(check) || '–',
    layout,
  );
  const head = `  ${paint(style, symbol)} ${cells}`;
  const reason = oneLine(check.reason);
  const told = (line: string): string => (check.verdict === 'pass' ? paint('dim', line) : line);
  if (layout.reason === null) {
    return [head, ...wrap(reason, Math.max(30, layout.width - INDENT.length)).map((line) => told(`${INDENT}${line}`))];
  }
  const [first = '', ...rest] = wrap(reason, layout.reason);
  const indent = ' '.repeat(layout.width - layout.reason);
  return [`${head}   ${told(first)}`, ...rest.map((line) => told(`${indent}${line}`))];
}

function belowLines(check: CheckResult, width: number, paint: Paint): string[] {
  const all = orderedFindings(check);
  const shown = all.slice(0, allows(check.verdict) && check.verdict !== 'waived' ? MAX_OTHER_FINDINGS : MAX_FINDINGS);
  const lines = shown.flatMap((finding) => findingLines(finding, width, paint));
  const more = all.length - shown.length;
  if (more > 0) lines.push(paint('dim', `${INDENT}… ${more} more in the verdict file`));
  for (const warning of check.warnings ?? []) {
    lines.push(...hanging('warning: ', oneLine(warning), width).map((line) => paint('yellow', line)));
  }
  return lines;
}

function findingLines(finding: Finding, width: number, paint: Paint): string[] {
  const place = placeOf(finding);
  const title = oneLine(finding.title);
  const waiver = waiverText(finding);
  const bare = place === null && [finding.severity, finding.detail, finding.fix, waiver].every((part) => part == null);
  if (bare) return wrap(title, Math.max(30, width - INDENT.length)).map((line) => paint('dim', `${INDENT}${line}`));
  const severity = finding.severity === undefined ? '' : `${finding.severity}  `;
  const before = stringWidth(severity) + (place === null ? 0 : stringWidth(place) + 2);
  // A place stays whole, so that a terminal can open it. A title that does not fit beside it goes on below.
  const [first = '', ...rest] = wrap(title, Math.max(30, width - INDENT.length - before));
  const head = `${INDENT}${paint(loudness(finding), severity)}${place === null ? '' : `${paint('cyan', place)}  `}${first}`;
  const below = (label: string, text: string | null | undefined): string[] =>
    text == null ? [] : hanging(`  ${label}`, text, width);
  return [
    head,
    ...(rest.length === 0 ? [] : hanging('  ', rest.join(' '), width)),
    ...(finding.detail === undefined
      ? []
      : [paint('dim', `${INDENT}  ${truncate(oneLine(finding.detail), width - INDENT.length - 2)}`)]),
    ...below('', waiver).map((line) => paint('yellow', line)),
    ...below('fix: ', waiver === null && finding.fix !== undefined ? oneLine(finding.fix) : null),
  ];
}

function loudness({ severity, waived }: Finding): 'red' | 'yellow' | 'dim' {
  if (waived !== undefined) return 'dim';
  if (severity === 'critical' || severity === 'high' || severity === 'unknown') return 'red';
  return severity === 'medium' ? 'yellow' : 'dim';
}

/** Text behind a label, its further lines below its first. */
function hanging(label: string, text: string, width: number): string[] {
  const indent = INDENT.length + label.length;
  const [first = '', ...rest] = wrap(text, Math.max(30, width - indent));
  return [`${INDENT}${label}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** One line for all checks that do not apply: their reasons differ, but none of them asks for anything. */
function notApplicableLines(checks: readonly CheckResult[], width: number, paint: Paint): string[] {
  const names = checks.filter(({ verdict }) => verdict === 'notApplicable').map(({ check }) => oneLine(check));
  if (names.length === 0) return [];
  const { symbol, word } = VERDICTS.notApplicable;
  const [first = '', ...rest] = wrap(`${word}: ${names.join(', ')}`, Math.max(30, width - 4));
  return [`  ${symbol} ${first}`, ...rest.map((line) => `    ${line}`)].map((line) => paint('dim', line));
}
