import type { ReportSample } from '../../../reports/testing/samples';

/** Whether a sample that was cut there still has its end, or could have ended there. */
export function isWhole({ content, recordEnd }: ReportSample, cut: number): boolean {
  const [kept, lost] = [content.slice(0, cut), content.slice(cut)];
  if (lost.trim() === '') return true;
  if (recordEnd === undefined) return false;
  return recordEnd.trim() === ''
    ? kept.endsWith(recordEnd) || lost.startsWith(recordEnd)
    : kept.trimEnd().endsWith(recordEnd.trimEnd());
}

/** Whether a reason to fail, of any failing sample of its format, is still in a text, and not in a comment. */
export function stillFails(text: string, sample: ReportSample, all: readonly ReportSample[]): boolean {
  const said = /^\s*</.test(text) ? text.replace(/<!--[\s\S]*?-->/g, '') : text;
  return all
    .filter(({ format, check }) => format === sample.format && check === sample.check)
    .some(({ evidence = [] }) => evidence.some((piece) => said.includes(piece)));
}
