import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyOutputs, makeGateWorkspace } from '../lib/gate-workspace.mjs';
import { inTurn } from '../lib/measure.mjs';
import { must, ProgramFailed } from '../lib/run.mjs';
import { count, duration, factor, table } from '../lib/table.mjs';
import { environment, install, nx, pack } from '../lib/workspace.mjs';

const CHILD = fileURLToPath(new URL('../children/gate.mjs', import.meta.url));

export const summary = 'gates of many projects: cached against no-op tasks, judged anew, and inferred';

export const options = {
  projects: { default: 1_000, text: 'npm projects, each with JUnit, LCOV and npm audit reports' },
  rounds: { default: 5, text: 'runs of each, in turn' },
};

export const goals = {
  warmOverNoop: {
    atMost: 1.05,
    what: 'nx run-many of cached gates to the same graph of cached no-op tasks with the same outputs',
  },
};

/** Milliseconds, at most. */
const LIMITS = {
  coldMsPerProject: { limit: 10, what: 'batch executor, nothing cached, by project' },
  inferColdMs: { limit: 150, what: 'inference of all projects, nothing kept, modules loaded in it' },
  inferWarmMs: { limit: 30, what: 'inference in a new process, when nothing changed' },
};

export async function run({ options: { projects, rounds, ...others }, scratch, progress, say }) {
  const { signal } = scratch;
  const folder = scratch.folder('gate');
  const root = join(folder, 'acme');
  const env = environment(folder);
  const inRoot = { cwd: root, env, signal };
  progress.show('Packing the plugin');
  const tarball = await pack(folder, { plugin: others.plugin, build: others.build, env, signal });
  progress.show('Making the workspace');
  await makeGateWorkspace(root, projects, { env, signal });
  await install(root, tarball, { env, signal });
  say(`${count(projects)} npm projects, each with reports of 20 tests, 500 lines and an audit\n`);

  const child = async (request) => {
    const { stdout } = await must([process.execPath, CHILD, JSON.stringify({ root, ...request })], inRoot);
    return JSON.parse(stdout.trim().split('\n').at(-1));
  };
  const runMany = async (target, ...args) => {
    const ran = await nx(root, ['run-many', '-t', target, ...args], { env, signal });
    if (ran.code !== 0)
      throw new ProgramFailed(
        `nx run-many -t ${target} ended with ${ran.code}:\n${`${ran.stdout}${ran.stderr}`.slice(-3_000)}`,
      );
    return ran;
  };

  progress.show('Filling the cache');
  const batch = await runMany('release-gate', '--batch');
  const left = copyOutputs(root);
  if (left !== projects) throw new ProgramFailed(`${left} of ${projects} gates left a verdict`);
  await runMany('noop-gate');

  const cached = async (target) => {
    // Each restores 5 files per project: those of the run before must not be written out while this one is timed.
    await must(['sync'], inRoot);
    const { milliseconds, stdout } = await runMany(target);
    // Nx may end before all it says went through the pipe; what it says of each task tells whether it ran.
    const said = stdout.match(/^> nx run .*$/gm) ?? [];
    const ran = said.filter((line) => !/\[(?:local cache|existing outputs match the cache.*)\]$/.test(line.trim()));
    if (ran.length > 0 || said.length < projects / 2)
      throw new ProgramFailed(`not all of ${target} came from the cache: ${ran.slice(0, 3).join(', ') || said.length}`);
    return milliseconds;
  };
  // The first time Nx finds out which outputs are in place.
  for (const target of ['noop-gate', 'release-gate']) await cached(target);
  const files = (await must(['git', 'ls-files', '*package.json', 'slipway.json'], inRoot)).stdout.trim().split('\n');
  const infer = async () => {
    const { milliseconds, nodes } = await child({ part: 'infer', files });
    if (nodes < projects) throw new ProgramFailed(`targets were inferred for ${nodes} of ${projects} projects`);
    return milliseconds;
  };
  const milliseconds = await inTurn(
    rounds,
    {
      noopWarm: () => cached('noop-gate'),
      gateWarm: () => cached('release-gate'),
      evaluate: async () => {
        const { milliseconds: taken, judged, failed } = await child({ part: 'evaluate' });
        if (judged !== projects || failed.length > 0)
          throw new ProgramFailed(`${judged} of ${projects} were judged; failed: ${failed.join('\n') || 'none'}`);
        return taken;
      },
      inferCold: () => {
        rmSync(join(env.NX_WORKSPACE_DATA_DIRECTORY, 'slipway-nodes.json'), { force: true });
        return infer();
      },
      inferWarm: infer,
    },
    (done, all, name) => progress.show('Gates', `${done}/${all} ${name}`),
  );
  milliseconds.batch = { median: batch.milliseconds, n: 1, all: [batch.milliseconds] };

  const { noopWarm, gateWarm, evaluate, inferCold, inferWarm } = milliseconds;
  const row = (name, sample, ratio = '') => [name, duration(sample.median), ratio, String(sample.n)];
  say(
    table(
      ['', 'Median', 'To no-op', 'n'],
      [
        row('nx run-many -t noop-gate, all cached', noopWarm, factor(1)),
        row('nx run-many -t release-gate, all cached', gateWarm, factor(gateWarm.median / noopWarm.median)),
        row('nx run-many -t release-gate --batch, nothing cached', milliseconds.batch),
        row('batch executor alone, nothing cached', evaluate),
        row('inference, nothing kept', inferCold),
        row('inference, kept', inferWarm),
      ],
    ),
  );
  const figures = {
    coldMsPerProject: evaluate.median / projects,
    inferColdMs: inferCold.median,
    inferWarmMs: inferWarm.median,
  };
  say(
    `\n${table(
      ['Figure', 'Value', 'Goal', 'Met', 'What'],
      Object.entries(LIMITS).map(([key, { limit, what }]) => [
        key,
        `${figures[key].toFixed(1)} ms`,
        `≤ ${limit} ms`,
        figures[key] <= limit ? 'yes' : 'NO',
        what,
      ]),
    )}`,
  );
  return { ratios: { warmOverNoop: gateWarm.median / noopWarm.median }, figures, sizes: { projects }, milliseconds };
}
