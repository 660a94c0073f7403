import { z } from 'zod';
import { brief } from './advisory';
import { isRecord, type ReportInput, type ReportReader } from './input';
import { parseShape } from './json';
import { originOf } from './origin';
import { ReportError, type InventoryReport } from './report';

const two = z.object({
  creationInfo: z.object({ created: z.string().nullish(), creators: z.array(z.string()).nullish() }).nullish(),
  packages: z.array(z.object({ name: z.string() })).nullish(),
});
const three = z.object({
  '@graph': z.array(z.object({ type: z.string().optional(), '@type': z.unknown().optional() })),
});

/** SPDX 2.2, 2.3 and 3.0 in JSON: a list of packages, which proves no security. */
export const spdx: ReportReader<'spdx'> = {
  format: 'spdx',
  kind: 'inventory',
  title: 'SPDX JSON',
  recognises: (input) =>
    input.syntax === 'json' &&
    isRecord(input.value) &&
    ('spdxVersion' in input.value || contextOf(input.value) !== null),
  read: readSpdx,
};

/** The version in a link to SPDX 3's context; null for other JSON-LD. */
function contextOf(value: Readonly<Record<string, unknown>>): string | null {
  const contexts = [value['@context']].flat();
  const found = contexts.map((context) =>
    typeof context === 'string' ? /spdx\.org\/rdf\/(\d+(?:\.\d+){0,2})\//.exec(context)?.[1] : undefined,
  );
  return found.find((version) => version !== undefined) ?? null;
}

function readSpdx(input: ReportInput): InventoryReport {
  const json = input.syntax === 'json' && isRecord(input.value) ? input.value : {};
  if (json.spdxVersion === 'SPDX-2.2' || json.spdxVersion === 'SPDX-2.3') return readTwo(json);
  if (!('spdxVersion' in json) && contextOf(json)?.startsWith('3.0')) return readThree(json);
  const version = typeof json.spdxVersion === 'string' ? json.spdxVersion : contextOf(json);
  throw new ReportError('unknownVersion', `SPDX of version ${brief(version, 'none')}; 2.2, 2.3 and 3.0 are known`);
}

function readTwo(json: unknown): InventoryReport {
  const { packages, creationInfo } = parseShape(two, json, 'SPDX JSON');
  // A tool is named with its version: `Tool: syft-1.2.0`.
  const tool = /^Tool: *(.+?)(?:-(v?\d[\w.+-]*))?$/.exec(
    creationInfo?.creators?.find((creator) => creator.startsWith('Tool:'))?.slice(0, 200) ?? '',
  );
  return {
    kind: 'inventory',
    components: packages?.length ?? 0,
    origin: originOf({ measuredAt: creationInfo?.created, tool: tool?.[1], toolVersion: tool?.[2] }),
  };
}

function readThree(json: unknown): InventoryReport {
  const graph = parseShape(three, json, 'SPDX JSON')['@graph'];
  const types = graph.flatMap(
    (element) => element.type ?? [element['@type']].flat().filter((type) => typeof type === 'string'),
  );
  if (types.some((type) => /^security_/.test(type))) {
    throw new ReportError('malformed', "holds SPDX 3's security profile, which is not read");
  }
  return { kind: 'inventory', components: types.filter((type) => type === 'software_Package').length };
}
