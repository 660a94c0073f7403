import { z } from 'zod';
import type { LedgerEventBody } from './events';

/** What an event's body must look like when it is read back: the types of `events.ts`, at run time. */

const outcome = z.enum([
  'done',
  'alreadyDone',
  'wouldDo',
  'refused',
  'failed',
  'rolledBack',
  'mixed',
  'waiting',
  'unknown',
]);
const health = z.enum(['healthy', 'unhealthy', 'unknown']);
const verdict = z.enum(['pass', 'fail', 'waived', 'inconclusive', 'notApplicable']);
const text = z.string();
const digests = z.record(text, text);
const deployed = z.object({ version: text, commit: text, services: digests, references: digests.optional() });
const checkSummary = z.object({
  check: text,
  verdict,
  reason: text,
  measured: z.number().nullable(),
  limit: z.number().nullable(),
});
const member = z.object({
  project: text,
  verdict,
  subject: text,
  checks: z.array(checkSummary),
  reports: z.array(z.object({ path: text, sha256: text, validUntil: text.nullable() })).optional(),
  made: z.enum(['here', 'cache']).optional(),
  counts: z
    .object({ lines: z.object({ covered: z.number(), total: z.number() }).nullable(), tests: z.number().nullable() })
    .optional(),
});
const imageFacts = z.object({ user: text, healthcheck: z.array(text).nullable(), commit: text.nullable() });
const waiver = z.object({ fingerprint: text, owner: text, approver: text, reason: text, expiry: text });
const measurement = z.object({
  probe: text,
  health,
  seen: text,
  attempts: z.number(),
  query: text.optional(),
  value: z.number().nullable().optional(),
  limit: z.number().nullable().optional(),
  from: text.optional(),
  to: text.optional(),
  samples: z.number().nullable().optional(),
  failures: z.number().optional(),
  kind: z.enum(['http', 'tcp', 'command', 'log', 'restarts', 'prometheus', 'engine']).optional(),
});
const snapshot = z.object({
  description: text,
  configuration: z.record(text, text),
  migrations: z.array(text).nullable(),
});
const deploymentStep = z.enum(['backup', 'migrate', 'reverse', 'restore', 'configuration']);
const migrationMove = z.object({ before: z.array(text), after: z.array(text).nullable(), image: text });
const backup = z.object({
  id: text,
  sha256: text,
  bytes: z.number(),
  takenAt: text,
  proven: z.boolean().nullable(),
});

const schemas = {
  planned: z.object({
    kind: z.literal('planned'),
    version: text,
    type: text,
    tag: text,
    branch: text,
    commit: text,
    previous: text.nullable(),
    projects: z.array(text),
    tags: z.array(z.object({ name: text, version: text, projects: z.array(text) })).optional(),
    base: text.optional(),
    distTag: text.optional(),
    override: text.nullable().optional(),
  }),
  'forwardport.opened': z.object({ kind: z.literal('forwardport.opened'), version: text, commits: z.array(text) }),
  'forwardport.closed': z.object({ kind: z.literal('forwardport.closed'), version: text, commit: text }),
  abandoned: z.object({ kind: z.literal('abandoned'), version: text, reason: text }),
  'bump.intent': z.object({ kind: z.literal('bump.intent'), version: text, from: text }),
  'bump.outcome': z.object({
    kind: z.literal('bump.outcome'),
    version: text,
    outcome,
    from: text,
    commit: text.nullable(),
    reason: text,
  }),
  check: z.object({
    kind: z.literal('check'),
    version: text,
    passed: z.boolean(),
    gated: text,
    commit: text,
    members: z.array(member),
    reasons: z.array(text),
    checks: z.array(checkSummary).optional(),
    images: digests.optional(),
    waivers: z.array(waiver).optional(),
    waiting: z.object({ on: text, run: text }).nullable().optional(),
    dossier: z.object({ sha256: text, keyId: text.nullable(), envelope: text.nullable() }).optional(),
  }),
  images: z.object({
    kind: z.literal('images'),
    version: text,
    commit: text,
    services: digests,
    contexts: z.record(text, text),
    built: z.array(text),
    facts: z.record(text, imageFacts).optional(),
    references: digests.optional(),
  }),
  approval: z.object({ kind: z.literal('approval'), version: text, role: text, commit: text, note: text }),
  'tag.intent': z.object({ kind: z.literal('tag.intent'), version: text, tag: text, commit: text }),
  'tag.outcome': z.object({
    kind: z.literal('tag.outcome'),
    version: text,
    outcome,
    tag: text,
    commit: text,
    reason: text,
  }),
  'deploy.intent': z.object({
    kind: z.literal('deploy.intent'),
    version: text,
    deployment: text,
    commit: text,
    services: digests,
    configHash: text,
    anchor: deployed.nullable(),
    references: digests.optional(),
    snapshot: snapshot.optional(),
    bypass: text.optional(),
  }),
  'step.intent': z.object({
    kind: z.literal('step.intent'),
    version: text,
    deployment: text,
    step: deploymentStep,
    detail: text,
    migration: migrationMove.optional(),
  }),
  'step.outcome': z.object({
    kind: z.literal('step.outcome'),
    version: text,
    deployment: text,
    step: deploymentStep,
    outcome,
    detail: text,
    migration: migrationMove.optional(),
    backup: backup.optional(),
  }),
  'deploy.outcome': z.object({
    kind: z.literal('deploy.outcome'),
    version: text,
    deployment: text,
    outcome,
    services: digests,
    reason: text,
  }),
  'verify.outcome': z.object({
    kind: z.literal('verify.outcome'),
    version: text,
    deployment: text,
    health,
    services: digests,
    measurements: z.array(measurement),
    reason: text,
  }),
  'rollback.intent': z.object({
    kind: z.literal('rollback.intent'),
    version: text,
    deployment: text,
    to: deployed,
    services: digests,
    automatic: z.boolean(),
    reason: text,
    parts: z.array(z.enum(['application', 'database', 'configuration'])).optional(),
    snapshotOf: text.nullable().optional(),
    emergency: z.boolean().optional(),
  }),
  'rollback.outcome': z.object({
    kind: z.literal('rollback.outcome'),
    version: text,
    deployment: text,
    outcome,
    to: text,
    services: digests,
    reason: text,
  }),
  'lock.taken': z.object({
    kind: z.literal('lock.taken'),
    version: text,
    from: text,
    reason: text,
    stolen: text.optional(),
  }),
  'bypass.requested': z.object({
    kind: z.literal('bypass.requested'),
    version: text,
    bypass: text,
    commit: text,
    reason: text,
    preconditions: z.array(text),
    validUntil: text,
  }),
  'debt.opened': z.object({
    kind: z.literal('debt.opened'),
    version: text,
    bypass: text,
    debts: z.array(z.object({ id: text, what: text })),
    due: text,
  }),
  'debt.settled': z.object({
    kind: z.literal('debt.settled'),
    version: text,
    bypass: text,
    id: text,
    note: text,
  }),
} satisfies { [K in Exclude<LedgerEventBody['kind'], 'other'>]: z.ZodType<Extract<LedgerEventBody, { kind: K }>> };

export type KnownKind = keyof typeof schemas;

export function isKnownKind(kind: string): kind is KnownKind {
  return Object.hasOwn(schemas, kind);
}

/** @throws {z.ZodError} when the body is not what its kind says. */
export function parseBody(kind: KnownKind, body: unknown): LedgerEventBody {
  return schemas[kind].parse(body);
}

/** What every event has, of any version of Slipway. */
export const envelopeSchema = z.looseObject({
  v: z.number(),
  id: text.min(1),
  at: text.min(1),
  by: text,
  position: z.number().int().nonnegative(),
  body: z.looseObject({ kind: text.min(1), version: text.optional() }),
});
