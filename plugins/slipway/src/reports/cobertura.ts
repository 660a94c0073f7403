import { posix } from 'node:path';
import { CoverageBuilder, sum, type FileCoverage } from './coverage-builder';
import type { ReportInput, ReportReader } from './input';
import { parseCount, parseHits } from './numbers';
import { ReportError, type CoverageReport, type Share } from './report';
import { walkXml, type Attributes } from './xml';

/** Where class-level lines are; the same lines stand under `methods` again. */
const LINE = 'coverage/packages/package/classes/class/lines/line';

/** Cobertura XML as coverage.py, Istanbul, gcovr and Cobertura itself write it. */
export const cobertura: ReportReader<'cobertura'> = {
  format: 'cobertura',
  kind: 'coverage',
  title: 'Cobertura XML',
  recognises: (input) => input.syntax === 'xml' && input.root === 'coverage',
  read: readCobertura,
};

function readCobertura(input: ReportInput): CoverageReport {
  if (input.syntax !== 'xml') throw new ReportError('unsupported', 'not XML');
  const report = new CoverageBuilder();
  const path: string[] = [];
  const sources: string[] = [];
  const classes: {
    readonly file: string;
    readonly lines: Map<number, boolean>;
    readonly branches: Map<number, Share>;
  }[] = [];
  let header: Attributes = {};
  let packages = false;

  walkXml(input.text, {
    open(name, attributes) {
      path.push(name);
      if (path.length === 1) {
        if ('clover' in attributes)
          throw new ReportError('unsupported', 'is Clover XML; use LCOV, Cobertura or Istanbul JSON');
        header = attributes;
        return;
      }
      const at = path.join('/');
      if (at === 'coverage/packages') packages = true;
      else if (at === 'coverage/sources/source') sources.push('');
      else if (at === 'coverage/packages/package/classes/class') {
        const file = attributes['filename'];
        if (!file)
          throw new ReportError('malformed', `class ${JSON.stringify(attributes['name'] ?? '')} has no filename`);
        classes.push({ file, lines: new Map(), branches: new Map() });
      } else if (at === LINE) {
        const current = classes.at(-1);
        if (current) readLine(current, attributes);
      }
    },
    text(text) {
      if (path.at(-1) === 'source') sources.push((sources.pop() ?? '') + text);
    },
    close() {
      path.pop();
    },
  });
  if (!packages) throw new ReportError('malformed', 'has no <packages>, so it is not Cobertura XML');

  const listed = { lines: 0, covered: 0 };
  const base = sources.length === 1 ? (sources[0] ?? '').trim() : '';
  for (const { file: name, lines, branches } of classes) {
    const file: FileCoverage = report.file(
      base === '' || base === '.' || posix.isAbsolute(name) ? name : posix.join(base, name),
    );
    for (const [line, covered] of lines) {
      file.line(line, covered);
      listed.lines += 1;
      if (covered) listed.covered += 1;
    }
    for (const [line, share] of branches) file.branch(String(line), share);
  }
  const result = report.build({ branches: true });
  checkHeader(header, [result.lines, { covered: listed.covered, total: listed.lines }]);
  return branchesAgree(header, result) ? result : { ...result, branches: null };
}

function readLine(
  into: { readonly file: string; readonly lines: Map<number, boolean>; readonly branches: Map<number, Share> },
  attributes: Attributes,
): void {
  const number = parseCount(attributes['number'] ?? '', `a line number of ${into.file}`);
  const covered = parseHits(attributes['hits'] ?? '', `hits of ${into.file}:${number}`);
  if (covered || !into.lines.has(number)) into.lines.set(number, covered);
  const condition = attributes['condition-coverage'];
  if (attributes['branch'] !== 'true' || condition === undefined) return;
  const counts = /\((\d{1,9})\/(\d{1,9})\)\s*$/.exec(condition);
  if (!counts) return;
  const share = { covered: Number(counts[1]), total: Number(counts[2]) };
  if (share.covered > share.total)
    throw new ReportError('contradictory', `${into.file}:${number} claims ${share.covered} of ${share.total} branches`);
  into.branches.set(number, share);
}

/** The root's sums must be those of the lines below it, counted per file or per class as writers differ in that. */
function checkHeader(header: Attributes, counted: readonly Share[]): void {
  const valid = header['lines-valid'];
  const covered = header['lines-covered'];
  if (valid !== undefined && covered !== undefined) {
    const claim = { covered: parseCount(covered, 'lines-covered'), total: parseCount(valid, 'lines-valid') };
    if (claim.covered > claim.total)
      throw new ReportError('contradictory', `claims ${claim.covered} of ${claim.total} lines covered`);
    if (counted.some((share) => share.covered === claim.covered && share.total === claim.total)) return;
    const listed = counted[0] ?? sum([]);
    throw new ReportError(
      'contradictory',
      `claims ${claim.covered} of ${claim.total} lines covered but lists ${listed.covered} of ${listed.total}`,
    );
  }
  const rate = header['line-rate'];
  if (rate === undefined) return;
  const claimed = Number(rate);
  if (rate.trim() === '' || !(claimed >= 0 && claimed <= 1))
    throw new ReportError('contradictory', `claims a line rate of ${JSON.stringify(rate.slice(0, 40))}`);
  // Writers round to two digits or more, and call a report without lines either 0 or 1.
  const near = counted.some((share) => share.total === 0 || Math.abs(share.covered / share.total - claimed) <= 0.0051);
  if (!near)
    throw new ReportError('contradictory', `claims a line rate of ${rate.slice(0, 40)}, which its lines do not give`);
}

function branchesAgree(header: Attributes, report: CoverageReport): boolean {
  const valid = header['branches-valid'];
  const covered = header['branches-covered'];
  if (valid === undefined || covered === undefined) return true;
  const listed = report.branches ?? { covered: 0, total: 0 };
  return (
    parseCount(valid, 'branches-valid') === listed.total && parseCount(covered, 'branches-covered') === listed.covered
  );
}
