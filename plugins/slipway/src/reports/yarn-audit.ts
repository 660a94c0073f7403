import { z } from 'zod';
import { agreeBySeverity, brief, ghsaIn } from './advisory';
import { fixAfterRange } from './fixed-version';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { jsonLines } from './json-lines';
import { findingOfAdvisory, npmAdvisory, npmSummary, scannedOf } from './npm-advisories';
import { ReportError, type SecurityFinding, type SecurityReport } from './report';
import { toSeverity } from './severity';

/** `yarn audit --json` of Yarn 1, and `yarn npm audit --json` of Yarn 4: a JSON value on each line. */
export const yarnAudit: ReportReader<'yarn-audit'> = {
  format: 'yarn-audit',
  kind: 'security',
  title: 'Yarn audit JSON lines',
  recognises: (input) =>
    (input.syntax === 'json' || input.syntax === 'jsonLines') &&
    isYarnLine(input.syntax === 'json' ? input.value : input.first),
  read: readYarnAudit,
};

const CLASSIC = new Set(['auditAdvisory', 'auditSummary', 'auditAction', 'info', 'warning', 'error', 'activityStart']);

function isYarnLine(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (typeof value.type === 'string') return CLASSIC.has(value.type) && 'data' in value;
  return typeof value.value === 'string' && isRecord(value.children) && 'ID' in value.children;
}

function readYarnAudit(input: ReportInput): SecurityReport {
  if (input.syntax === 'json') return read([input.value]);
  if (input.syntax === 'jsonLines') return read(jsonLines(input.text));
  throw new ReportError('malformed', 'not Yarn audit JSON');
}

/** Yarn 1 repeats an advisory for every path, so its reports grow without telling more. */
const MAX_LINES = 100_000;

function read(lines: Iterable<unknown>): SecurityReport {
  let count = 0;
  let classic: Classic | null = null;
  const berry: SecurityFinding[] = [];
  for (const line of lines) {
    count += 1;
    if (count > MAX_LINES) throw new ReportError('tooLarge', `more than ${MAX_LINES} lines`);
    if (!isRecord(line)) throw new ReportError('malformed', 'a line that is no message of Yarn');
    if (typeof line.type === 'string') (classic ??= new Classic()).add(line.type, line.data);
    else berry.push(...findingsOfBerry(line));
  }
  if (classic === null) return { kind: 'security', findings: berry, scanned: null, unaudited: [], suppressed: 0 };
  if (berry.length > 0) throw new ReportError('contradictory', 'mixes messages of Yarn 1 and Yarn 4');
  return classic.report();
}

const advisoryLine = z.object({ advisory: npmAdvisory });

/** Yarn 1 repeats an advisory for each path that leads to it, and ends with a summary. */
class Classic {
  readonly #findings = new Map<string, SecurityFinding>();
  #summary: z.output<typeof npmSummary> | null = null;

  add(type: string, data: unknown): void {
    if (type === 'error') {
      throw new ReportError(
        'toolError',
        `yarn failed: ${brief(typeof data === 'string' ? data : null, 'it does not say why')}`,
      );
    }
    if (type === 'auditAdvisory') {
      const finding = findingOfAdvisory(parseShape(advisoryLine, data, "Yarn's auditAdvisory").advisory);
      this.#findings.set(`${finding.component?.name}\0${finding.component?.version}\0${finding.id}`, finding);
    } else if (type === 'auditSummary') {
      if (this.#summary !== null) throw new ReportError('contradictory', 'holds two summaries');
      this.#summary = parseShape(npmSummary, data, "Yarn's auditSummary");
    }
  }

  report(): SecurityReport {
    if (this.#summary === null) throw new ReportError('truncated', "breaks off before Yarn's summary");
    const findings = [...this.#findings.values()];
    agreeBySeverity(
      this.#summary.vulnerabilities,
      findings.map(({ severity }) => severity),
    );
    return { kind: 'security', findings, scanned: scannedOf(this.#summary), unaudited: [], suppressed: 0 };
  }
}

const berryLine = z.object({
  value: z.string().min(1),
  children: z.object({
    ID: z.union([z.number(), z.string()]),
    Issue: z.string().nullish(),
    URL: z.string().nullish(),
    Severity: z.string().nullish(),
    'Vulnerable Versions': z.string().nullish(),
    'Tree Versions': z.array(z.string()).nullish(),
  }),
});

/** Yarn 4 writes one line for each advisory, with all the versions it found. */
function findingsOfBerry(line: unknown): SecurityFinding[] {
  const { value, children } = parseShape(berryLine, line, "a line of Yarn's audit");
  const id = ghsaIn(children.URL) ?? `npm:${children.ID}`;
  const versions = children['Tree Versions'] ?? [];
  return (versions.length > 0 ? versions : [null]).map((version) => ({
    id,
    aliases: [],
    severity: toSeverity(children.Severity),
    title: brief(children.Issue, id),
    component: { ecosystem: 'npm', name: value, version },
    file: null,
    line: null,
    fixedIn: fixAfterRange(children['Vulnerable Versions'], version),
    url: children.URL ?? null,
  }));
}
