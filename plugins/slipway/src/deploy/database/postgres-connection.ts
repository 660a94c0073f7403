import type { BackupContext } from './backup-context';
import { DatabaseError } from './database';
import type { Connection } from './postgres-client';
import type { PostgresConfig } from './postgres-backups';
import { succeed } from './service-program';

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Who connects to what. `${NAME}` is taken from the environment's files, else from the container's own environment, where the compose file
 * may have given it a default.
 * @throws {DatabaseError} where neither knows it.
 */
export async function connectionOf(context: BackupContext, config: PostgresConfig): Promise<Connection> {
  const variables = await context.variables();
  const fill = async (text: string, key: 'database' | 'user'): Promise<string> => {
    let filled = text;
    for (const [whole, name] of text.matchAll(REFERENCE)) {
      const value = variables.get(name ?? '') ?? (await fromContainer(context, name ?? ''));
      if (value === null || value === '') throw unknownVariable(context, name ?? '', key);
      filled = filled.replaceAll(whole, value);
    }
    return filled;
  };
  return {
    database: await fill(config.database, 'database'),
    user: await fill(config.user, 'user'),
    password: config.password === undefined ? null : (variables.get(config.password) ?? null),
  };
}

/** Null where the container's environment has no such variable. */
async function fromContainer(context: BackupContext, name: string): Promise<string | null> {
  const { driver, service, environment, timeout, retry, secrets } = context;
  let missing = false;
  const output = await succeed(
    async () => {
      const result = await driver.execute({ service, argv: ['printenv', name], timeout });
      // It says nothing, and exits with 1, where there is none.
      missing = result.exitCode === 1 && result.stderr.trim() === '';
      return missing ? { ...result, exitCode: 0 } : result;
    },
    {
      what: `ask ${service} in ${environment} for ${name}`,
      remedy: `correct what it says, then: ${retry}`,
      changes: false,
      secrets: await secrets(),
      timeout,
    },
  );
  return missing ? null : output.replace(/\n$/, '');
}

function unknownVariable({ environment, service }: BackupContext, name: string, key: string): DatabaseError {
  return new DatabaseError(
    `${name}, which environments.${environment}.database.backup.${key} names, is in no environment file of ${environment} and not in ${service} either`,
    `set it there, or write the ${key} itself into slipway.json`,
    false,
  );
}
