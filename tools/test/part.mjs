// Runs one part of `npm test`: its output goes to a file, and what matters of it is told.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { progressOf, runsOf } from './told.mjs';

/** Milliseconds between lines that say how far a part has come. */
const PROGRESS = 60_000;

/**
 * @param {string} title
 * @param {[string, ...string[]]} argv
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, log: string, notes: string }} options `notes`: folder of its own for Jest's notes
 * @returns {Promise<import('./told.mjs').Part>}
 */
export async function runPart(title, [command, ...args], { cwd, env, log, notes }) {
  const start = Date.now();
  console.log(`\n── ${title}`);
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'w');
  const progress = setInterval(() => {
    for (const line of progressOf(readNotes(notes))) console.log(line);
  }, PROGRESS);
  let problem;
  try {
    problem = await new Promise((resolve) => {
      const child = spawn(command, args, {
        cwd,
        env: { ...env, SLIPWAY_TEST_NOTES: notes },
        stdio: ['ignore', file, file],
      });
      child.on('error', ({ message }) => resolve(message));
      child.on('close', (code, signal) => resolve(code === 0 ? null : `it ended with ${signal ?? code}`));
    });
  } finally {
    clearInterval(progress);
    closeSync(file);
  }
  const part = {
    title,
    passed: problem === null,
    seconds: ((Date.now() - start) / 1000).toFixed(1),
    output: readFileSync(log, 'utf8') || (problem ?? ''),
    notes: readNotes(notes),
    log,
  };
  for (const line of runsOf(part)) console.log(line);
  console.log(`── ${title}: ${part.passed ? 'passed' : `FAILED, ${problem},`} in ${part.seconds} s`);
  return part;
}

function readNotes(folder) {
  let names;
  try {
    names = readdirSync(folder);
  } catch (error) {
    // Nothing of Jest ran yet.
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}
