import { CoverageBuilder, type FileCoverage } from './coverage-builder';
import { fromEpochText } from './epoch';
import type { ReportInput, ReportReader } from './input';
import { parseCount, parseLine } from './numbers';
import { originOf } from './origin';
import { ReportError, type CoverageReport, type Share } from './report';
import { walkXml, type Attributes } from './xml';

/** JaCoCo's XML, of one module or, with groups, of several. Its DTD is named in it and never loaded. */
export const jacoco: ReportReader<'jacoco'> = {
  format: 'jacoco',
  kind: 'coverage',
  title: 'JaCoCo XML',
  recognises: (input) =>
    input.syntax === 'xml' &&
    input.root === 'report' &&
    /<(?:sessioninfo|package|group|counter)\b/.test(input.text.slice(0, 65_536)),
  read: readJacoco,
};

/** Digits that are a line number for certain. */
const SHORT = /^\d{1,6}$/;

/** Kinds of counters that are judged; the others count instructions, methods and so on. */
type Counters = Partial<Record<'LINE' | 'BRANCH', Share>>;

function readJacoco(input: ReportInput): CoverageReport {
  if (input.syntax !== 'xml') throw new ReportError('unsupported', 'not XML');
  const report = new CoverageBuilder();
  const path: string[] = [];
  const groups: string[] = [];
  const total: Counters = {};
  let claimed: Counters = {};
  let packageName = '';
  let current: FileCoverage | null = null;
  let measuredAt: string | null = null;

  walkXml(input.text, {
    open(name, attributes) {
      const parent = path.at(-1);
      path.push(name);
      if (name === 'line') {
        if (current && parent === 'sourcefile') readLine(current, attributes);
      } else if (name === 'counter') {
        if (parent === 'report') readCounter(total, attributes, 'the report');
        else if (parent === 'sourcefile' && current) readCounter(claimed, attributes, current.path);
      } else if (name === 'group') {
        groups.push(attributes['name'] ?? '');
      } else if (name === 'package') {
        packageName = attributes['name'] ?? '';
      } else if (name === 'sourcefile') {
        if (parent !== 'package') throw new ReportError('malformed', 'has a <sourcefile> outside of a <package>');
        const file = attributes['name'];
        if (!file)
          throw new ReportError('malformed', `package ${packageName.slice(0, 200)} has a source file without a name`);
        current = report.newFile([...groups, packageName, file].filter((part) => part !== '').join('/'));
        claimed = {};
      } else if (name === 'sessioninfo') {
        // The oldest of several sessions: the report is no fresher than that.
        const dump = fromEpochText(attributes['dump']);
        if (dump !== null && (measuredAt === null || dump < measuredAt)) measuredAt = dump;
      }
    },
    close(name) {
      path.pop();
      if (name === 'group') groups.pop();
      else if (name === 'sourcefile' && current) {
        agree(current.path, claimed.LINE, current.lines);
        report.add(current);
        current = null;
      }
    },
  });
  const result = report.build({ branches: true });
  if (result.files.length === 0)
    throw new ReportError('empty', 'holds no source file; JaCoCo lists them where classes have debug information');
  agree('the report', total.LINE, result.lines);
  const listed = result.branches ?? { covered: 0, total: 0 };
  const branches = total.BRANCH ?? { covered: 0, total: 0 };
  const branchesAgree = branches.covered === listed.covered && branches.total === listed.total;
  return {
    ...result,
    branches: branchesAgree ? result.branches : null,
    origin: originOf({ measuredAt, tool: 'JaCoCo' }),
  };
}

/** `mi`, `ci`: missed and covered instructions; `mb`, `cb`: branches. A line of which any instruction ran is covered. */
function readLine(file: FileCoverage, attributes: Attributes): void {
  // There are millions of them: only where one is wrong, words are made of it.
  const number = (key: string): number => {
    const value = attributes[key] ?? '';
    return SHORT.test(value) ? Number(value) : parseCount(value, `${key} of a line of ${file.path}`);
  };
  const nr = attributes['nr'] ?? '';
  const line = SHORT.test(nr) ? Number(nr) : parseLine(nr, `nr of a line of ${file.path}`);
  const [missed, covered] = [number('mi'), number('ci')];
  if (missed + covered === 0) throw new ReportError('contradictory', `${file.path}:${line} holds no instruction`);
  file.line(line, covered > 0);
  const [missedBranches, coveredBranches] = [number('mb'), number('cb')];
  const total = missedBranches + coveredBranches;
  if (total > 0) file.branch(line, { covered: coveredBranches, total });
}

function readCounter(into: Counters, attributes: Attributes, where: string): void {
  const type = attributes['type'];
  if (type !== 'LINE' && type !== 'BRANCH') return;
  const covered = parseCount(attributes['covered'] ?? '', `covered of ${type} of ${where}`);
  const missed = parseCount(attributes['missed'] ?? '', `missed of ${type} of ${where}`);
  if (into[type] !== undefined) throw new ReportError('contradictory', `counts ${type} of ${where} twice`);
  into[type] = { covered, total: covered + missed };
}

/** JaCoCo leaves a counter out where there is nothing to count. */
function agree(where: string, claimed: Share | undefined, listed: Share): void {
  const { covered, total } = claimed ?? { covered: 0, total: 0 };
  if (covered === listed.covered && total === listed.total) return;
  throw new ReportError(
    'contradictory',
    `${where} claims ${covered} of ${total} lines covered but lists ${listed.covered} of ${listed.total}`,
  );
}
