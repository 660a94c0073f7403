import { join } from 'node:path';
import { inTurn } from '../lib/measure.mjs';
import { must, ProgramFailed } from '../lib/run.mjs';
import { duration, factor, table } from '../lib/table.mjs';
import { ensureBuilt, environment, repository } from '../lib/workspace.mjs';

const SECONDS = 5;

export const summary = 'events of many writers in one stream of the ledger, all kept, beside plain commits and pushes';

export const options = {
  writers: { default: 16, text: 'clones that append at once, to one bare remote on this machine' },
  events: { default: 5, text: 'how many each of them appends' },
  rounds: { default: 3, text: 'how often each is measured' },
};

export const goals = {
  writersOverLimit: { what: `80 events of 16 writers to ${SECONDS} s`, atMost: 1 },
};

export async function run({ options: { writers, events, rounds, plugin, build }, scratch, progress, say }) {
  const { signal } = scratch;
  const folder = scratch.folder('ledger');
  const env = environment(folder);
  if (build) progress.show('Building the plugin');
  await ensureBuilt({ plugin, build, env, signal });
  const dist = join(plugin, 'dist');

  const git = async (cwd, ...args) => (await must(['git', ...args], { cwd, env, signal })).stdout.trim();
  let made = 0;
  const cloneAll = async (count) => {
    made += 1;
    const remote = join(folder, `remote-${made}.git`);
    await git(folder, 'init', '--quiet', '--bare', remote);
    const clones = Array.from({ length: count }, (_, index) => join(folder, `clone-${made}-${index}`));
    for (const clone of clones) await git(folder, 'clone', '--quiet', remote, clone);
    return clones;
  };
  const count = writers * events;

  const plain = async () => {
    const [clone] = await cloneAll(1);
    const tree = await git(clone, 'hash-object', '-t', 'tree', '-w', '/dev/null');
    const start = performance.now();
    let head;
    for (let n = 0; n < count; n += 1) {
      head = await git(clone, 'commit-tree', tree, ...(head === undefined ? [] : ['-p', head]), '-m', `event ${n}`);
      await git(clone, 'push', '--quiet', 'origin', `${head}:refs/plain/prod`);
    }
    return performance.now() - start;
  };
  const append = async (clones, each) => {
    const [reader] = clones.splice(-1);
    const request = JSON.stringify({ dist, clones, reader, each });
    const child = join(repository, 'tools/bench/children/append.mjs');
    const { stdout } = await must([process.execPath, child, request], { cwd: folder, env, signal });
    const { milliseconds, kept } = JSON.parse(stdout);
    if (kept !== count) throw new ProgramFailed(`of ${count} events ${kept} were kept`);
    return milliseconds;
  };
  const contestants = {
    'commit-tree and push, one after the other': plain,
    'one writer': async () => append(await cloneAll(2), count),
    [`${writers} writers at once`]: async () => append(await cloneAll(writers + 1), events),
  };
  const samples = await inTurn(rounds, contestants, (done, all, name) =>
    progress.show('Appending', `${done} of ${all}, ${name}`),
  );
  const [base, one, many] = Object.values(samples).map(({ median }) => median);
  say(
    table(
      [`${count} events`, 'Median', 'To git', 'Runs'],
      Object.entries(samples).map(([name, { median, n }]) => [name, duration(median), factor(median / base), `${n}`]),
    ),
  );
  return {
    ratios: { writersOverLimit: many / (SECONDS * 1_000), oneWriterOverGit: one / base, writersOverGit: many / base },
    sizes: { writers, events, rounds },
    milliseconds: samples,
  };
}
