import { gates } from '../../config/gates/gates';
import { readReport } from '../../reports';
import { ReportError, type Report, type ReportProblem } from '../../reports/report';
import type { ReportSample } from '../../reports/testing/samples';
import type { JudgedProject, ProjectCheck } from '../check';
import { projectChecks } from '../checks';
import type { Verdict } from '../verdict';

const PROJECT: JudgedProject = {
  name: 'desk',
  root: 'packages/desk',
  kind: 'npm',
  targets: [],
  documents: null,
  asOf: new Date('2026-11-22T00:00:00Z'),
};
const POLICY = gates.parse({});

/** What the default policy comes to, and why a report could not be relied on, where it could not. */
export interface JudgedSample {
  readonly verdict: Verdict;
  readonly problem: ReportProblem | null;
}

/**
 * Judges a sample with other content, as the gate does: its check, by the default policy.
 * @throws whatever a reader or a check throws that is no ReportError
 */
export function judgeSample(sample: ReportSample, content: string | Uint8Array): JudgedSample {
  const check = checkOf(sample);
  const reports: Report[] = (sample.beside ?? []).map((one) => readReport('auto', one).report);
  let problem: ReportProblem | null = null;
  let reason = '';
  try {
    const { report } = readReport('auto', content);
    if (check.kinds.includes(report.kind)) reports.push(report);
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    problem = error.problem;
    reason = error.message;
  }
  const { verdict } = check.judge(
    {
      reports,
      unreadable: problem === null ? [] : [{ path: 'report', reason }],
      looked: { kind: check.id, globs: [], root: PROJECT.root, producers: [] },
    },
    POLICY[check.id] as never,
    PROJECT,
  );
  return { verdict, problem };
}

function checkOf({ check }: ReportSample): ProjectCheck {
  const found: ProjectCheck | undefined = Object.values<ProjectCheck>(projectChecks).find(({ id }) => id === check);
  if (found === undefined) throw new Error(`there is no check "${check}"`);
  return found;
}
