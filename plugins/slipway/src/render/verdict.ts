import type { CheckResult, Finding } from '../gates/check';
import type { ProjectVerdict } from '../gates/judge';
import type { Verdict } from '../gates/verdict';
import { oneLine } from './neutralise';
import { DEFAULT_WIDTH, painter, type RenderOptions, type Style } from './style';
import { pad, stringWidth, truncate, wrap } from './text-width';

/** Symbol and word: the word alone says it all, so nothing rests on colour or font. */
export const VERDICTS: Readonly<
  Record<Verdict, { readonly symbol: string; readonly word: string; readonly style: Style }>
> = {
  pass: { symbol: '✔', word: 'pass', style: 'green' },
  fail: { symbol: '✖', word: 'fail', style: 'red' },
  waived: { symbol: '!', word: 'waived', style: 'yellow' },
  inconclusive: { symbol: '?', word: 'inconclusive', style: 'yellow' },
  notApplicable: { symbol: '–', word: 'not applicable', style: 'dim' },
};

const MAX_FINDINGS = 10;

/** Lines for a terminal: the project's verdict, one line per check, and the findings that matter. */
export function renderVerdict(verdict: ProjectVerdict, options: RenderOptions): string[] {
  const paint = painter(options);
  const width = options.width ?? DEFAULT_WIDTH;
  const nameWidth = Math.max(0, ...verdict.checks.map(({ check }) => stringWidth(oneLine(check))));
  const wordWidth = Math.max(0, ...verdict.checks.map((check) => VERDICTS[check.verdict].word.length));
  const { style, symbol, word } = VERDICTS[verdict.verdict];
  const lines = [`${paint(style, symbol)} ${paint('bold', oneLine(verdict.project))}  ${paint(style, word)}`];
  for (const check of verdict.checks) {
    const look = VERDICTS[check.verdict];
    const label = `  ${look.symbol} ${pad(oneLine(check.check), nameWidth)}  ${pad(look.word, wordWidth)}  `;
    const indent = ' '.repeat(stringWidth(label));
    const [first = '', ...rest] = wrap(oneLine(check.reason), Math.max(30, width - indent.length));
    lines.push(
      `${label.replace(look.symbol, paint(look.style, look.symbol)).replace(look.word, paint(look.style, look.word))}${first}`,
    );
    lines.push(...rest.map((line) => indent + line));
    lines.push(...findingLines(check, options));
  }
  return lines;
}

function findingLines(check: CheckResult, options: RenderOptions): string[] {
  const paint = painter(options);
  const width = options.width ?? DEFAULT_WIDTH;
  const shown = check.findings.slice(0, MAX_FINDINGS).flatMap((finding) => {
    const place = placeOf(finding);
    if (place === null && finding.detail === undefined) {
      return wrap(oneLine(finding.title), Math.max(30, width - 6)).map((line) => paint('dim', `      ${line}`));
    }
    // A place stays whole, so that a terminal can open it.
    const head = `      ${place === null ? '' : `${paint('cyan', place)}  `}${truncate(oneLine(finding.title), Math.max(30, width - 8 - stringWidth(place ?? '')))}`;
    return finding.detail === undefined
      ? [head]
      : [head, paint('dim', `        ${truncate(oneLine(finding.detail), width - 8)}`)];
  });
  const more = check.findings.length - MAX_FINDINGS;
  return more > 0 ? [...shown, paint('dim', `      … ${more} more in the verdict file`)] : shown;
}

/** `path:line`, as terminals and editors open it. */
export function placeOf({ file, line }: Finding): string | null {
  if (file === undefined) return null;
  return line === undefined ? oneLine(file) : `${oneLine(file)}:${line}`;
}
