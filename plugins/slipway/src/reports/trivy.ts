import { z } from 'zod';
import { brief } from './advisory';
import { componentOfPurl, toComponent } from './component';
import { firstFix } from './fixed-version';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { ReportError, type SecurityFinding, type SecurityReport } from './report';
import { toSeverity } from './severity';

const vulnerability = z.object({
  VulnerabilityID: z.string().min(1),
  VendorIDs: z.array(z.string()).nullish(),
  PkgName: z.string().min(1),
  PkgIdentifier: z.object({ PURL: z.string().nullish() }).nullish(),
  InstalledVersion: z.string().nullish(),
  FixedVersion: z.string().nullish(),
  Status: z.string().nullish(),
  Severity: z.string().nullish(),
  Title: z.string().nullish(),
  PrimaryURL: z.string().nullish(),
});
const misconfiguration = z.object({
  ID: z.string().min(1),
  Title: z.string().nullish(),
  Severity: z.string().nullish(),
  Status: z.enum(['FAIL', 'PASS', 'EXCEPTION']),
  Resolution: z.string().nullish(),
  PrimaryURL: z.string().nullish(),
  CauseMetadata: z.object({ StartLine: z.number().int().nullish() }).nullish(),
});
/** Never with `Match`: it holds the secret's line. */
const secret = z.object({
  RuleID: z.string().min(1),
  Title: z.string().nullish(),
  Severity: z.string().nullish(),
  StartLine: z.number().int().nullish(),
});
const count = z.number().int().min(0);
const result = z.object({
  Target: z.string(),
  Type: z.string().nullish(),
  Packages: z.array(z.unknown()).nullish(),
  Vulnerabilities: z.array(vulnerability).nullish(),
  Misconfigurations: z.array(misconfiguration).nullish(),
  MisconfSummary: z.object({ Failures: count.nullish() }).nullish(),
  Secrets: z.array(secret).nullish(),
  ExperimentalModifiedFindings: z.array(z.unknown()).nullish(),
});
type Result = z.output<typeof result>;
const shape = z.object({
  CreatedAt: z.string().nullish(),
  Trivy: z.object({ Version: z.string().nullish() }).nullish(),
  Results: z.array(result).nullish(),
});

/** `trivy --format=json`, of an image, a file system or a repository. */
export const trivy: ReportReader<'trivy'> = {
  format: 'trivy',
  kind: 'security',
  title: 'Trivy JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    'SchemaVersion' in input.value &&
    ('ArtifactName' in input.value || 'Results' in input.value || 'ArtifactType' in input.value),
  read: readTrivy,
};

function readTrivy(input: ReportInput): SecurityReport {
  const json = input.syntax === 'json' && isRecord(input.value) ? input.value : {};
  if (json.SchemaVersion !== 2) {
    throw new ReportError(
      'unknownVersion',
      `Trivy report of schema ${brief(String(json.SchemaVersion), 'none')}; 2 is known`,
    );
  }
  const { CreatedAt, Trivy, Results } = parseShape(shape, json, 'Trivy JSON');
  const results = Results ?? [];
  const findings = results.flatMap((one) => [
    ...(one.Vulnerabilities ?? []).filter(isAffected).map((found) => ofVulnerability(one, found)),
    ...failedOf(one).map((found) => ofMisconfiguration(one, found)),
    ...(one.Secrets ?? []).map((found) => ofSecret(one, found)),
  ]);
  return {
    kind: 'security',
    findings,
    scanned: scannedIn(results),
    unaudited: [],
    suppressed: results.reduce((sum, one) => sum + suppressedIn(one), 0),
    origin: originOf({ measuredAt: CreatedAt, tool: 'Trivy', toolVersion: Trivy?.Version }),
  };
}

/** Packages where they are listed (--list-all-pkgs). Without any result it found nothing to look at. */
function scannedIn(results: readonly Result[]): number | null {
  const packages = results.reduce((sum, { Packages }) => sum + (Packages?.length ?? 0), 0);
  return packages > 0 || results.length === 0 ? packages : null;
}

function isAffected({ Status }: z.output<typeof vulnerability>): boolean {
  return Status !== 'not_affected';
}

function suppressedIn(one: Result): number {
  return (
    (one.ExperimentalModifiedFindings?.length ?? 0) +
    (one.Vulnerabilities ?? []).filter((found) => !isAffected(found)).length +
    (one.Misconfigurations ?? []).filter(({ Status }) => Status === 'EXCEPTION').length
  );
}

function failedOf(one: Result): z.output<typeof misconfiguration>[] {
  const failed = (one.Misconfigurations ?? []).filter(({ Status }) => Status === 'FAIL');
  const claimed = one.MisconfSummary?.Failures;
  if (claimed != null && claimed !== failed.length) {
    throw new ReportError(
      'contradictory',
      `claims ${claimed} misconfigurations in ${brief(one.Target, 'a target')} but lists ${failed.length}`,
    );
  }
  return failed;
}

function ofVulnerability(one: Result, found: z.output<typeof vulnerability>): SecurityFinding {
  const installed = found.InstalledVersion || null;
  return {
    id: found.VulnerabilityID,
    aliases: found.VendorIDs ?? [],
    severity: toSeverity(found.Severity),
    title: brief(found.Title, found.VulnerabilityID),
    component: componentOfPurl(found.PkgIdentifier?.PURL) ?? toComponent(one.Type, found.PkgName, installed),
    file: null,
    line: null,
    // Several lines of releases come as one list.
    fixedIn: firstFix(
      (found.FixedVersion ?? '').split(',').map((version) => version.trim()),
      installed,
    ),
    url: found.PrimaryURL ?? null,
  };
}

function ofMisconfiguration(one: Result, found: z.output<typeof misconfiguration>): SecurityFinding {
  return {
    id: found.ID,
    aliases: [],
    severity: toSeverity(found.Severity),
    title: brief(found.Title, found.ID),
    component: null,
    file: one.Target,
    line: lineOf(found.CauseMetadata?.StartLine),
    fixedIn: null,
    url: found.PrimaryURL ?? null,
  };
}

function ofSecret(one: Result, found: z.output<typeof secret>): SecurityFinding {
  return {
    id: found.RuleID,
    aliases: [],
    severity: toSeverity(found.Severity),
    title: brief(found.Title, found.RuleID),
    component: null,
    file: one.Target,
    line: lineOf(found.StartLine),
    fixedIn: null,
    url: null,
  };
}

/** Trivy writes 0 where it knows none. */
function lineOf(line: number | null | undefined): number | null {
  return line != null && line > 0 ? line : null;
}
