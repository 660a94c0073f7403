// Runs programs for the set-up: argv arrays, output kept in a log file, the end of it shown when a program fails.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Something the person at the terminal can act on; printed without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] Added to the process's own environment.
 * @property {number} [timeout] Milliseconds; the program is killed afterwards.
 */

/**
 * Runs a program and collects what it says. A non-zero exit or a missing program is a result, not an error.
 * @param {[string, ...string[]]} argv
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string, missing: boolean, timedOut: boolean }>}
 */
export function probe(argv, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr, timedOut] = ['', '', false];
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, options.timeout ?? 30_000);
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', (error) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') resolve({ code: null, stdout, stderr, missing: true, timedOut });
      else reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, missing: false, timedOut });
    });
  });
}

/** Whether the program starts and ends with 0. */
export async function succeeds(argv, options) {
  return (await probe(argv, options)).code === 0;
}

/**
 * Runs a long program with all of its output in `log`.
 * @param {[string, ...string[]]} argv
 * @param {RunOptions & { log: string, stdin?: import('node:stream').Readable }} options
 * @throws {SetupError} with the end of its output when it does not end with 0.
 */
export async function runLogged(argv, { log, stdin, cwd, env, timeout }) {
  mkdirSync(dirname(log), { recursive: true });
  appendFileSync(log, `\n$ ${argv.join(' ')}\n`);
  const from = statSync(log).size;
  const file = openSync(log, 'a');
  try {
    const outcome = await new Promise((resolve) => {
      const child = spawn(argv[0], argv.slice(1), {
        cwd,
        env: { ...process.env, ...env },
        stdio: [stdin ? 'pipe' : 'ignore', file, file],
      });
      const timer = timeout ? setTimeout(() => child.kill('SIGKILL'), timeout) : undefined;
      child.on('error', (error) => resolve(error.code === 'ENOENT' ? 'is not installed' : error.message));
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        resolve(code === 0 ? undefined : signal ? `was ended by ${signal}` : `ended with ${code}`);
      });
      // A program that ends early closes the pipe; its exit code tells the story.
      if (stdin) stdin.pipe(child.stdin.on('error', () => stdin.destroy()));
    });
    if (outcome === undefined) return;
    const said = readFileSync(log).subarray(from).toString('utf8').trimEnd().split('\n').slice(-25).join('\n    ');
    throw new SetupError(`${argv[0]} ${outcome}:\n    ${said}\n  All of its output: ${log}`);
  } finally {
    closeSync(file);
  }
}
