import type { BackupRecord, DeployedRelease } from '../ledger/events';
import { DatabaseError, type Database, type MigrationStep } from '../deploy/database/database';

export interface MemoryDatabase extends Database {
  /** Migrations that are applied. */
  applied: string[];
  /** Migrations that each version's image holds. */
  readonly images: Map<string, readonly string[]>;
  /** What is known of a migration; default: it expands and can be reversed. */
  readonly effects: Map<string, Pick<MigrationStep, 'effect' | 'reversible'>>;
  /** Rows; a backup holds them with the schema. */
  rows: string[];
  readonly kept: Map<string, { readonly record: BackupRecord; readonly rows: string[]; readonly applied: string[] }>;
  /** Migration that fails, after those before it were applied. */
  failing: string | null;
  /** Runs before each thing that changes something; may throw. */
  beforeEffect: (what: string) => void | Promise<void>;
}

/** A database in memory that keeps to the contract, for unit tests of deployments. */
export function createMemoryDatabase({
  when = 'migrations',
}: { readonly when?: Database['when'] } = {}): MemoryDatabase {
  const of = ({ version }: DeployedRelease): readonly string[] => database.images.get(version) ?? [];
  const step = (name: string): MigrationStep => ({
    name,
    ...(database.effects.get(name) ?? { effect: 'expand', reversible: true }),
  });
  const image = (release: DeployedRelease): string => release.services['web'] ?? '';
  const undone = (from: DeployedRelease, to: readonly string[]) => {
    const steps = database.applied
      .filter((name) => !to.includes(name))
      .reverse()
      .map(step);
    const unknown = steps.filter(({ name }) => !of(from).includes(name));
    const stuck = steps.filter(({ reversible }) => reversible === false);
    const refusals = [...unknown, ...stuck].map(({ name }) => ({
      id: 'irreversible',
      reason: `${name} can't be reversed`,
      remedy: 'restore the backup',
    }));
    return { plan: { applied: [...database.applied], steps }, refusals };
  };
  const database: MemoryDatabase = {
    when,
    applied: [],
    images: new Map(),
    effects: new Map(),
    rows: [],
    kept: new Map(),
    failing: null,
    beforeEffect: () => undefined,
    isNew: async () => false,
    migrations: {
      applied: async () => [...database.applied],
      plan: async (release) => ({
        applied: [...database.applied],
        steps: of(release)
          .filter((name) => !database.applied.includes(name))
          .map(step),
      }),
      migrate: async (release, { guard }) => {
        const before = [...database.applied];
        for (const name of of(release)) {
          if (database.applied.includes(name)) continue;
          await guard();
          await database.beforeEffect(`migrate ${name}`);
          if (name === database.failing)
            throw new DatabaseError(`${name} failed`, 'mend it', database.applied.length > before.length);
          database.applied.push(name);
        }
        return { before, after: [...database.applied], image: image(release) };
      },
      planReversal: async ({ from, to }) => undone(from, to),
      reverse: async ({ from, to }, { guard }) => {
        const before = [...database.applied];
        for (const { name } of undone(from, to).plan.steps) {
          await guard();
          await database.beforeEffect(`reverse ${name}`);
          database.applied = database.applied.filter((one) => one !== name);
        }
        return { before, after: [...database.applied], image: image(from) };
      },
    },
    backups: {
      take: async (id, { guard }) => {
        const known = database.kept.get(id);
        if (known !== undefined) return known.record;
        await guard();
        await database.beforeEffect(`back up ${id}`);
        const record = { id, sha256: `hash-of-${id}`, bytes: 10, takenAt: '2026-01-02T03:04:05.000Z', proven: true };
        database.kept.set(id, { record, rows: [...database.rows], applied: [...database.applied] });
        return record;
      },
      list: async () => [...database.kept.values()].map(({ record }) => record),
      restore: async ({ id }, { guard }) => {
        const kept = database.kept.get(id);
        if (kept === undefined) throw new DatabaseError(`no backup ${id}`, 'bring it back', false);
        await guard();
        await database.beforeEffect(`restore ${id}`);
        [database.rows, database.applied] = [[...kept.rows], [...kept.applied]];
      },
      estimate: async () => 10,
    },
  };
  return database;
}
