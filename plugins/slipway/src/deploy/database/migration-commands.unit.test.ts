import fc from 'fast-check';
import type { RunResult } from '../../io/exec';
import type { DeployedRelease } from '../../ledger/events';
import { createMemoryDriver } from '../../testing/memory-driver';
import type { DatabaseError } from './database';
import { createMigrationCommands, parseNames, parsePlan, type MigrationCommands } from './migration-commands';

describe('what the commands print', () => {
  it('is one name a line, in order', () => {
    expect(parseNames('0001 init\r\n0002_next\n')).toEqual(['0001 init', '0002_next']);
    expect(parseNames('')).toEqual([]);
  });

  it.each([
    ['an empty line', 'a\n\nb\n'],
    ['spaces around a name', ' a\n'],
    ['a name twice', 'a\nb\na\n'],
    ['a control character', 'a\u001b[31m\n'],
    ['a line that is too long', 'x'.repeat(301)],
    ['nothing but a line’s end', '\n'],
  ])('is refused with %s', (_what, output) => expect(() => parseNames(output)).toThrow(/^line \d+ /));

  it('tells of steps what they say of themselves, and nothing more', () => {
    expect(parsePlan('a\nb IRREVERSIBLE\nc EXPAND\nd CONTRACT IRREVERSIBLE\n')).toEqual([
      { name: 'a', reversible: true, effect: 'unknown' },
      { name: 'b', reversible: false, effect: 'unknown' },
      { name: 'c', reversible: true, effect: 'expand' },
      { name: 'd', reversible: false, effect: 'contract' },
    ]);
  });

  it.each(['IRREVERSIBLE', 'a EXPAND CONTRACT', 'a EXPAND EXPAND', ' IRREVERSIBLE'])(
    'is refused with a step such as "%s"',
    (line) => expect(() => parsePlan(line)).toThrow(/^line 1 /),
  );

  it('comes back as it was printed', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        expect(parseNames(names.map((each) => `${each}\n`).join(''))).toEqual(names);
      }),
    );
  });
});

describe('moves by commands', () => {
  /** A migration tool whose database is a list. */
  function createTool(applied: string[], known: readonly string[]) {
    const driver = createMemoryDriver();
    const ran: string[] = [];
    const behaviour = {
      migrate: () => void applied.push(...pending()),
      reverse: (to: string[]) => void applied.splice(to.length),
    };
    const pending = () => known.filter((name) => !applied.includes(name));
    const said = (lines: readonly string[]): RunResult => ({
      exitCode: 0,
      stdout: lines.map((line) => `${line}\n`).join(''),
      stderr: '',
    });
    driver.onCommand = async ({ argv, env }) => {
      const to = (env?.['SLIPWAY_MIGRATIONS'] ?? '').split('\n').filter(Boolean);
      switch (argv[0]) {
        case 'state':
          return said(applied);
        case 'plan':
          return said(pending());
        case 'plan-reverse':
          return said(applied.slice(to.length).reverse());
        default:
          ran.push(argv.join(' '));
          if (argv[0] === 'migrate') behaviour.migrate();
          else behaviour.reverse(to);
          return said([]);
      }
    };
    const commands: MigrationCommands = {
      state: ['state'],
      plan: ['plan'],
      migrate: ['migrate'],
      reverse: ['reverse'],
      planReverse: ['plan-reverse'],
    };
    const migrations = (change: Partial<MigrationCommands> = {}) =>
      createMigrationCommands(
        {
          driver,
          environment: 'staging',
          service: 'api',
          timeout: 1_000,
          retry: 'deploy again',
          secrets: async () => ['hunter2'],
          isNew: async () => false,
          isIdle: async () => false,
          imageOf: () => 'sha256:1',
        },
        { ...commands, ...change },
      );
    return { driver, ran, behaviour, migrations };
  }

  const release: DeployedRelease = { version: '2.0.0', commit: 'c', services: { api: 'sha256:1' } };
  const guard = () => Promise.resolve();
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => {
        throw new Error('it worked');
      },
      (error: unknown) => error as DatabaseError,
    );

  it('go forward and back, and are read back each time', async () => {
    const { migrations, ran } = createTool(['a'], ['a', 'b', 'c']);
    expect(await migrations().migrate(release, { guard })).toEqual({
      before: ['a'],
      after: ['a', 'b', 'c'],
      image: 'sha256:1',
    });
    expect(await migrations().migrate(release, { guard })).toMatchObject({ after: ['a', 'b', 'c'] });
    expect(await migrations().reverse({ from: release, to: ['a'] }, { guard })).toMatchObject({ after: ['a'] });
    expect(ran).toEqual(['migrate', 'reverse']);
  });

  it('are not believed where the database says otherwise', async () => {
    const { migrations, behaviour } = createTool(['a'], ['a', 'b']);
    behaviour.migrate = () => undefined;
    expect(await failureOf(migrations().migrate(release, { guard }))).toMatchObject({
      name: 'DatabaseError',
      touched: true,
      message: expect.stringMatching(/tells otherwise of b$/),
    });
    behaviour.reverse = () => undefined;
    expect(await failureOf(migrations().reverse({ from: release, to: [] }, { guard }))).toMatchObject({
      touched: true,
    });
  });

  it('are refused before anything is run where a step can not be reversed, or nobody can tell', async () => {
    const { migrations, driver, ran } = createTool(['a', 'b'], ['a', 'b']);
    const answer = driver.onCommand;
    const without = migrations({ planReverse: undefined });
    expect((await without.planReversal({ from: release, to: ['a'] })).refusals).toMatchObject([
      { id: 'migrationsIrreversible' },
    ]);
    driver.onCommand = async (command, of) =>
      command.argv[0] === 'plan-reverse'
        ? { exitCode: 0, stdout: 'b IRREVERSIBLE\n', stderr: '' }
        : answer(command, of);
    const error = await failureOf(migrations().reverse({ from: release, to: ['a'] }, { guard }));
    expect(error).toMatchObject({ touched: false, message: expect.stringMatching(/b can't be reversed/) });
    driver.onCommand = async (command, of) =>
      command.argv[0] === 'plan-reverse' ? { exitCode: 0, stdout: '', stderr: '' } : answer(command, of);
    expect((await migrations().planReversal({ from: release, to: ['a'] })).refusals).toMatchObject([
      { id: 'migrationsUnknown' },
    ]);
    expect(ran).toEqual([]);
  });

  it.each([
    [
      'fails',
      { exitCode: 3, stdout: '', stderr: 'password hunter2 was refused\n' },
      /could not run .*state.*password \*\*\* was refused \(exit 3\)$/,
    ],
    [
      'prints what is no list',
      { exitCode: 0, stdout: 'Loading…\n\nhunter2\n', stderr: '' },
      /can't be understood: line 2 is empty$/,
    ],
  ])('tell, without secrets, that the state command %s', async (_what, result, message) => {
    const { migrations, driver } = createTool([], []);
    driver.onCommand = async () => result;
    const error = await failureOf(migrations().applied(release));
    expect(error).toMatchObject({ name: 'DatabaseError', touched: false, message: expect.stringMatching(message) });
    expect(error.message).not.toContain('hunter2');
  });
});
