import type { z } from 'zod';
import type { database } from '../../config/deployment/database';
import type { DeployedRelease, MigrationMove } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import { DatabaseError, type MigrationPlan, type Migrations, type MigrationStep, type Reversal } from './database';
import type { MigrationContext } from './migration-context';
import { succeed } from './service-program';

type Config = NonNullable<z.output<typeof database>['migrations']>;

/** The user's own programs, each an argv. */
export type MigrationCommands = Omit<Extract<Config, { preset: 'commands' }>, 'preset' | 'service'>;

/** Carries the migrations to go back to, one a line. */
const TARGET = 'SLIPWAY_MIGRATIONS';
const MAX_NAME = 300;
/** Words that may end a planned step, in any order. */
const MARKS = ['IRREVERSIBLE', 'EXPAND', 'CONTRACT'] as const;
type Mark = (typeof MARKS)[number];

/** Output that is not what was agreed on; where, but never the line itself, which may be anything. */
class OutputError extends Error {
  override readonly name = 'OutputError';
}

/**
 * Names of migrations, one a line, oldest first. Empty output: none.
 * @throws {OutputError} on anything that can't be a list of names.
 */
export function parseNames(output: string): readonly string[] {
  const lines = linesOf(output);
  lines.forEach((line, index) => checkName(line, index));
  refuseTwice(lines);
  return lines;
}

/**
 * Planned steps, one a line: a name, then any of ` IRREVERSIBLE`, ` EXPAND`, ` CONTRACT`.
 * @throws {OutputError} on anything else.
 */
export function parsePlan(output: string): readonly MigrationStep[] {
  const steps = linesOf(output).map((line, index) => {
    const marks = new Set<Mark>();
    let name = line;
    for (;;) {
      const mark = MARKS.find((word) => name.endsWith(` ${word}`));
      if (mark === undefined) break;
      if (marks.has(mark)) throw new OutputError(`line ${index + 1} says ${mark} twice`);
      marks.add(mark);
      name = name.slice(0, -mark.length - 1);
    }
    checkName(name, index);
    if (MARKS.some((word) => word === name)) throw new OutputError(`line ${index + 1} names no migration`);
    if (marks.has('EXPAND') && marks.has('CONTRACT'))
      throw new OutputError(`line ${index + 1} is both EXPAND and CONTRACT`);
    const effect = marks.has('EXPAND') ? 'expand' : marks.has('CONTRACT') ? 'contract' : 'unknown';
    return { name, reversible: !marks.has('IRREVERSIBLE'), effect } as const;
  });
  refuseTwice(steps.map(({ name }) => name));
  return steps;
}

function linesOf(output: string): readonly string[] {
  const lines = output.replace(/\r\n/g, '\n').split('\n');
  // The last line's end is no line of its own.
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function checkName(name: string, index: number): void {
  if (name.trim() === '') throw new OutputError(`line ${index + 1} is empty`);
  if (name !== name.trim() || name.length > MAX_NAME || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name))
    throw new OutputError(`line ${index + 1} is no name of a migration`);
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) throw new OutputError(`line ${twice + 1} names a migration a second time`);
}

/** Migrations that the user's own programs read and move. What they print is taken strictly, and every move is read back. */
export function createMigrationCommands(context: MigrationContext, commands: MigrationCommands): Migrations {
  const { driver, service, environment, timeout, retry, secrets, isNew, isIdle, imageOf } = context;
  const subject = `the migrations of ${service} in ${environment}`;
  type Name = 'state' | 'plan' | 'migrate' | 'reverse' | 'planReverse';

  async function run(release: DeployedRelease, name: Name, to?: readonly string[]): Promise<string> {
    const [program, ...args] = commands[name] ?? [];
    if (program === undefined) throw new TypeError(`${name} is not configured`);
    const changes = name === 'migrate' || name === 'reverse';
    const start = changes && (await isIdle());
    return succeed(
      () =>
        driver.runOnce(release, {
          service,
          argv: [program, ...args],
          timeout,
          ...(to === undefined ? {} : { env: { [TARGET]: to.join('\n') } }),
          ...(start ? { startDependencies: true } : {}),
        }),
      {
        what: `run database.migrations.${name} for ${subject}`,
        remedy: changes ? `correct the cause, then run it again: ${retry}` : `correct what it says, then: ${retry}`,
        changes,
        secrets: await secrets(),
        timeout,
      },
    );
  }

  async function read<T>(release: DeployedRelease, name: Name, parse: (output: string) => T, to?: readonly string[]) {
    const output = await run(release, name, to);
    try {
      return parse(output);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      throw new DatabaseError(
        `database.migrations.${name} of ${service} in ${environment} printed what can't be understood: ${error.message}`,
        'let it print one migration a line, and everything else to standard error',
        false,
      );
    }
  }

  const state = (release: DeployedRelease) => read(release, 'state', parseNames);

  async function plan(release: DeployedRelease): Promise<MigrationPlan> {
    if (await isNew(release)) return { applied: [], steps: [], isNew: true };
    return planWith(release, await state(release));
  }

  async function planWith(release: DeployedRelease, applied: readonly string[]): Promise<MigrationPlan> {
    const steps = await read(release, 'plan', parsePlan);
    const again = steps.find(({ name }) => applied.includes(name));
    if (again === undefined) return { applied, steps };
    throw new DatabaseError(
      `database.migrations.plan of ${service} in ${environment} plans ${again.name}, which database.migrations.state says is applied`,
      'let both tell migrations by the same names',
      false,
    );
  }

  async function planReversal({ from, to }: Reversal) {
    const applied = await state(from);
    const leaving = applied.filter((name) => !to.includes(name));
    const missing = to.filter((name) => !applied.includes(name));
    const refusals: Refusal[] = [];
    const refuse = (id: string, reason: string) => refusals.push({ id, reason, remedy: RESTORE });
    if (missing.length > 0) refuse('migrationsMissing', `${missing.join(', ')} not applied any more`);
    if (leaving.length === 0) return { plan: { applied, steps: [] }, refusals };
    if (commands.reverse === undefined || commands.planReverse === undefined) {
      refuse('migrationsIrreversible', `no database.migrations.reverse is configured, so ${leaving.join(', ')} stay`);
      const steps = leaving.map((name): MigrationStep => ({ name, reversible: null, effect: 'unknown' })).reverse();
      return { plan: { applied, steps }, refusals };
    }
    const steps = await read(from, 'planReverse', parsePlan, to);
    const planned = new Set(steps.map(({ name }) => name));
    const odd = [...leaving.filter((name) => !planned.has(name)), ...[...planned].filter((n) => !leaving.includes(n))];
    if (odd.length > 0)
      refuse(
        'migrationsUnknown',
        `database.migrations.planReverse tells otherwise of ${odd.join(', ')} than the database`,
      );
    for (const { name, reversible } of steps)
      if (reversible === false) refuse('migrationIrreversible', `${name} can't be reversed`);
    return { plan: { applied, steps }, refusals };
  }

  return {
    applied: async (release) => ((await isNew(release)) ? [] : state(release)),
    plan,
    async migrate(release, { guard }): Promise<MigrationMove> {
      const image = imageOf(release);
      // Without a database there is nobody to ask until migrate has made it.
      const planned = (await isNew(release)) ? null : await planWith(release, await state(release));
      if (planned?.steps.length === 0) return { before: planned.applied, after: planned.applied, image };
      await guard();
      await run(release, 'migrate');
      const after = await state(release);
      const before = planned?.applied ?? [];
      const rest = planned === null ? await read(release, 'plan', parsePlan) : [];
      const expected = planned === null ? after : [...before, ...planned.steps.map(({ name }) => name)];
      const odd = [...differences(expected, after), ...rest.map(({ name }) => name)];
      if (odd.length > 0) throw unexpected('migrated', odd);
      return { before, after, image };
    },
    planReversal,
    async reverse(reversal, { guard }): Promise<MigrationMove> {
      const { from, to } = reversal;
      const image = imageOf(from);
      const { plan: planned, refusals } = await planReversal(reversal);
      if (refusals.length > 0)
        throw new DatabaseError(
          `${subject} can't be reversed from ${from.version}: ${refusals.map(({ reason }) => reason).join('; ')}`,
          RESTORE,
          false,
        );
      if (planned.steps.length === 0) return { before: planned.applied, after: planned.applied, image };
      await guard();
      await run(from, 'reverse', to);
      const after = await state(from);
      const odd = differences(to, after);
      if (odd.length > 0) throw unexpected('reversed', odd);
      return { before: planned.applied, after, image };
    },
  };

  function unexpected(what: string, odd: readonly string[]): DatabaseError {
    return new DatabaseError(
      `${subject} were ${what}, but database.migrations.state tells otherwise of ${odd.join(', ')}`,
      `look at the database, mend it, then: ${retry}`,
      true,
    );
  }
}

const RESTORE = 'restore the backup that was taken before, or mend it with a new release';

/** What is in one list alone. */
function differences(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...a.filter((name) => !b.includes(name)), ...b.filter((name) => !a.includes(name))];
}
