import type { ProjectVerdict } from '../gates/judge';
import type { Places } from '../gates/place';
import { verdictHtml } from './verdict-html';
import { verdictJunit } from './verdict-junit';
import { verdictMarkdown } from './verdict-markdown';
import { verdictSarif } from './verdict-sarif';

/**
 * What a gate leaves beside `verdict.json`, by file name: for people (`summary.md`, `report.html`) and for other tools (`verdict.sarif`,
 * `junit.xml`). Pure.
 */
export function verdictFiles(verdict: ProjectVerdict, places: Places): Readonly<Record<string, string>> {
  return {
    'summary.md': verdictMarkdown(verdict),
    'report.html': verdictHtml(verdict),
    'verdict.sarif': verdictSarif(verdict, places),
    'junit.xml': verdictJunit(verdict),
  };
}
