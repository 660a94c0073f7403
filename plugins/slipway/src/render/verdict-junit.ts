import type { CheckResult } from '../gates/check';
import type { ProjectVerdict } from '../gates/judge';
import { orderedFindings } from './ordered-findings';
import { limitText, measuredText } from './quantity';
import { placeOf, waiverText } from './verdict-words';
import { xmlAttributes, xmlText } from './xml-text';

/**
 * A verdict as JUnit XML, for whatever shows test results: each check is a test. What fails is a failure, what could not be judged an
 * error, what does not apply is skipped; what is waived passes and says so.
 */
export function verdictJunit({ project, checks, tool }: ProjectVerdict): string {
  const count = (verdict: CheckResult['verdict']): number => checks.filter((check) => check.verdict === verdict).length;
  const counts = {
    tests: checks.length,
    failures: count('fail'),
    errors: count('inconclusive'),
    skipped: count('notApplicable'),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: `${tool.name} ${tool.version}`, ...counts })}>`,
    `  <testsuite${xmlAttributes({ name: project, ...counts })}>`,
    ...checks.flatMap((check) => testCase(check, project)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(check: CheckResult, project: string): string[] {
  const open = `    <testcase${xmlAttributes({ name: check.check, classname: `release-gate.${project}` })}>`;
  return [open, `      ${outcome(check)}`, '    </testcase>'];
}

function outcome(check: CheckResult): string {
  const message = xmlAttributes({ message: check.reason });
  const text = xmlText(details(check));
  switch (check.verdict) {
    case 'fail':
      return `<failure${message}${xmlAttributes({ type: 'fail' })}>${text}</failure>`;
    case 'inconclusive':
      return `<error${message}${xmlAttributes({ type: 'inconclusive' })}>${text}</error>`;
    case 'notApplicable':
      return `<skipped${message}/>`;
    case 'pass':
    case 'waived':
      return `<system-out>${text}</system-out>`;
  }
}

function details(check: CheckResult): string {
  const values = [
    ...(check.measured === null ? [] : [`measured: ${measuredText(check)}`]),
    ...(check.limit === null ? [] : [`limit: ${limitText(check)}`]),
  ];
  const findings = orderedFindings(check).map((finding) => {
    const { title, detail, severity, fix } = finding;
    const waiver = waiverText(finding);
    return [
      [severity, placeOf(finding), title].filter((part) => part != null).join('  '),
      ...(detail === undefined ? [] : [`  ${detail}`]),
      ...(waiver === null ? [] : [`  ${waiver}`]),
      ...(waiver === null && fix !== undefined ? [`  fix: ${fix}`] : []),
    ].join('\n');
  });
  const warnings = (check.warnings ?? []).map((warning) => `warning: ${warning}`);
  return [`${check.verdict}: ${check.reason}`, ...values, ...findings, ...warnings].join('\n');
}
