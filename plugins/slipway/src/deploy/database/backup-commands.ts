import { createReadStream } from 'node:fs';
import type { z } from 'zod';
import type { database } from '../../config/deployment/database';
import type { BackupContext } from './backup-context';
import { createBackupFiles } from './backup-files';
import type { Backups } from './database';
import { succeed } from './service-program';
import { createBackups } from './take-backup';

type Config = NonNullable<z.output<typeof database>['backup']>;
export type BackupCommands = Extract<Config, { preset: 'commands' }>;

/** Backups by the user's own programs, in the running container of a service: they dump to standard output and restore from standard input. */
export function createBackupCommands(context: BackupContext, commands: BackupCommands): Backups {
  const { world, driver, environment, service, timeout, retry, secrets } = context;

  async function run(
    name: 'dump' | 'restore' | 'prove',
    streams: { readonly path?: string; readonly sink?: (chunk: Buffer) => void },
  ): Promise<void> {
    const [program, ...args] = commands[name] ?? [];
    if (program === undefined) throw new TypeError(`${name} is not configured`);
    await succeed(
      () =>
        driver.execute({
          service,
          argv: [program, ...args],
          timeout,
          ...(streams.path === undefined ? {} : { input: createReadStream(streams.path) }),
          ...(streams.sink === undefined ? {} : { onData: streams.sink }),
        }),
      {
        what: `run database.backup.${name} in ${service} of ${environment}`,
        remedy: `correct what it says, then: ${retry}`,
        changes: name === 'restore',
        secrets: await secrets(),
        timeout,
      },
    );
  }

  return createBackups(
    context,
    createBackupFiles(world.root, environment),
    {
      async dump(sink) {
        await run('dump', { sink });
        return null;
      },
      async prove(path, _rows, { guard }) {
        if (commands.prove === undefined) return null;
        await guard();
        await run('prove', { path });
        return true;
      },
      async restore(path, _rows, { guard }) {
        await guard();
        await run('restore', { path });
      },
      estimate: () => Promise.resolve(null),
    },
    commands.prove !== undefined,
  );
}
