import type { CheckResult, Finding } from '../gates/check';
import type { JudgedReport, ProjectVerdict } from '../gates/judge';
import { showMoment } from './moment';
import { oneLine } from './neutralise';
import { orderedFindings } from './ordered-findings';
import { limitText, measuredText } from './quantity';
import { checkTitle, formatTitle, reportsOf } from './reports-of';
import { DEFAULT_WIDTH, painter, type Paint, type RenderOptions } from './style';
import { pad, wrap } from './text-width';
import { placeOf, VERDICTS, waiverText } from './verdict-words';
import { waiverAdvice } from './waiver-advice';

const MAX_CAUSES = 5;
const MAX_FIXES = 3;
const LABEL = 10;
const INDENT = ' '.repeat(2 + LABEL);

export interface ExplainOptions extends RenderOptions {
  /** Targets of the project that make the check's reports, in the order to run them, e.g. `test`. */
  readonly producers: readonly string[];
  /** Where waivers are kept, e.g. `waivers.json`. */
  readonly waivers: string;
}

/**
 * Lines that tell all of one check: its value against its limit, from which reports, the first causes, the smallest fix, who may waive it
 * and how, and how to judge it again. Commands and JSON are never wrapped, so that they can be copied.
 */
export function explain(verdict: ProjectVerdict, name: string, options: ExplainOptions): string[] {
  const check = verdict.checks.find((candidate) => candidate.check === name);
  if (check === undefined) {
    const known = verdict.checks.map((candidate) => oneLine(candidate.check)).join(', ');
    return [`${oneLine(verdict.project)} has no check "${oneLine(name)}"; it has ${known}`];
  }
  return new Explanation(verdict, check, options).lines();
}

class Explanation {
  private readonly paint: Paint;
  private readonly out: string[] = [];

  constructor(
    private readonly verdict: ProjectVerdict,
    private readonly check: CheckResult,
    private readonly options: ExplainOptions,
  ) {
    this.paint = painter(options);
  }

  lines(): string[] {
    const { check, verdict, paint } = this;
    const { symbol, word, style } = VERDICTS[check.verdict];
    const title = `${checkTitle(check.check)} of ${verdict.project}`;
    this.out.push(`${paint(style, symbol)} ${paint('bold', oneLine(title))}  ${paint(style, word)}`);
    this.part('why', this.text(check.reason));
    if (check.measured !== null) this.part('measured', [measuredText(check)]);
    if (check.limit !== null)
      this.part('limit', [`${limitText(check)}${paint('dim', `  (gates.${oneLine(check.check)} in slipway.json)`)}`]);
    this.part('from', this.reports());
    this.part('causes', this.causes());
    this.part('fix', this.fixes());
    for (const warning of check.warnings ?? [])
      this.part(
        'warning',
        this.text(warning).map((line) => paint('yellow', line)),
      );
    this.waiver();
    this.part('again', [paint('cyan', this.command())]);
    return this.out;
  }

  private part(label: string, lines: readonly string[]): void {
    const [first, ...rest] = lines;
    if (first === undefined) return;
    this.out.push(`  ${this.paint('dim', pad(label, LABEL))}${first}`, ...rest.map((line) => `${INDENT}${line}`));
  }

  private text(text: string): string[] {
    return wrap(oneLine(text), Math.max(30, (this.options.width ?? DEFAULT_WIDTH) - INDENT.length));
  }

  private reports(): string[] {
    const reports = reportsOf(this.verdict, this.check.check);
    return reports.flatMap((report) => [
      this.paint('cyan', oneLine(report.path)),
      ...this.text(madeBy(report)).map((line) => `  ${line}`),
    ]);
  }

  private causes(): string[] {
    const all = orderedFindings(this.check);
    const lines = all.slice(0, MAX_CAUSES).flatMap((finding) => this.cause(finding));
    const more = all.length - MAX_CAUSES;
    return more > 0 ? [...lines, this.paint('dim', `… ${more} more in the verdict file`)] : lines;
  }

  private cause(finding: Finding): string[] {
    const { severity, title, detail, fingerprint } = finding;
    const place = placeOf(finding);
    const waiver = waiverText(finding);
    const dim = (text: string): string[] => this.text(text).map((line) => `  ${this.paint('dim', line)}`);
    return [
      ...(place === null ? [] : [this.paint('cyan', place)]),
      ...this.text(`${severity === undefined ? '' : `${severity}: `}${title}`).map((line) =>
        place === null ? line : `  ${line}`,
      ),
      ...(detail === undefined ? [] : dim(detail)),
      ...(fingerprint === undefined ? [] : [`  ${this.paint('dim', oneLine(fingerprint))}`]),
      ...(waiver === null ? [] : this.text(waiver).map((line) => `  ${this.paint('yellow', line)}`)),
    ];
  }

  /** What the findings say themselves, each once; of those that keep it from passing, where there are any. Commands are not wrapped. */
  private fixes(): string[] {
    const unwaived = orderedFindings(this.check).filter(({ waived }) => waived === undefined);
    const blocking = unwaived.filter(({ fingerprint }) => fingerprint !== undefined);
    const open = blocking.length > 0 ? blocking : unwaived;
    const all = [...new Set(open.flatMap(({ fix }) => (fix === undefined ? [] : [oneLine(fix)])))];
    const more = all.length - MAX_FIXES;
    return [...all.slice(0, MAX_FIXES), ...(more > 0 ? [this.paint('dim', `… ${more} more in the verdict file`)] : [])];
  }

  private waiver(): void {
    const { project, asOf } = this.verdict;
    const { said, entries } = waiverAdvice(this.check, { project, asOf, file: this.options.waivers });
    const [first = '', ...rest] = said;
    this.part('waiver', [...this.text(first), ...entries, ...rest.flatMap((line) => this.text(line))]);
  }

  private command(): string {
    const { project } = this.verdict;
    const targets = [...this.options.producers, `release-judge --explain=${this.check.check}`];
    return targets.map((target) => `npx nx run ${oneLine(project)}:${oneLine(target)}`).join(' && ');
  }
}

function madeBy({ format, origin, validUntil }: JudgedReport): string {
  const tool = [origin?.tool, origin?.toolVersion].filter((part) => part != null).join(' ');
  const parts = [
    formatTitle(format),
    ...(tool === '' ? [] : [`by ${tool}`]),
    ...(origin?.database == null ? [] : [`database ${origin.database}`]),
    origin?.measuredAt == null ? 'it does not say when it was made' : `measured ${showMoment(origin.measuredAt)}`,
    ...(validUntil === null ? [] : [`counts until ${showMoment(validUntil)}`]),
  ];
  return parts.join(', ');
}
