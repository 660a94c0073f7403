// Preloaded into a step's process (NODE_OPTIONS=--require): writes down each side effect that it has, and kills it, or the
// `nx` above it, before, during or after one of them. The product knows nothing of it.
//
// SLIPWAY_SEAM  JSON: { log: string, clock?: number, task?: { file: string }, kill?: { point: string, moment: 'before' | 'during' | 'after', victim: 'executor' | 'nx',
//               signal: string, delay?: number } }
//               A point is `<what> #<n>`: the n-th side effect that goes by these words. `delay`: milliseconds into it.
//               `clock`: milliseconds by which this process believes to be ahead.
//               `task`: { file } gets what Nx gave to this process, so that it can be started again without Nx.
const { appendFileSync, writeFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { classify, describePath } = require('./effects.cjs');

if (process.env.SLIPWAY_SEAM !== undefined && /run-executor/.test(process.argv[1] ?? ''))
  watch(JSON.parse(process.env.SLIPWAY_SEAM));

function watch({ log, kill, clock, task }) {
  if (clock) turnClock(clock);
  if (task) recordTask(task);
  const counts = new Map();
  // The original, since the patched ones would log the log.
  const append = appendFileSync;

  /** @returns what is told when the side effect is over */
  function begin(what) {
    const number = (counts.get(what) ?? 0) + 1;
    counts.set(what, number);
    const point = `${what} #${number}`;
    const start = Date.now();
    const mine = kill?.point === point ? kill : null;
    append(log, `${JSON.stringify({ point, at: start, state: 'begins' })}\n`);
    if (mine?.moment === 'before') strike(mine, point);
    if (mine?.moment === 'during') {
      if (mine.delay) setTimeout(() => strike(mine, point), mine.delay);
      else setImmediate(() => strike(mine, point));
    }
    return () => {
      append(log, `${JSON.stringify({ point, state: 'ended', took: Date.now() - start })}\n`);
      if (mine?.moment === 'after') strike(mine, point);
    };
  }

  function strike({ victim, signal }, point) {
    append(log, `${JSON.stringify({ point, state: 'killed', pid: process.pid })}\n`);
    process.kill(victim === 'nx' ? process.ppid : process.pid, signal);
  }

  const processes = require('node:child_process');
  const { spawn } = processes;
  processes.spawn = function (file, args, options) {
    const what = classify([file, ...(Array.isArray(args) ? args : [])]);
    if (what === null) return spawn.apply(this, arguments);
    const end = begin(what);
    const child = spawn.apply(this, arguments);
    // Before any listener of the product hears of it.
    child.prependOnceListener('exit', end);
    return child;
  };

  const files = require('node:fs/promises');
  for (const name of [
    'writeFile',
    'appendFile',
    'rename',
    'rm',
    'unlink',
    'mkdir',
    'copyFile',
    'link',
    'symlink',
    'chmod',
  ]) {
    const original = files[name];
    files[name] = async function (path, ...rest) {
      const what = describePath(name, name === 'rename' ? rest[0] : path);
      if (what === null) return original.call(this, path, ...rest);
      const end = begin(what);
      try {
        return await original.call(this, path, ...rest);
      } finally {
        end();
      }
    };
  }

  const { fetch } = globalThis;
  globalThis.fetch = async function (input, init) {
    const end = begin(
      `http ${init?.method ?? 'GET'} ${new URL(typeof input === 'string' ? input : (input.url ?? input)).pathname}`,
    );
    try {
      return await fetch.call(this, input, init);
    } finally {
      end();
    }
  };
  const http = require('node:http');
  const { request } = http;
  http.request = function (...args) {
    const sent = request.apply(this, args);
    // Not the engine's own socket, and not what fetch has told already.
    const end = begin(`http ${sent.method} ${sent.path}`);
    sent.prependOnceListener('close', end);
    return sent;
  };
  syncBuiltinESMExports();
}

function recordTask({ file }) {
  const { NODE_OPTIONS, SLIPWAY_SEAM, ...env } = process.env;
  const [, script] = process.argv;
  process.once('message', (message) =>
    writeFileSync(file, JSON.stringify({ script, cwd: process.cwd(), env, message })),
  );
}

function turnClock(ahead) {
  const Real = Date;
  class Turned extends Real {
    constructor(...args) {
      super(...(args.length === 0 ? [Real.now() + ahead] : args));
    }
    static now() {
      return Real.now() + ahead;
    }
  }
  globalThis.Date = Turned;
}
