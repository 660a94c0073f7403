import { covered, GOOD, lines, POOR, total, type CoveredFile } from './coverage-lines';
import type { ReportSample } from './sample';

function counter(files: readonly CoveredFile[]): string {
  return `<counter type="LINE" missed="${total(files) - covered(files)}" covered="${covered(files)}"/>`;
}

function body(file: CoveredFile): string {
  const own = lines(file, (line, hit) => `<line nr="${line}" mi="${hit ? 0 : 3}" ci="${hit ? 3 : 0}" mb="0" cb="0"/>`);
  return `<sourcefile name="${file.name}">${own}<counter type="INSTRUCTION" missed="9" covered="9"/>${counter([file])}</sourcefile>`;
}

function jacoco(files: readonly CoveredFile[]): string {
  const classes = files.map(({ name }) => `<class name="acme/${name}" sourcefilename="${name}">${counter([])}</class>`);
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="desk"><sessioninfo id="ci-1" start="1793000000000" dump="1793000060000"/><package name="acme">${classes.join('')}${files.map(body).join('')}${counter(files)}</package>${counter(files)}</report>`;
}

export const jacocoSamples: readonly ReportSample[] = [
  {
    format: 'jacoco',
    check: 'coverage',
    verdict: 'pass',
    content: jacoco(GOOD),
    claims: ['mb="0" cb="0"/><counter type="INSTRUCTION" missed="9" covered="9"/><counter type="LINE" missed="2"'],
    parts: ['<line nr="18" mi="0" ci="3" mb="0" cb="0"/>', body(GOOD[1])],
  },
  {
    format: 'jacoco',
    check: 'coverage',
    verdict: 'fail',
    content: jacoco(POOR),
    evidence: POOR.map(body),
    parts: POOR.map(body),
  },
];
