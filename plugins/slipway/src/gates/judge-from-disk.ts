import { join } from 'node:path';
import { PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import type { ProjectGateConfig } from '../config/schema';
import type { JudgedProject } from './check';
import { collectDocuments } from './collect-documents';
import { collectReports } from './collect';
import { producedReports } from './produced-reports';
import { judgeProject, type JudgeInput, type ProjectVerdict } from './judge';
import type { ReportFile } from './read-files';

/** What to judge, and by what; plain data, so that another process can do it. */
export interface JudgeRequest extends Pick<
  JudgeInput,
  'policy' | 'producers' | 'subject' | 'tool' | 'asOf' | 'waivers' | 'auditValidFor'
> {
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly project: Omit<JudgedProject, 'asOf' | 'documents'>;
  /** Roots of projects inside it: their files are theirs. */
  readonly nested: readonly string[];
  /** Globs of reports that a person named. */
  readonly reports: Partial<ProjectGateConfig['reports']>;
}

export interface Judgement {
  readonly verdict: ProjectVerdict;
  /** What it was judged from. */
  readonly files: readonly ReportFile[];
}

/** Reads what lies in a project's folder, and judges it. */
export async function judgeFromDisk(request: JudgeRequest): Promise<Judgement>;
/** Null where its reports are larger together than `maxBytes`, so that the caller can have it done elsewhere. */
export async function judgeFromDisk(request: JudgeRequest, maxBytes: number): Promise<Judgement | null>;
export async function judgeFromDisk(
  { root, project, nested, reports, ...rest }: JudgeRequest,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Judgement | null> {
  const { accessibility, documentation } = rest.policy;
  const also = 'signOffs' in accessibility ? { accessibility: [accessibility.signOffs] } : {};
  const given: Partial<Record<ProjectCheckId, unknown>> = reports;
  const named = new Set(PROJECT_CHECKS.filter((id) => given[id] !== undefined));
  const produced = await producedReports(root, project.name, named);
  const collected = await collectReports(root, project.root, reports, also, produced, maxBytes);
  if (collected === null) return null;
  const documents =
    'notApplicable' in documentation
      ? null
      : await collectDocuments(root, project.root, { nested, apiSchema: documentation.apiSchema });
  const { files, globs } = collected;
  const directory = join(root, project.root);
  return { files, verdict: judgeProject({ ...rest, project: { ...project, documents }, directory, files, globs }) };
}
