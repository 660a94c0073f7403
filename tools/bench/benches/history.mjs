import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importHistory } from '../lib/import-history.mjs';
import { inTurn, sampleOf } from '../lib/measure.mjs';
import { must, ProgramFailed } from '../lib/run.mjs';
import { count, duration, factor, table } from '../lib/table.mjs';
import { environment, forget, install, nx, pack } from '../lib/workspace.mjs';

const OWNER = 'p000';
const CHILD = fileURLToPath(new URL('../children/pass.mjs', import.meta.url));

export const summary = 'reading a long history: git log, our pass, conventional-changelog-core, nx release';

export const options = {
  commits: { default: 50_000, text: 'commits, merges included' },
  projects: { default: 300, text: 'npm projects, one of ten never released' },
  tags: { default: 3_000, text: 'tags <project>@<version>' },
  seed: { default: 1, text: 'the same seed gives the same repository' },
  rounds: { default: 5, text: 'runs of git log and of our pass, in turn' },
  'core-rounds': { default: 3, text: 'projects that conventional-changelog-core is run for' },
  'plan-rounds': { default: 3, text: 'runs of release-plan' },
  timeout: { default: 1_800, text: 'seconds after which nx release is ended; the ratio is then a lower bound' },
};

export const goals = {
  coldOverRaw: {
    atMost: 1.3,
    what: 'our pass with an empty cache (and writing it) to git log with the same arguments',
  },
  warmOverRaw: { atMost: 0.2, what: 'our pass with a full cache to git log' },
  warmNewOverRaw: { what: 'our pass with a cache that lacks the 10 newest commits to git log' },
  coreOverOurs: { what: 'conventional-changelog-core for one project to our cold pass for all of them' },
  nxReleaseOverOurs: {
    atLeast: 20,
    what: 'nx release version --dry-run to nx release-plan --dry-run, empty history cache',
  },
  nxReleaseOverOursWarm: { what: 'the same, full history cache' },
};

export async function run({
  options: { commits, projects: projectCount, tags, seed, rounds, ...limits },
  scratch,
  progress,
  say,
}) {
  const { signal } = scratch;
  const folder = scratch.folder('history');
  const env = environment(folder);
  const root = join(folder, 'acme');
  const dist = join(root, 'node_modules/nx-slipway/dist');

  progress.show('Packing the plugin');
  const tarball = await pack(folder, { plugin: limits.plugin, build: limits.build, env, signal });
  progress.show('Making the repository');
  const made = await importHistory(root, { commits, projects: projectCount, tags, seed }, OWNER, {
    env,
    signal,
    progress: (detail) => progress.show('Making the repository', detail),
  });
  await install(root, tarball, { env, signal });
  say(
    `${count(made.commits)} commits, ${count(made.projects.length)} projects (${made.projects.filter(({ released }) => !released).length} never released), ` +
      `${count(made.tags)} tags, seed ${seed}; packed by git gc in ${duration(made.milliseconds)}`,
  );

  const child = async (request) => {
    const ran = await must([process.execPath, CHILD, JSON.stringify({ root, dist, ...request })], {
      cwd: root,
      env,
      signal,
    });
    return JSON.parse(ran.stdout);
  };
  const lines = made.projects.map(({ name }) => ({ name, tagPattern: `${name}@{version}` }));
  const cache = (name) => join(folder, 'caches', name);
  const ours = (name, head) => child({ pass: 'ours', head, lines, cache: cache(name) });

  // Fills the cache for the warm runs, and shows which commands our pass runs.
  progress.show('Watching our pass');
  const trace = join(folder, 'trace.json');
  const first = await must(
    [
      process.execPath,
      CHILD,
      JSON.stringify({ root, dist, pass: 'ours', head: made.head, lines, cache: cache('full') }),
    ],
    { cwd: root, env: { ...env, GIT_TRACE2_EVENT: trace }, signal },
  );
  const commands = gitCommands(trace);
  const log = commands.find((argv) => argv.includes('log') || argv.includes('rev-list'));
  if (log === undefined)
    throw new ProgramFailed(`our pass ran no git log, but:\n${commands.map((argv) => argv.join(' ')).join('\n')}`);
  say(`Our pass starts ${commands.length} git processes; the long one is:\n  ${shorten(log.join(' '))}\n`);

  const passes = await inTurn(
    rounds,
    {
      raw: async () => (await child({ pass: 'raw', argv: log })).milliseconds,
      cold: async () => {
        rmSync(cache('cold'), { recursive: true, force: true });
        return (await ours('cold', made.head)).milliseconds;
      },
      warm: async () => (await ours('full', made.head)).milliseconds,
      warmNew: async () => {
        rmSync(cache('new'), { recursive: true, force: true });
        cpSync(cache('full'), cache('new'), { recursive: true });
        return (await ours('new', made.later)).milliseconds;
      },
    },
    (done, all, name) => progress.show('Passes over history', `${done}/${all} ${name}`),
  );

  const released = made.projects.filter((project) => project.released);
  const core = [];
  for (let index = 0; index < Math.min(limits['core-rounds'], released.length); index += 1) {
    progress.show('conventional-changelog-core', `${index + 1}/${limits['core-rounds']}`);
    const project = released[Math.floor((index * released.length) / limits['core-rounds'])];
    core.push((await child({ pass: 'core', project: { name: project.name, root: project.root } })).milliseconds);
  }

  // Neither command pays for the first project graph.
  progress.show('Warming up Nx');
  await must([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects'], {
    cwd: root,
    env,
    signal,
  });
  const plan = async () => {
    const ran = await nx(root, ['release-plan', OWNER, '--dry-run'], { env, signal });
    if (ran.code !== 0)
      throw new ProgramFailed(`release-plan ended with ${ran.code}:\n${`${ran.stdout}${ran.stderr}`.slice(-3_000)}`);
    return ran.milliseconds;
  };
  const plans = await inTurn(
    limits['plan-rounds'],
    {
      planCold: () => {
        forget(root, folder, { keepNx: true });
        return plan();
      },
      planWarm: plan,
    },
    (done, all, name) => progress.show('nx release-plan --dry-run', `${done}/${all} ${name}`),
  );
  progress.show('nx release version --dry-run', `at most ${limits.timeout} s`);
  const released_ = await nx(root, ['release', 'version', '--dry-run'], {
    env,
    signal,
    timeout: limits.timeout * 1_000,
  });
  if (released_.code !== 0 && !released_.timedOut) {
    throw new ProgramFailed(
      `nx release ended with ${released_.code}:\n${`${released_.stdout}${released_.stderr}`.slice(-3_000)}`,
    );
  }

  const milliseconds = { ...passes, core: sampleOf(core), ...plans, nxRelease: sampleOf([released_.milliseconds]) };
  const { raw, cold, warm, warmNew, planCold, planWarm, nxRelease } = milliseconds;
  const coreAll = milliseconds.core.median * released.length;
  const row = (name, sample, base, note = '') => [
    name,
    duration(sample.median),
    base ? factor(sample.median / base.median) : '–',
    String(sample.n),
    note,
  ];
  const { commits: longest, released: known } = JSON.parse(first.stdout);
  say(
    table(
      ['Pass over history', 'Median', 'To git log', 'n', ''],
      [
        row('git log, drained', raw, raw),
        row(
          'ours, cold',
          cold,
          raw,
          `all ${lines.length} projects; ${known} with a last release, up to ${count(longest)} commits each`,
        ),
        row('ours, warm', warm, raw),
        row('ours, warm, 10 new commits', warmNew, raw),
        row(
          'conventional-changelog-core',
          milliseconds.core,
          raw,
          `one project's whole history; all ${released.length} would take ${duration(coreAll)}`,
        ),
      ],
    ),
  );
  say(
    `\n${table(
      ['Whole command', 'Median', 'To release-plan, cold', 'n', ''],
      [
        row('nx release-plan, cold', planCold, planCold),
        row('nx release-plan, warm', planWarm, planCold),
        row(
          'nx release version',
          nxRelease,
          planCold,
          released_.timedOut ? `not finished: ended after ${limits.timeout} s` : '',
        ),
      ],
    )}`,
  );
  return {
    ratios: {
      coldOverRaw: cold.median / raw.median,
      warmOverRaw: warm.median / raw.median,
      warmNewOverRaw: warmNew.median / raw.median,
      coreOverOurs: milliseconds.core.median / cold.median,
      nxReleaseOverOurs: nxRelease.median / planCold.median,
      nxReleaseOverOursWarm: nxRelease.median / planWarm.median,
    },
    bounds: released_.timedOut ? ['nxReleaseOverOurs', 'nxReleaseOverOursWarm'] : [],
    sizes: {
      commits: made.commits,
      projects: made.projects.length,
      tags: made.tags,
      seed,
      gitProcesses: commands.length,
    },
    milliseconds,
  };
}

/** The argv of every git that a traced program started itself, in order. */
function gitCommands(trace) {
  if (!existsSync(trace)) return [];
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"event":"start"'))
    .map((line) => JSON.parse(line))
    .filter(({ sid }) => !sid.includes('/'))
    .map(({ argv }) => argv);
}

function shorten(text) {
  return text.length > 400 ? `${text.slice(0, 300)} … ${text.slice(-80)}` : text;
}
