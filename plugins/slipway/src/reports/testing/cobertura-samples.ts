import { covered, GOOD, lines, POOR, total, type CoveredFile } from './coverage-lines';
import type { ReportSample } from './sample';

function body(file: CoveredFile): string {
  const own = lines(file, (line, hit) => `        <line number="${line}" hits="${hit ? 2 : 0}"/>`, '\n');
  return `      <class name="${file.name}" filename="${file.name}" line-rate="0.5"><methods/><lines>\n${own}\n      </lines></class>`;
}

function cobertura(files: readonly CoveredFile[]): string {
  const sums = `lines-valid="${total(files)}" lines-covered="${covered(files)}"`;
  const rate = (covered(files) / total(files)).toFixed(4);
  return `<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage version="7.6" timestamp="1793000000000" ${sums} line-rate="${rate}" branch-rate="0" complexity="0">
  <sources><source>/w/packages/backend</source></sources>
  <packages><package name="tickets" line-rate="${rate}"><classes>
${files.map(body).join('\n')}
  </classes></package></packages>
</coverage>
`;
}

export const coberturaSamples: readonly ReportSample[] = [
  {
    format: 'cobertura',
    check: 'coverage',
    verdict: 'pass',
    content: cobertura(GOOD),
    claims: ['lines-valid="30"', 'lines-covered="27"'],
    parts: ['<line number="18" hits="2"/>', '<line number="20" hits="0"/>'],
  },
  {
    format: 'cobertura',
    check: 'coverage',
    verdict: 'fail',
    content: cobertura(POOR),
    evidence: POOR.map(body),
    claims: ['lines-valid="93"', 'lines-covered="12"'],
    parts: POOR.map(body),
  },
];
