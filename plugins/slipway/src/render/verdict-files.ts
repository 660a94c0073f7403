import type { ProjectVerdict } from '../gates/judge';
import { verdictMarkdown } from './verdict-markdown';

/** Where findings' files are, so that other tools find them. */
export interface Places {
  /** Root of the project, relative to the workspace: reports may name files relative to it. */
  readonly root: string;
  /** Absolute path of the workspace: reports may name files absolutely. */
  readonly workspace: string;
}

/**
 * What a gate leaves beside `verdict.json`, by file name: for people (`summary.md`, `report.html`) and for other tools (`verdict.sarif`,
 * `junit.xml`). Pure.
 */
export function verdictFiles(verdict: ProjectVerdict, _places: Places): Readonly<Record<string, string>> {
  return { 'summary.md': verdictMarkdown(verdict) };
}
