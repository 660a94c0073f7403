import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { GIT_ENV } from './repositories';

export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the first line of output that `matches`. */
  line(matches: (line: string) => boolean): Promise<string>;
  /** Resolves when it has ended; children of its own may still hold its output open. */
  exited(): Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Resolves when it has ended and its output is complete. */
  ended(): Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

/** Runs a TypeScript file of the sources as a process of its own. */
export function spawnSource(
  file: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'stdio'> & {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Child {
  const base = join(__dirname, '../../../../../tsconfig.base.json');
  const child = spawn(process.execPath, ['-r', require.resolve('@swc-node/register'), file, ...args], {
    cwd: join(__dirname, '../../../../..'),
    stdio: 'pipe',
    ...options,
    env: { ...process.env, ...GIT_ENV, ...options.env, TS_NODE_PROJECT: base, NODE_OPTIONS: '' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Not `close`: it never comes after `disconnect`.
  const exits = once(child, 'exit') as Promise<[number | null, string | null]>;
  const ends = Promise.all([
    exits,
    ...[child.stdout, child.stderr].flatMap((stream) => (stream ? [once(stream, 'close')] : [])),
  ]);
  return {
    process: child,
    line: (matches) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = stdout.split('\n').slice(0, -1).find(matches);
          if (found !== undefined) resolve(found);
        };
        child.stdout?.on('data', look);
        child.on('exit', () => reject(new Error(`it ended before it said so: ${stdout}${stderr}`)));
        look();
      }),
    exited: async () => {
      const [code, signal] = await exits;
      return { code, signal };
    },
    ended: async () => {
      const [[code, signal]] = await ends;
      return { code, signal, stdout, stderr };
    },
  };
}
