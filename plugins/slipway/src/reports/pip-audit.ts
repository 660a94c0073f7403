import { z } from 'zod';
import { bestId, brief } from './advisory';
import { toComponent } from './component';
import { firstFix } from './fixed-version';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { ReportError, type SecurityReport } from './report';

const audited = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  vulns: z.array(
    z.object({
      id: z.string().min(1),
      fix_versions: z.array(z.string()).nullish(),
      aliases: z.array(z.string()).nullish(),
      description: z.string().nullish(),
    }),
  ),
});
const skipped = z.object({ name: z.string().min(1), skip_reason: z.string() });
const dependencies = z.array(z.union([audited, skipped]));

/** `pip-audit --format=json`; before version 2.3 it was the bare list. The format has no severities. */
export const pipAudit: ReportReader<'pip-audit'> = {
  format: 'pip-audit',
  kind: 'security',
  title: 'pip-audit JSON',
  recognises: (input) => {
    if (input.syntax !== 'json') return false;
    if (Array.isArray(input.value)) return isDependency(input.value[0]);
    if (!isRecord(input.value) || !Array.isArray(input.value.dependencies)) return false;
    return Array.isArray(input.value.fixes) || isDependency(input.value.dependencies[0]);
  },
  read: readPipAudit,
};

function isDependency(value: unknown): boolean {
  return isRecord(value) && typeof value.name === 'string' && ('vulns' in value || 'skip_reason' in value);
}

function readPipAudit(input: ReportInput): SecurityReport {
  if (input.syntax !== 'json') throw new ReportError('malformed', 'not pip-audit JSON');
  const value = isRecord(input.value) ? input.value.dependencies : input.value;
  const all = parseShape(dependencies, value, "pip-audit's list of dependencies");
  const looked = all.filter((one) => 'vulns' in one);
  return {
    kind: 'security',
    findings: looked.flatMap(({ name, version, vulns }) =>
      vulns.map((vulnerability) => {
        const names = [vulnerability.id, ...(vulnerability.aliases ?? [])];
        const id = bestId(names);
        return {
          id,
          aliases: names.filter((alias) => alias !== id),
          severity: 'unknown' as const,
          title: brief(vulnerability.description, id),
          component: toComponent('pypi', name, version),
          file: null,
          line: null,
          fixedIn: firstFix(vulnerability.fix_versions ?? [], version),
          url: null,
        };
      }),
    ),
    scanned: looked.length,
    unaudited: all.flatMap((one) =>
      'skip_reason' in one ? [{ name: one.name, reason: brief(one.skip_reason, 'it does not say why') }] : [],
    ),
    suppressed: 0,
  };
}
