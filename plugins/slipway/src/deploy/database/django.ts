import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { z } from 'zod';
import type { DeployedRelease, MigrationMove } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import { sanitise } from '../sanitise';
import { DatabaseError, type MigrationPlan, type Migrations, type MigrationStep } from './database';
import type { MigrationContext } from './migration-context';
import { lastWords, succeed } from './service-program';

/** Seconds that a server which does not answer is asked again: it may be starting. */
const PATIENCE = 5;
/** Kept short: it takes half of what a move may take at most to wait for an earlier one. */
const LOCK_SHARE = 0.5;

/** Python that runs within the service's image; each may import those before it. */
const MODULES = [
  ['slipway_compatibility', join(__dirname, '../../produce/migrations/slipway_compatibility.py')],
  ['inspect_migrations', join(__dirname, '../../produce/migrations/inspect_migrations.py')],
  ['slipway_django', join(__dirname, 'django_migrations.py')],
] as const;

const names = z.array(z.string().min(1));
const step = z.object({
  name: z.string().min(1),
  reversible: z.boolean(),
  effect: z.enum(['expand', 'contract', 'unknown']),
  irreversible: z.array(z.string()),
  incompatible: z.array(z.string()),
});
const refusal = z.object({ id: z.string(), names, reason: z.string() });
const answers = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unreachable'), problem: z.string() }),
  z.object({ kind: z.literal('problem'), problem: z.string() }),
  z.object({ kind: z.literal('applied'), applied: names }),
  z.object({
    kind: z.literal('plan'),
    applied: names,
    steps: z.array(step),
    unknown: names,
    refusals: z.array(refusal),
  }),
  z.object({ kind: z.literal('refused'), before: names, refusals: z.array(refusal) }),
  z.object({ kind: z.literal('moved'), before: names, after: names, missing: names }),
  z.object({
    kind: z.literal('failed'),
    before: names,
    after: names.nullable(),
    touched: z.boolean(),
    at: z.string().nullable(),
    problem: z.string(),
  }),
]);
type Answer = z.output<typeof answers>;
type AnswerOf<K extends Answer['kind']> = Extract<Answer, { kind: K }>;

type Question =
  | { readonly action: 'applied' | 'plan' | 'migrate' }
  | { readonly action: 'reversal' | 'reverse'; readonly to: readonly string[] };

export interface DjangoOptions extends MigrationContext {
  /** How manage.py is run in the service's image. */
  readonly manage: readonly [string, ...string[]];
}

/**
 * Django's migrations, asked of Django itself within the image that holds them: its own loader, planner and executor answer, so that squashed
 * and merged migrations, and those of several apps, mean what they mean to `manage.py migrate`. The default database only.
 */
export function createDjangoMigrations(options: DjangoOptions): Migrations {
  const { service, environment, isNew, imageOf } = options;

  async function applied(release: DeployedRelease): Promise<readonly string[]> {
    if (await isNew(release)) return [];
    const answer = expectKind(await ask(options, release, { action: 'applied' }), 'applied', options);
    return answer.applied;
  }

  async function plan(release: DeployedRelease): Promise<MigrationPlan> {
    // Without a database there is nobody to ask; what will be done then, is all of it.
    if (await isNew(release)) return { applied: [], steps: [], isNew: true };
    const answer = expectKind(await ask(options, release, { action: 'plan' }), 'plan', options);
    return planOf(answer);
  }

  return {
    applied,
    plan,
    async migrate(release, { guard }) {
      const image = imageOf(release);
      await guard();
      const answer = await ask(options, release, { action: 'migrate' });
      return moved(answer, image, `migrated to ${release.version}`, options);
    },
    async planReversal({ from, to }) {
      const answer = expectKind(await ask(options, from, { action: 'reversal', to }), 'plan', options);
      return { plan: planOf(answer), refusals: answer.refusals.map((one) => refusalOf(one, from, options)) };
    },
    async reverse({ from, to }, { guard }) {
      const image = imageOf(from);
      await guard();
      const answer = await ask(options, from, { action: 'reverse', to });
      if (answer.kind === 'refused') {
        const reasons = answer.refusals.map(({ reason }) => reason).join('; ');
        throw new DatabaseError(
          `the migrations of ${service} in ${environment} can't be reversed from ${from.version}: ${reasons}`,
          RESTORE,
          false,
        );
      }
      return moved(answer, image, `reversed from ${from.version}`, options);
    },
  };
}

const RESTORE = 'restore the backup that was taken before, or mend it with a new release';

function planOf({ applied, steps, unknown }: AnswerOf<'plan'>): MigrationPlan {
  return { applied, steps: steps.map(stepOf), unknown };
}

function stepOf({ name, reversible, effect, irreversible, incompatible }: z.output<typeof step>): MigrationStep {
  const notes = [...irreversible, ...incompatible];
  return { name, reversible, effect, ...(notes.length === 0 ? {} : { notes }) };
}

function refusalOf({ id, reason }: z.output<typeof refusal>, from: DeployedRelease, options: DjangoOptions): Refusal {
  const remedy =
    id === 'migrationsUnknown' ? 'reverse from the release that brought it (release-status shows which)' : RESTORE;
  return { id, reason: `${reason} (${options.service} of ${from.version})`, remedy };
}

function moved(answer: Answer, image: string, what: string, options: DjangoOptions): MigrationMove {
  const { service, environment, retry } = options;
  const subject = `the migrations of ${service} in ${environment}`;
  if (answer.kind === 'failed') {
    const at = answer.at === null ? '' : ` at ${answer.at}`;
    const left = answer.touched ? '' : '; nothing was changed';
    throw new DatabaseError(
      `${subject} could not be ${what}: it failed${at}: ${answer.problem}${left}`,
      answer.touched ? `correct the cause, then run it again, since what is done stays done: ${retry}` : retry,
      answer.touched,
    );
  }
  const { before, after, missing } = expectKind(answer, 'moved', options);
  if (missing.length > 0)
    throw new DatabaseError(
      `${subject} were ${what}, but the database's own table of them tells otherwise of ${missing.join(', ')}`,
      `look at it: ${['docker', 'compose', 'run', service, ...options.manage, 'showmigrations'].join(' ')}`,
      true,
    );
  return { before, after, image };
}

function expectKind<K extends Answer['kind']>(answer: Answer, kind: K, options: DjangoOptions): AnswerOf<K> {
  if (answer.kind === kind) return answer as AnswerOf<K>;
  const { service, environment, retry } = options;
  if (answer.kind === 'unreachable')
    throw new DatabaseError(
      `the database that ${service} uses in ${environment} can't be reached: ${answer.problem}`,
      `start it, and see that ${service} can reach it, then: ${retry}`,
      false,
    );
  const why = answer.kind === 'problem' ? answer.problem : `an answer of the wrong kind (${answer.kind})`;
  throw new DatabaseError(
    `Django could not be asked about the migrations of ${service} in ${environment}: ${why}`,
    `correct what it says, then: ${retry}`,
    false,
  );
}

async function ask(options: DjangoOptions, release: DeployedRelease, question: Question): Promise<Answer> {
  const { driver, service, environment, manage, timeout, secrets, retry } = options;
  const changes = question.action === 'migrate' || question.action === 'reverse';
  const mark = `slipway-${randomBytes(8).toString('hex')}`;
  const lockPatience = Math.max(1, Math.floor((timeout / 1_000) * LOCK_SHARE));
  const program = await programOf({ ...question, patience: PATIENCE, lockPatience }, mark);
  const known = await secrets();
  let stderr = '';
  const run = async () => {
    const result = await driver.runOnce(release, {
      service,
      argv: [...manage, 'shell', '--command', program],
      timeout,
      ...(changes && (await options.isIdle()) ? { startDependencies: true } : {}),
    });
    stderr = result.stderr;
    return result;
  };
  const stdout = await succeed(run, {
    what: `ask Django about the migrations of ${service} in ${environment}`,
    remedy: `correct what it says, then: ${retry}`,
    changes,
    secrets: known,
    timeout,
  });
  const found = new RegExp(`${mark}(.*)${mark}`).exec(stdout)?.[1];
  const parsed = found === undefined ? null : answers.safeParse(JSON.parse(found));
  if (parsed?.success !== true) {
    const said = lastWords(stderr, known);
    throw new DatabaseError(
      `Django in ${service} of ${release.version} gave no answer about its migrations${said === '' ? '' : `: ${said}`}`,
      `see that ${manage.join(' ')} runs Django's own shell in the image of ${service}`,
      changes,
    );
  }
  return withoutSecrets(parsed.data, known);
}

function withoutSecrets(answer: Answer, secrets: readonly string[]): Answer {
  return 'problem' in answer ? { ...answer, problem: sanitise(answer.problem, secrets) } : answer;
}

/** As an argument, since not every orchestrator has a standard input to give. Packed, because a line of arguments has an end. */
async function programOf(question: object, mark: string): Promise<string> {
  const sources = await Promise.all(MODULES.map(async ([name, path]) => [name, await readFile(path, 'utf8')] as const));
  const packed = deflateSync(JSON.stringify({ sources, question, mark })).toString('base64');
  return [
    'import base64, json, sys, types, zlib',
    `slipway = json.loads(zlib.decompress(base64.b64decode("${packed}")))`,
    'for name, source in slipway["sources"]:',
    '    sys.modules[name] = types.ModuleType(name)',
    '    exec(compile(source, name + ".py", "exec"), sys.modules[name].__dict__)',
    'sys.modules["slipway_django"].main(slipway["question"], slipway["mark"])',
  ].join('\n');
}
