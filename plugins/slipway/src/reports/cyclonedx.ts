import { z } from 'zod';
import { bestId, brief } from './advisory';
import { componentOfPurl, toComponent, type Component } from './component';
import { cycloneDxXml } from './cyclonedx-xml';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import {
  ReportError,
  type InventoryReport,
  type Origin,
  type SecurityFinding,
  type SecurityReport,
  type Severity,
} from './report';
import { severityOfScore, severityOfVector, toSeverity, worstSeverity } from './severity';

const KNOWN = /^1\.[2-7]$/;
/** States of an analysis by which its author says that nothing needs to be done. */
const DISMISSED = new Set(['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree']);

interface ComponentNode {
  readonly 'bom-ref'?: string | null | undefined;
  readonly name: string;
  readonly group?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly purl?: string | null | undefined;
  readonly components?: readonly ComponentNode[] | null | undefined;
}
const component: z.ZodType<ComponentNode> = z.object({
  'bom-ref': z.string().nullish(),
  name: z.string(),
  group: z.string().nullish(),
  version: z.string().nullish(),
  purl: z.string().nullish(),
  get components() {
    return z.array(component).nullish();
  },
});
const rating = z.object({
  severity: z.string().nullish(),
  score: z.number().nullish(),
  method: z.string().nullish(),
  vector: z.string().nullish(),
});
const vulnerability = z.object({
  id: z.string().nullish(),
  references: z.array(z.object({ id: z.string() })).nullish(),
  source: z.object({ url: z.string().nullish() }).nullish(),
  ratings: z.array(rating).nullish(),
  description: z.string().nullish(),
  affects: z.array(z.object({ ref: z.string() })).nullish(),
  analysis: z.object({ state: z.string().nullish() }).nullish(),
});
type Vulnerability = z.output<typeof vulnerability>;
const tool = z.object({ name: z.string().nullish(), version: z.string().nullish() });
const shape = z.object({
  metadata: z
    .object({
      timestamp: z.string().nullish(),
      /** A list up to 1.4. */
      tools: z.union([z.array(tool), z.object({ components: z.array(tool).nullish() })]).nullish(),
      component: component.nullish(),
    })
    .nullish(),
  components: z.array(component).nullish(),
  vulnerabilities: z.array(vulnerability).nullish(),
});
type Bom = z.output<typeof shape>;

/**
 * CycloneDX 1.2 to 1.7, JSON or XML. One that lists no vulnerability is an inventory: whether anybody looked for some can't be
 * seen, because writers of inventories leave an empty list as well.
 */
export const cycloneDx: ReportReader<'cyclonedx'> = {
  format: 'cyclonedx',
  kind: 'security',
  title: 'CycloneDX',
  recognises: (input) =>
    (input.syntax === 'json' && isRecord(input.value) && input.value.bomFormat === 'CycloneDX') ||
    (input.syntax === 'xml' && /^(\w+:)?bom$/.test(input.root)),
  read: readCycloneDx,
};

function readCycloneDx(input: ReportInput): SecurityReport | InventoryReport {
  const json = input.syntax === 'xml' ? cycloneDxXml(input.text) : input.syntax === 'json' ? input.value : null;
  const version = isRecord(json) ? json.specVersion : null;
  if (typeof version !== 'string' || !KNOWN.test(version)) {
    throw new ReportError(
      'unknownVersion',
      `CycloneDX of version ${brief(String(version), 'none')}; 1.2 to 1.7 are known`,
    );
  }
  const bom = parseShape(shape, json, 'CycloneDX');
  const all = flatten(bom.components ?? []);
  const origin = originOfBom(bom);
  const vulnerabilities = bom.vulnerabilities ?? [];
  if (vulnerabilities.length === 0) return { kind: 'inventory', components: all.length, origin };
  const main = bom.metadata?.component;
  const byRef = new Map(
    [...all, ...(main ? flatten([main]) : [])].flatMap((one) =>
      one['bom-ref'] ? [[one['bom-ref'], one] as const] : [],
    ),
  );
  const open = vulnerabilities.filter(({ analysis }) => !DISMISSED.has(analysis?.state ?? ''));
  return {
    kind: 'security',
    findings: open.flatMap((one) => findingsOf(one, byRef)),
    // A list of vulnerabilities alone (VEX) does not say what was looked at.
    scanned: all.length > 0 ? all.length : null,
    unaudited: [],
    suppressed: vulnerabilities.length - open.length,
    origin,
  };
}

function flatten(components: readonly ComponentNode[]): ComponentNode[] {
  return components.flatMap((one) => [one, ...flatten(one.components ?? [])]);
}

function findingsOf(one: Vulnerability, byRef: ReadonlyMap<string, ComponentNode>): SecurityFinding[] {
  const names = [...new Set([...(one.id ? [one.id] : []), ...(one.references ?? []).map(({ id }) => id)])];
  const id = bestId(names);
  const finding: SecurityFinding = {
    id,
    aliases: names.filter((alias) => alias !== id),
    severity: worstSeverity((one.ratings ?? []).map(severityOf)),
    title: brief(one.description, id),
    component: null,
    file: null,
    line: null,
    fixedIn: null,
    url: one.source?.url ?? null,
  };
  const affected = (one.affects ?? []).map(({ ref }) => componentOf(ref, byRef.get(ref)));
  return affected.length === 0 ? [finding] : affected.map((component) => ({ ...finding, component }));
}

function componentOf(ref: string, node: ComponentNode | undefined): Component {
  const named = componentOfPurl(node?.purl ?? ref);
  if (named) return named;
  if (!node) return toComponent(null, brief(ref, 'unnamed component'));
  return toComponent(null, node.group ? `${node.group}/${node.name}` : node.name, node.version);
}

function severityOf({ severity, score, method, vector }: z.output<typeof rating>): Severity {
  const named = toSeverity(severity);
  if (named !== 'unknown') return named;
  if (score != null && /^CVSS/i.test(method ?? '')) return severityOfScore(score);
  return vector ? severityOfVector(vector) : 'unknown';
}

function originOfBom({ metadata }: Bom): Origin {
  const tools = Array.isArray(metadata?.tools) ? metadata.tools : (metadata?.tools?.components ?? []);
  const [first] = tools;
  return originOf({ measuredAt: metadata?.timestamp, tool: first?.name, toolVersion: first?.version });
}
