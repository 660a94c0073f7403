import { isRecord, type ReportInput, type ReportReader } from './input';
import { readNpmAdvisories } from './npm-advisories';
import { readNpmVulnerabilities } from './npm-vulnerabilities';
import { brief } from './advisory';
import { ReportError, type SecurityReport } from './report';

/** `npm audit --json` of every npm (version 1 of the format up to npm 6, 2 since), `pnpm audit --json`, and Yarn 2 and 3. */
export const npmAudit: ReportReader<'npm-audit'> = {
  format: 'npm-audit',
  kind: 'security',
  title: 'npm audit JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    ('auditReportVersion' in input.value ||
      ('advisories' in input.value && 'metadata' in input.value) ||
      (isRecord(input.value.vulnerabilities) && isRecord(input.value.metadata)) ||
      isNpmError(input.value)),
  read: readNpmAudit,
};

/** npm leaves its error in the report's place, e.g. where there is no lock file or the registry does not answer. */
function isNpmError(value: Readonly<Record<string, unknown>>): boolean {
  return (
    (isRecord(value.error) && ('summary' in value.error || 'code' in value.error)) ||
    (typeof value.message === 'string' && 'statusCode' in value)
  );
}

function readNpmAudit(input: ReportInput): SecurityReport {
  if (input.syntax !== 'json' || !isRecord(input.value)) throw new ReportError('malformed', 'not npm audit JSON');
  const json = input.value;
  if ('error' in json || isNpmError(json)) throw new ReportError('toolError', `npm audit failed: ${errorText(json)}`);
  if (!('auditReportVersion' in json) && 'advisories' in json) return readNpmAdvisories(json);
  if (json.auditReportVersion === 2) return readNpmVulnerabilities(json);
  throw new ReportError(
    'unknownVersion',
    `npm audit report of version ${brief(String(json.auditReportVersion), 'none')}; 1 and 2 are known`,
  );
}

function errorText(json: Readonly<Record<string, unknown>>): string {
  const error = isRecord(json.error) ? json.error : {};
  const said = [error.summary, json.message, error.detail, error.code, json.error];
  return brief(
    said.find((text): text is string => typeof text === 'string' && text.trim() !== ''),
    'it does not say why',
  );
}
