import { readReport, ReportError, type CoverageReport } from './index';

const SOURCE = `<sourcefile name="Desk.java"><line nr="3" mi="0" ci="2" mb="1" cb="1"/><line nr="5" mi="4" ci="0" mb="0" cb="0"/><line nr="6" mi="1" ci="2" mb="0" cb="0"/><counter type="LINE" missed="1" covered="2"/></sourcefile>`;
const CLASS = `<class name="acme/Desk" sourcefilename="Desk.java"><method name="open" desc="()V" line="3"><counter type="LINE" missed="9" covered="9"/></method><counter type="LINE" missed="1" covered="2"/></class>`;
const TOTAL = `<counter type="INSTRUCTION" missed="5" covered="4"/><counter type="BRANCH" missed="1" covered="1"/><counter type="LINE" missed="1" covered="2"/>`;
const HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">`;
const JACOCO = `${HEAD}<report name="desk"><sessioninfo id="b" start="1793000000000" dump="1793000090000"/><sessioninfo id="a" start="1793000000000" dump="1793000060000"/><package name="acme">${CLASS}${SOURCE}</package>${TOTAL}</report>`;

function read(xml: string): CoverageReport {
  const { format, report } = readReport('auto', xml);
  expect(format).toBe('jacoco');
  return report as CoverageReport;
}

function problem(xml: string): string {
  try {
    readReport('jacoco', xml);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

describe('reading JaCoCo XML', () => {
  it('reads lines, of which any instruction ran, branches, and the oldest session', () => {
    expect(read(JACOCO)).toEqual({
      kind: 'coverage',
      lines: { covered: 2, total: 3 },
      branches: { covered: 1, total: 2 },
      files: [{ path: 'acme/Desk.java', covered: 2, total: 3, uncovered: [5], coveredLines: [3, 6] }],
      origin: {
        measuredAt: '2026-10-26T07:34:20.000Z',
        validUntil: null,
        tool: 'JaCoCo',
        toolVersion: null,
        database: null,
      },
    });
  });

  it('tells the same file in two modules apart', () => {
    const group = (name: string): string => `<group name="${name}"><package name="acme">${SOURCE}</package></group>`;
    const xml = `<report name="all">${group('api')}${group('web')}<counter type="LINE" missed="2" covered="4"/><counter type="BRANCH" missed="2" covered="2"/></report>`;
    expect(read(xml).files.map(({ path }) => path)).toEqual(['api/acme/Desk.java', 'web/acme/Desk.java']);
  });

  it('gives no branches where the sums of them disagree: nobody knows', () => {
    expect(read(JACOCO.replace('"BRANCH" missed="1"', '"BRANCH" missed="2"')).branches).toBeNull();
  });

  it.each([
    [
      'a wrong sum of lines',
      JACOCO.replace(TOTAL, TOTAL.replace('"LINE" missed="1"', '"LINE" missed="0"')),
      'contradictory',
    ],
    ['a file that lacks a line', JACOCO.replace('<line nr="5" mi="4" ci="0" mb="0" cb="0"/>', ''), 'contradictory'],
    ['a file that is not in the sum', JACOCO.replace(SOURCE, SOURCE + SOURCE.replace('Desk', 'Door')), 'contradictory'],
    ['no sum at all', JACOCO.replace(TOTAL, ''), 'contradictory'],
    ['two sums', JACOCO.replace(TOTAL, TOTAL + TOTAL), 'contradictory'],
    ['a line without instructions', JACOCO.replace('nr="5" mi="4"', 'nr="5" mi="0"'), 'contradictory'],
    ['a negative count', JACOCO.replace('mi="4"', 'mi="-4"'), 'contradictory'],
    ['a count that is none', JACOCO.replace('mi="4"', 'mi="four"'), 'malformed'],
    ['a line without a count', JACOCO.replace(' mi="4"', ''), 'malformed'],
    ['a source file without a name', JACOCO.replace('<sourcefile name="Desk.java">', '<sourcefile>'), 'malformed'],
    [
      'classes without debug information',
      `<report name="x"><package name="acme"/><counter type="METHOD" missed="0" covered="9"/></report>`,
      'empty',
    ],
    ['a DTD of its own', JACOCO.replace('"report.dtd">', '"report.dtd" [<!ENTITY a "b">]>'), 'hostile'],
  ])('refuses %s', (_what, xml, expected) => {
    expect(problem(xml)).toBe(expected);
  });
});
