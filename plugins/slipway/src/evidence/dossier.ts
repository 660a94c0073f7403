import { createHash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { seal, type Envelope } from './dsse';

/** The record of a release check, for others: an in-toto statement with a simple verification result. */

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT = 'https://in-toto.io/Statement/v1';
const RESULT = 'https://in-toto.io/attestation/svr/v0.1';
/** in-toto's name for a field of our own: a URI. */
const DETAILS = 'pkg:npm/nx-slipway#dossier';

export interface DossierFacts {
  readonly version: string;
  /** The release's own tag, made or yet to be made. */
  readonly tag: string;
  /** Full id. */
  readonly commit: string;
  /** Digests (`sha256:…`) by name of the image. */
  readonly images: Readonly<Record<string, string>>;
  /** Name and version of the judge. */
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Every check, of a member or of the release. */
  readonly checks: readonly { readonly check: string; readonly verdict: string }[];
  /** All else that was found out, as plain data. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface SealedDossier {
  readonly envelope: Envelope;
  /** What is written to the file, with a final newline. */
  readonly text: string;
  /** SHA-256 of that text, hexadecimal. */
  readonly sha256: string;
  readonly keyId: string | null;
}

const statementSchema = z.looseObject({
  _type: z.literal(STATEMENT),
  subject: z.array(z.looseObject({ name: z.string().optional(), digest: z.record(z.string(), z.string()) })).min(1),
  predicateType: z.literal(RESULT),
  predicate: z.looseObject({
    verifier: z.looseObject({ id: z.string().min(1) }),
    timeCreated: z.iso.datetime({ offset: true }),
    properties: z.array(z.string()),
  }),
});
export type Statement = z.output<typeof statementSchema>;

/** What a passing release check says of commit and images, sealed. */
export function sealDossier(facts: DossierFacts, key: KeyObject | null): SealedDossier {
  const { tag, commit, images, tool, at, version, details } = facts;
  const statement = {
    _type: STATEMENT,
    subject: [
      { name: tag, digest: { gitCommit: commit } },
      ...Object.entries(images).map(([name, digest]) => ({ name, digest: { sha256: digest.replace(/^sha256:/, '') } })),
    ],
    predicateType: RESULT,
    predicate: {
      verifier: { id: `pkg:npm/${tool.name}@${tool.version}` },
      timeCreated: at,
      properties: propertiesOf(facts.checks),
      [DETAILS]: { version, ...details },
    },
  };
  const envelope = seal(PAYLOAD_TYPE, Buffer.from(JSON.stringify(statement)), key);
  const text = `${JSON.stringify(envelope, null, 2)}\n`;
  return { envelope, text, sha256: sha256Of(text), keyId: envelope.signatures[0]?.keyid ?? null };
}

/** What passed: `SLIPWAY_TESTS_PASS`, or `…_WAIVED` where a waiver was needed anywhere. What does not apply verifies nothing. */
function propertiesOf(checks: DossierFacts['checks']): readonly string[] {
  const words = new Map<string, Set<string>>();
  for (const { check, verdict } of checks) words.set(check, (words.get(check) ?? new Set<string>()).add(verdict));
  return [...words].flatMap(([check, verdicts]) => {
    const name = `SLIPWAY_${check.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}`;
    if ([...verdicts].some((verdict) => !['pass', 'waived', 'notApplicable'].includes(verdict))) return [];
    if (verdicts.has('waived')) return [`${name}_WAIVED`];
    return verdicts.has('pass') ? [`${name}_PASS`] : [];
  });
}

/** The statement in an envelope's payload, or what is wrong with it. */
export function parseStatement(payload: string): Statement | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return { problem: 'its payload is not JSON' };
  }
  const parsed = statementSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return {
    problem: `its payload is no simple verification result (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
  };
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
