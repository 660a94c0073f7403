import { posix } from 'node:path';
import { CoverageBuilder, type FileCoverage, sum } from './coverage-builder';
import { fromEpochText } from './epoch';
import type { ReportInput, ReportReader } from './input';
import { parseCount, parseHits, parseLine } from './numbers';
import { originOf } from './origin';
import { ReportError, type CoverageReport, type Share } from './report';
import { walkXml, type Attributes } from './xml';

/** Where class-level lines are; the same lines stand under `methods` again. */
const CLASS = 'coverage/packages/package/classes/class';
const LINE = `${CLASS}/lines/line`;
const CLASS_DEPTH = CLASS.split('/').length;
const LINE_DEPTH = LINE.split('/').length;

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
  let header: Attributes = {};
  let packages = false;
  let current: FileCoverage | null = null;
  let perClass: Share = { covered: 0, total: 0 };

  walkXml(input.text, {
    open(name, attributes) {
      path.push(name);
      if (path.length === 1) {
        if ('clover' in attributes)
          throw new ReportError('unsupported', 'is Clover XML; use LCOV, Cobertura or Istanbul JSON');
        header = attributes;
        return;
      }
      // Most elements are lines; joining their path is what costs.
      if (name === 'line' && path.length === LINE_DEPTH && path.join('/') === LINE) {
        if (current) readLine(current, attributes);
      } else if (name === 'class' && path.join('/') === CLASS) {
        const file = attributes['filename'];
        if (!file)
          throw new ReportError('malformed', `class ${JSON.stringify(attributes['name'] ?? '')} has no filename`);
        current = report.newFile(file);
      } else if (name === 'packages' && path.length === 2) packages = true;
      else if (name === 'source') sources.push('');
    },
    text(text) {
      if (path.at(-1) === 'source') sources.push((sources.pop() ?? '') + text);
    },
    close(name) {
      if (name === 'class' && current && path.length === CLASS_DEPTH) {
        perClass = sum([perClass, current.lines]);
        report.add(current);
        current = null;
      }
      path.pop();
    },
  });
  if (!packages) throw new ReportError('malformed', 'has no <packages>, so it is not Cobertura XML');

  const base = sources.length === 1 ? (sources[0] ?? '').trim() : '';
  const rename = (name: string): string =>
    base === '' || base === '.' || posix.isAbsolute(name) ? name : posix.join(base, name);
  const result = report.build({ branches: true, rename });
  checkHeader(header, [result.lines, perClass]);
  return {
    ...result,
    branches: branchesAgree(header, result) ? result.branches : null,
    origin: originOf({ measuredAt: fromEpochText(header['timestamp']) }),
  };
}

function readLine(file: FileCoverage, attributes: Attributes): void {
  const { path } = file;
  const number = parseLine(attributes['number'] ?? '', path);
  file.line(number, parseHits(attributes['hits'] ?? '', path));
  const condition = attributes['condition-coverage'];
  // Coverlet writes `True`.
  if (attributes['branch']?.toLowerCase() !== 'true' || condition === undefined) return;
  const counts = /\((\d{1,9})\/(\d{1,9})\)\s{0,9}$/.exec(condition);
  if (!counts) return;
  const share = { covered: Number(counts[1]), total: Number(counts[2]) };
  if (share.covered > share.total)
    throw new ReportError('contradictory', `${path}:${number} claims ${share.covered} of ${share.total} branches`);
  file.branch(number, share);
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
