// `npm run fuzz`: changes valid reports of every format in thousands of ways, and shows that no reader crashes or hangs, and that
// nothing passes that must not. The same seed gives the same cases. `--case=<number>` shows one of them.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readOptions, UsageError } from '../bench/lib/options.mjs';
import { table } from '../bench/lib/table.mjs';

const SPECS = {
  cases: { default: 40_000, text: 'how many' },
  seed: { default: 20_261_122, text: 'another one gives other cases' },
  seconds: { default: 10, text: 'after which a case counts as a hang' },
  minutes: { default: 15, text: 'after which the run is ended, and has failed' },
  case: { default: '', text: 'shows one case, and what came of it' },
};
const CHILD = fileURLToPath(new URL('cases.mjs', import.meta.url));

/** Runs cases from one number on in a child, which can be ended when it hangs. @returns where to go on, null when all are done */
function runFrom(first, { cases, seed, seconds, deadline }, onOutcomes) {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [JSON.stringify({ first, cases, seed })], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let at = first;
    let done = false;
    let late = false;
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          late = true;
          child.kill('SIGKILL');
        },
        Math.min(seconds * 1_000, Math.max(0, deadline - Date.now())),
      );
    };
    // Starting the child takes its time; a case does not.
    timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
    child.on('message', (message) => {
      watch();
      if ('outcomes' in message) onOutcomes(message.outcomes);
      if ('at' in message) at = message.at;
      done ||= message.done === true;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      if (done) resolve(null);
      else if (late && Date.now() >= deadline) resolve({ outOfTime: true });
      else if (late) resolve({ hung: at });
      else reject(new Error(`the cases ended with ${code} at case ${at}`));
    });
  });
}

function summary(outcomes) {
  const columns = ['pass', 'fail', 'inconclusive', 'truncated', 'malformed', 'contradictory'];
  const formats = [...new Set(outcomes.map(({ format }) => format))].sort();
  const row = (name, own) => {
    const count = (outcome) => own.filter((one) => one.outcome === outcome).length;
    const counted = columns.map(count);
    return [name, own.length, ...counted, own.length - counted.reduce((a, b) => a + b, 0)].map(String);
  };
  const rows = formats.map((format) =>
    row(
      format,
      outcomes.filter((one) => one.format === format),
    ),
  );
  return table(['Format', 'Cases', ...columns, 'other'], [...rows, row('all', outcomes)]);
}

async function main() {
  const options = readOptions(process.argv.slice(2), SPECS);
  if (options.case !== '') {
    const child = fork(CHILD, [JSON.stringify({ show: Number(options.case), seed: options.seed })]);
    process.exitCode = await new Promise((resolve) => child.once('exit', resolve));
    return;
  }
  const start = Date.now();
  const deadline = start + options.minutes * 60_000;
  const outcomes = [];
  const hangs = [];
  let next = 0;
  while (next < options.cases) {
    const left = await runFrom(next, { ...options, deadline }, (some) => outcomes.push(...some));
    if (left === null) break;
    if (left.outOfTime) {
      console.error(`Ended after ${options.minutes} minutes with ${outcomes.length} of ${options.cases} cases done.`);
      process.exitCode = 1;
      break;
    }
    // What was done before the case that hangs was told already, up to the last batch: take those again, and skip it.
    hangs.push(left.hung);
    next = left.hung + 1;
  }
  const crashes = outcomes.filter(({ outcome }) => outcome === 'crash');
  const wrong = outcomes.filter(({ wrongPass }) => wrongPass);
  console.log(`${summary(outcomes)}\n`);
  for (const one of [...crashes, ...wrong].slice(0, 40)) {
    console.log(`case ${one.number}: ${one.format}, ${one.how}: ${one.error ?? 'passes, and must not'}`);
  }
  for (const number of hangs) console.log(`case ${number}: hangs`);
  console.log(`seed ${options.seed}, ${Math.round((Date.now() - start) / 1_000)} s`);
  console.log(
    `fuzz: ${outcomes.length + hangs.length} cases, ${crashes.length} crashes, ${hangs.length} hangs, ${wrong.length} wrong passes`,
  );
  if (crashes.length + wrong.length + hangs.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
}
