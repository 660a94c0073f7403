import type { ReportSample } from './sample';

const RULES = [
  '{"id":"js/sql-injection","shortDescription":{"text":"SQL built from input"},"defaultConfiguration":{"level":"warning"},"properties":{"security-severity":"8.8"}}',
  '{"id":"js/unused","shortDescription":{"text":"Unused variable"},"defaultConfiguration":{"level":"note"}}',
];
const result = (rule: string, file: string, level: string): string =>
  `{"ruleId":"${rule}","level":"${level}","message":{"text":"Look at this"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"${file}"},"region":{"startLine":9}}}]}`;
const sarif = (...results: readonly string[]): string =>
  `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":{"driver":{"name":"CodeQL","semanticVersion":"2.20.0","rules":[${RULES.join(',')}]}},"invocations":[{"executionSuccessful":true,"endTimeUtc":"2026-11-22T09:30:00Z"}],"results":[${results.join(',')}]}]}`;

const NOTE = result('js/unused', 'src/a.ts', 'note');
const INJECTION = result('js/sql-injection', 'src/b.ts', 'error');
const EVAL = result('js/eval', 'src/c.ts', 'error');

export const sarifSamples: readonly ReportSample[] = [
  { format: 'sarif', check: 'security', verdict: 'pass', content: sarif(NOTE) },
  {
    format: 'sarif',
    check: 'security',
    verdict: 'fail',
    content: sarif(INJECTION, NOTE, EVAL),
    evidence: [INJECTION, EVAL],
  },
];
