// `npm run bench -- <name>`: runs a bench, prints its table, and writes dist/bench/<name>.json.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeOptions, readOptions, UsageError } from './lib/options.mjs';
import { createProgress } from './lib/progress.mjs';
import { Interrupted, ProgramFailed } from './lib/run.mjs';
import { createScratch } from './lib/scratch.mjs';
import { goalTable } from './lib/goals.mjs';
import { toolVersions } from './lib/tool-versions.mjs';
import { repository } from './lib/workspace.mjs';

const folder = fileURLToPath(new URL('benches/', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length))
  .sort();

/** What every bench takes, besides its own. */
const COMMON = {
  out: { default: 'dist/bench', text: 'folder for the JSON, relative to the repository' },
  plugin: {
    default: 'plugins/slipway',
    text: 'folder of the plugin, e.g. an older one to compare with; only the default is built first',
  },
  'no-build': { default: false, text: 'take the plugin as it is built already' },
};

/**
 * A bench is a file in benches/ that exports this.
 * @typedef {object} Bench
 * @property {string} summary one line
 * @property {import('./lib/options.mjs').OptionSpecs} options
 * @property {Readonly<Record<string, import('./lib/goals.mjs').Goal>>} goals by ratio
 * @property {(context: { options: Record<string, any>, scratch: ReturnType<typeof createScratch>, progress: ReturnType<typeof createProgress>, say: (text: string) => void }) => Promise<Result>} run
 *
 * @typedef {object} Result
 * @property {Record<string, number>} ratios
 * @property {string[]} [bounds] ratios that are lower bounds, since a contestant ran out of time
 * @property {Record<string, number>} [figures] what is compared with nothing else, by name and unit
 * @property {Record<string, number>} sizes
 * @property {Record<string, import('./lib/measure.mjs').Sample>} milliseconds
 */

/** @returns {Promise<Bench>} */
const load = (name) => import(`./benches/${name}.mjs`);

async function help() {
  const lines = [
    'Usage: npm run bench -- <name> [options]',
    '',
    'Without a name all of them run, one after the other.',
    '',
  ];
  for (const name of names) {
    const bench = await load(name);
    lines.push(`  ${name}  ${bench.summary}`, describeOptions(bench.options), '');
  }
  lines.push('  every bench', describeOptions(COMMON));
  console.log(lines.join('\n'));
}

async function runBench(name, args) {
  const bench = await load(name);
  const given = readOptions(args, { ...bench.options, ...COMMON });
  const options = {
    ...given,
    plugin: resolve(repository, given.plugin),
    build: !given['no-build'] && given.plugin === COMMON.plugin.default,
  };
  const scratch = createScratch();
  const progress = createProgress();
  const start = performance.now();
  try {
    console.log(`\n━━ bench ${name}: ${bench.summary}\n`);
    const say = (text) => {
      progress.end();
      console.log(text);
    };
    const result = await bench.run({ options, scratch, progress, say });
    say(`\n${goalTable(result.ratios, bench.goals, result.bounds ?? [])}`);
    const file = resolve(repository, options.out, `${name}.json`);
    const written = {
      bench: name,
      date: new Date().toISOString(),
      seconds: Math.round((performance.now() - start) / 1_000),
      tools: toolVersions(),
      cores: availableParallelism(),
      ...result,
    };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(written, null, 2)}\n`);
    say(`\nWritten to ${join(options.out, `${name}.json`)} after ${written.seconds} s.`);
  } finally {
    progress.end();
    scratch.cleanUp();
  }
}

async function main([first, ...rest]) {
  if (first === undefined) {
    for (const name of names) await runBench(name, []);
    return;
  }
  if (['--help', '-h', 'help'].includes(first) || rest.includes('--help')) return help();
  if (first.startsWith('-')) throw new UsageError(`name the bench first: ${names.join(', ')}`);
  if (!names.includes(first)) throw new UsageError(`there is no bench "${first}"; there are ${names.join(', ')}`);
  await runBench(first, rest);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) {
    console.error('Stopped; nothing was written.');
    process.exitCode = 130;
  } else {
    const known = error instanceof UsageError || error instanceof ProgramFailed;
    console.error(
      known ? `\n${error.message}${error instanceof UsageError ? '\nSee: npm run bench -- --help' : ''}` : error,
    );
    process.exitCode = 1;
  }
}
