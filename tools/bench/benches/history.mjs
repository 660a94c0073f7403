import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importHistory } from '../lib/import-history.mjs';
import { inTurn, sampleOf } from '../lib/measure.mjs';
import { ProgramFailed, run as runProgram } from '../lib/run.mjs';
import { count, duration, factor, table } from '../lib/table.mjs';
import { environment, install, nx, pack } from '../lib/workspace.mjs';

const OWNER = 'p000';
const CHILD = fileURLToPath(new URL('../children/pass.mjs', import.meta.url));

export const summary = 'reading a long history: git log, our pass, conventional-changelog-core, nx release';

export const options = {
  commits: { default: 50_000, text: 'commits, merges included' },
  projects: { default: 300, text: 'npm projects, one of ten never released' },
  tags: { default: 3_000, text: 'tags <project>@<version>' },
  seed: { default: 1, text: 'the same seed gives the same repository' },
  rounds: { default: 5, text: 'runs of git log and of our pass, in turn' },
  'core-rounds': {
    default: 3,
    text: 'projects that conventional-changelog-core is run for, besides once over everything',
  },
  'core-timeout': { default: 90, text: 'seconds after which its run over everything is ended' },
  'plan-rounds': { default: 3, text: 'runs of release-plan' },
  timeout: { default: 300, text: 'seconds after which nx release is ended; the ratio is then a lower bound' },
  'passes-only': { default: false, text: 'leave out the whole commands' },
};

export const goals = {
  coldOverRaw: {
    atMost: 1.3,
    what: 'our pass with an empty cache (and writing it) to git log with the same arguments',
  },
  warmOverRaw: { atMost: 0.2, what: 'our pass with a full cache to git log' },
  warmNewOverRaw: { what: 'our pass with a cache that lacks the 10 newest commits to git log' },
  coreOverOurs: { what: 'conventional-changelog-core over all commits to our cold pass' },
  coreOneOverOurs: { what: 'conventional-changelog-core for one project to our cold pass for all of them' },
  nxReleaseOverOurs: {
    atLeast: 20,
    what: 'nx release version --dry-run to nx release-plan --dry-run, history cache empty',
  },
  nxReleaseOverOursWarm: { what: 'the same, history cache full' },
};

export async function run({ options: given, scratch, progress, say }) {
  const stage = await makeStage(given, scratch, progress);
  const { made, lines } = stage;
  const never = made.projects.filter(({ released }) => !released).length;
  say(
    `${count(made.commits)} commits, ${count(made.projects.length)} projects (${never} never released), ` +
      `${count(made.tags)} tags, seed ${given.seed}; packed by git gc; made in ${duration(made.milliseconds)}`,
  );
  const { first, log } = await watchPass(stage);
  say(
    `Our pass starts ${first.commands.length} git processes for ${count(lines.length)} lines; the long one is\n  git ${log.args.join(' ')}\n`,
  );

  const own = await measurePasses(stage, log, given.rounds);
  const { raw, cold, warm, warmNew } = own;
  const scope = `all ${lines.length} projects; ${first.released} with a last release; up to ${count(first.longest)} commits each`;
  const head = ['Pass over history', 'Median', 'To git log', 'n', ''];
  say(
    table(head, [
      row('git log, drained', raw, raw),
      row('ours, cold', cold, raw, scope),
      row('ours, warm', warm, raw),
      row('ours, warm, 10 new commits', warmNew, raw),
    ]),
  );

  const { coreLate, ...others } = await measureCore(stage, given['core-rounds'], given['core-timeout']);
  const { core, coreOne } = others;
  const everyCore = duration(coreOne.median * (lines.length - never));
  const ended = coreLate ? `; not finished: ended after ${given['core-timeout']} s` : '';
  say(
    `\n${table(head, [
      row('conventional-changelog-core, all commits', core, raw, `one changelog of everything, no projects${ended}`),
      row(
        'conventional-changelog-core, one project',
        coreOne,
        raw,
        `its path and tags; for each of them: ${everyCore}`,
      ),
    ])}`,
  );
  const passes = { ...own, ...others };
  const bounds = coreLate ? ['coreOverOurs'] : [];
  const ratios = {
    coldOverRaw: cold.median / raw.median,
    warmOverRaw: warm.median / raw.median,
    warmNewOverRaw: warmNew.median / raw.median,
    coreOverOurs: core.median / cold.median,
    coreOneOverOurs: coreOne.median / cold.median,
  };
  const sizes = {
    commits: made.commits,
    projects: lines.length,
    tags: made.tags,
    seed: given.seed,
    gitProcesses: first.commands.length,
  };
  if (given['passes-only']) return { ratios, bounds, sizes, milliseconds: passes };

  const { timedOut, ...commands } = await measureCommands(stage, given['plan-rounds'], given.timeout);
  const { planCold, planWarm, nxRelease } = commands;
  const late = timedOut ? `not finished: ended after ${given.timeout} s` : '';
  say(
    `\n${table(
      ['Whole command, --dry-run', 'Median', 'To release-plan, cold', 'n', ''],
      [
        row('nx release-plan, history cache empty', planCold, planCold),
        row('nx release-plan, history cache full', planWarm, planCold),
        row('nx release version', nxRelease, planCold, late),
      ],
    )}`,
  );
  return {
    ratios: {
      ...ratios,
      nxReleaseOverOurs: nxRelease.median / planCold.median,
      nxReleaseOverOursWarm: nxRelease.median / planWarm.median,
    },
    bounds: [...bounds, ...(timedOut ? ['nxReleaseOverOurs', 'nxReleaseOverOursWarm'] : [])],
    sizes,
    milliseconds: { ...passes, ...commands },
  };
}

/** The workspace with its history and the packed plugin. */
async function makeStage({ commits, projects, tags, seed, plugin, build }, { folder: temporary, signal }, progress) {
  const folder = temporary('history');
  const env = environment(folder);
  const root = join(folder, 'acme');
  progress.show('Packing the plugin');
  const tarball = await pack(folder, { plugin, build, env, signal });
  progress.show('Making the repository');
  const made = await importHistory(root, { commits, projects, tags, seed }, OWNER, {
    env,
    signal,
    progress: (detail) => progress.show('Making the repository', detail),
  });
  await install(root, tarball, { env, signal });

  const dist = join(root, 'node_modules/nx-slipway/dist');
  const cache = join(root, '.git/slipway/history');
  const kept = join(folder, 'full-cache');
  return {
    root,
    env,
    signal,
    progress,
    made,
    lines: made.projects.map(({ name }) => ({ name, tagPattern: `${name}@{version}` })),
    /** One pass in a process of its own; null when it ran out of time. */
    async pass(request, timeout) {
      const argv = [process.execPath, CHILD, JSON.stringify({ root, dist, ...request })];
      const ran = await runProgram(argv, { cwd: root, env, signal, timeout });
      if (ran.timedOut) return null;
      if (ran.code !== 0) throw new ProgramFailed(`the pass "${request.pass}" ended with ${ran.code}:\n${ran.stderr}`);
      return JSON.parse(ran.stdout);
    },
    emptyCache: () => rmSync(cache, { recursive: true, force: true }),
    keepCache() {
      if (!existsSync(cache)) throw new ProgramFailed(`our pass left no cache in ${cache}`);
      cpSync(cache, kept, { recursive: true });
    },
    fillCache() {
      rmSync(cache, { recursive: true, force: true });
      cpSync(kept, cache, { recursive: true });
    },
  };
}

/** Runs our pass once to see which git commands it runs, and keeps its cache for the warm runs. */
async function watchPass({ pass, lines, made, keepCache, progress }) {
  progress.show('Watching our pass');
  const first = await pass({ pass: 'ours', head: made.head, lines, watch: true });
  const log = first.commands.find(({ args }) => args.includes('log'));
  if (log === undefined) {
    throw new ProgramFailed(`our pass ran no git log, but ${first.commands.map(({ args }) => args[0]).join(', ')}`);
  }
  keepCache();
  return { first, log };
}

function measurePasses({ pass, lines, made, emptyCache, fillCache, progress }, log, rounds) {
  const ours = async (head) => (await pass({ pass: 'ours', head, lines })).milliseconds;
  return inTurn(
    rounds,
    {
      raw: async () => (await pass({ pass: 'raw', log })).milliseconds,
      cold: () => {
        emptyCache();
        return ours(made.head);
      },
      warm: () => {
        fillCache();
        return ours(made.head);
      },
      warmNew: () => {
        fillCache();
        return ours(made.later);
      },
    },
    (done, all, name) => progress.show('Passes over history', `${done}/${all} ${name}`),
  );
}

/** Once over everything, and for single projects from the first to the last: all of them would take too long. */
async function measureCore({ pass, made, progress }, rounds, timeout) {
  const released = made.projects.filter((project) => project.released);
  const samples = Math.min(rounds, released.length);
  const one = [];
  for (let index = 0; index < samples; index += 1) {
    progress.show('conventional-changelog-core', `${index + 1}/${samples}, one project`);
    const { name, root } = released[Math.floor((index * released.length) / samples)];
    one.push((await pass({ pass: 'core', project: { name, root } })).milliseconds);
  }
  progress.show('conventional-changelog-core, all commits', `at most ${timeout} s`);
  const all = await pass({ pass: 'core', project: null }, timeout * 1_000);
  return { core: sampleOf([all?.milliseconds ?? timeout * 1_000]), coreOne: sampleOf(one), coreLate: all === null };
}

async function measureCommands({ root, env, signal, emptyCache, fillCache, progress }, rounds, timeout) {
  const command = async (args, limit) => {
    const ran = await nx(root, args, { env, signal, timeout: limit });
    if (ran.code === 0 || ran.timedOut) return ran;
    throw new ProgramFailed(
      `nx ${args.join(' ')} ended with ${ran.code}:\n${`${ran.stdout}${ran.stderr}`.slice(-3_000)}`,
    );
  };
  // Neither command pays for the first project graph.
  progress.show('Warming up Nx');
  await command(['show', 'projects']);
  const plan = async () => (await command(['release-plan', OWNER, '--dry-run'])).milliseconds;
  const plans = await inTurn(
    rounds,
    {
      planCold: () => {
        emptyCache();
        return plan();
      },
      planWarm: () => {
        fillCache();
        return plan();
      },
    },
    (done, all, name) => progress.show('nx release-plan --dry-run', `${done}/${all} ${name}`),
  );
  progress.show('nx release version --dry-run', `at most ${timeout} s`);
  const { milliseconds, timedOut } = await command(['release', 'version', '--dry-run'], timeout * 1_000);
  return { ...plans, nxRelease: sampleOf([milliseconds]), timedOut };
}

function row(name, sample, base, note = '') {
  return [name, duration(sample.median), factor(sample.median / base.median), String(sample.n), note];
}
