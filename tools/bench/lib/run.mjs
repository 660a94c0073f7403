// Programs that a bench starts: timed, with a time limit, and ended with everything they started.
import { spawn } from 'node:child_process';

export class Interrupted extends Error {}
export class ProgramFailed extends Error {}

/**
 * @typedef {object} Ran
 * @property {number} milliseconds from start to the end of its output
 * @property {number} code
 * @property {boolean} timedOut
 * @property {string} stdout empty with `drain`
 * @property {string} stderr
 */

/**
 * @param {readonly [string, ...string[]]} argv
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, signal: AbortSignal, timeout?: number, drain?: boolean, feed?: (child: import('node:child_process').ChildProcess) => Promise<void> }} options
 *   timeout: milliseconds. drain: read the output and throw it away. feed: writes its input.
 * @returns {Promise<Ran>}
 */
export async function run([file, ...args], { cwd, env = process.env, signal, timeout, drain = false, feed }) {
  if (signal.aborted) throw new Interrupted();
  const start = performance.now();
  // A process group of its own: Ctrl-C reaches the bench alone, which then ends the whole group.
  const child = spawn(file, args, { cwd, env, detached: true, stdio: [feed ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  let timedOut = false;
  const end = () => endGroup(child.pid);
  signal.addEventListener('abort', end, { once: true });
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, timeout);
  const stdout = [];
  const stderr = [];
  if (!feed) child.stdout.on('data', drain ? () => {} : (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  try {
    const ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    // What the feeder meets when the program dies (EPIPE) says less than the program's own words.
    const fed = feed?.(child).catch((error) => error);
    const code = await ended;
    const milliseconds = performance.now() - start;
    if (signal.aborted) throw new Interrupted();
    const trouble = await fed;
    if (trouble instanceof Error && code === 0) throw trouble;
    return {
      milliseconds,
      code,
      timedOut,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/** Like {@link run}. @throws {ProgramFailed} unless it ends well. */
export async function must(argv, options) {
  const ran = await run(argv, options);
  if (ran.code === 0) return ran;
  const words = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(-30).join('\n');
  throw new ProgramFailed(
    `${argv.slice(0, 4).join(' ')} … ended with ${ran.code}${ran.timedOut ? ', out of time' : ''}:\n${words}`,
  );
}

function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
