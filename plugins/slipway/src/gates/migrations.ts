import { posix } from 'node:path';
import type { GatesConfig } from '../config/schema';
import type { Migration, MigrationReport } from '../reports/report';
import {
  unjudgeable,
  type CheckResult,
  type Evidence,
  type Finding,
  type JudgedProject,
  type ProjectCheck,
} from './check';
import { count } from './count';

type Policy = GatesConfig['migrations'];

const CHECK = 'migrations';
const PRODUCER = 'release-migrations';
const MAX_FINDINGS = 100;

export const migrationsCheck: ProjectCheck<Policy> = {
  id: CHECK,
  title: 'Database migrations',
  kinds: ['migrations'],
  producers: [PRODUCER],
  exempt: ({ targets }) =>
    targets.includes(PRODUCER) ? null : `it has no ${PRODUCER}, which projects with a manage.py get`,
  judge: (evidence, policy, project) => judgeMigrations(evidence as Evidence<MigrationReport>, policy, project),
};

/** Every change of a model needs its migration, and every migration a way back, or a person who says why there is none. */
function judgeMigrations(evidence: Evidence<MigrationReport>, policy: Policy, project: JudgedProject): CheckResult {
  const nothing = unjudgeable(CHECK, 0, evidence, 'count');
  if (nothing !== null) return nothing;
  const { reports } = evidence;
  const migrations = reports.flatMap((report) => report.migrations);
  const missing = reports.flatMap((report) => report.missing);
  const irreversible = migrations.filter(
    (migration) => migration.irreversible.length > 0 && !Object.hasOwn(policy.irreversible, migration.name),
  );
  const warnings = unknownDeclarations(policy, migrations);
  const base = { check: CHECK, limit: 0, unit: 'count', ...(warnings.length === 0 ? {} : { warnings }) } as const;
  const problems = missing.length + irreversible.length;
  if (problems === 0) {
    const models = reports.reduce((sum, report) => sum + report.models, 0);
    const none = migrations.length === 0 && models === 0;
    return {
      ...base,
      verdict: none ? 'notApplicable' : 'pass',
      reason: none ? 'Django finds no models and no migrations in it' : passed(migrations),
      measured: none ? null : 0,
      findings: [],
    };
  }
  const findings = [
    ...missing.map((line) => missingFinding(line, project)),
    ...irreversible.map((migration) => irreversibleFinding(migration, project)),
  ];
  const shown = findings.slice(0, MAX_FINDINGS);
  if (findings.length > shown.length) shown.push({ title: `and ${findings.length - shown.length} more` });
  return {
    ...base,
    verdict: 'fail',
    reason: [
      ...(missing.length > 0 ? [`${count(missing.length, 'change')} of models without a migration`] : []),
      ...(irreversible.length > 0 ? [`${count(irreversible.length, 'migration')} without a way back`] : []),
    ].join(', '),
    measured: problems,
    findings: shown,
    blocking: problems,
  };
}

function passed(migrations: readonly Migration[]): string {
  const declared = migrations.filter(({ irreversible }) => irreversible.length > 0).length;
  const back =
    declared === 0 ? 'each can be reversed' : `${declared} declared irreversible, the others can be reversed`;
  return `no change of models without a migration; ${count(migrations.length, 'migration')}, ${back}`;
}

function missingFinding(line: string, { root }: JudgedProject): Finding {
  return {
    title: `no migration for ${line}`,
    file: posix.join(root, 'manage.py'),
    fix: root === '.' ? 'python manage.py makemigrations' : `cd ${root} && python manage.py makemigrations`,
    fingerprint: `${CHECK}:missing:${line}`.replaceAll('@', '%40'),
  };
}

function irreversibleFinding({ name, file, irreversible }: Migration, project: JudgedProject): Finding {
  return {
    title: `${name} can't be reversed`,
    ...(file === null ? {} : { file: posix.join(project.root, file) }),
    detail: irreversible.join('; '),
    fix: `give it a way back, or say why it needs none: ${declaration(project.name, 'irreversible', name)}`,
    fingerprint: `${CHECK}:irreversible:${name}`,
  };
}

/** What a person writes into slipway.json to answer for a migration. */
export function declaration(project: string, kind: keyof Policy, migration: string): string {
  return `"projects": { "${project}": { "gates": { "migrations": { "${kind}": { "${migration}": "<reason>" } } } } }`;
}

/** A declaration for what is not there is left over, or misspelt. */
function unknownDeclarations(policy: Policy, migrations: readonly Migration[]): string[] {
  const known = new Set(migrations.flatMap(({ name, replaces }) => [name, ...replaces]));
  return (['irreversible', 'incompatible'] as const).flatMap((kind) =>
    Object.keys(policy[kind])
      .filter((name) => !known.has(name))
      .map((name) => `gates.migrations.${kind} declares ${name}, and there is no such migration`),
  );
}
