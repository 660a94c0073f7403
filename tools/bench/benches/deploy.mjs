import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSecrets } from '../../secrets.mjs';
import { inTurn } from '../lib/measure.mjs';
import { must, ProgramFailed, run as runProgram } from '../lib/run.mjs';
import { count, duration, factor, table } from '../lib/table.mjs';
import { ensureBuilt, environment, repository } from '../lib/workspace.mjs';

const DEPLOY = fileURLToPath(new URL('../children/deploy.cjs', import.meta.url));
const ROLLING = fileURLToPath(new URL('../children/rolling.cjs', import.meta.url));

export const summary =
  'deployments and rollbacks of the Helpdesk against raw docker compose, and requests lost meanwhile';

export const options = {
  rounds: { default: 5, text: 'runs of each, in turn' },
  rolling: { default: 4, text: 'deployments under load, with each strategy' },
};

export const goals = {
  deployOverCompose: {
    atMost: 1.1,
    what: "a deployment, with ledger and read-back, to `docker compose up -d --wait` of the same release's files",
  },
  rollbackOverCompose: { atMost: 1.1, what: 'a rollback to the release before, to the same' },
};

const ENVIRONMENT = 'staging';

export async function run({ options: { rounds, rolling, plugin, build }, scratch, progress, say }) {
  const { signal } = scratch;
  const folder = scratch.folder('deploy');
  const root = join(folder, 'helpdesk');
  const env = environment(folder);
  if (build) progress.show('Building the plugin');
  await ensureBuilt({ plugin, build, env, signal });

  progress.show('Making a clone of the Helpdesk, with a remote');
  const git = (...args) => must(['git', ...args], { cwd: folder, env, signal });
  await git('clone', '--quiet', '--bare', repository, join(folder, 'remote.git'));
  await git('clone', '--quiet', join(folder, 'remote.git'), root);
  makeSecrets(root, [ENVIRONMENT]);
  const [frontend, backend] = await freePorts(2);
  const local = `packages/platform/environments/${ENVIRONMENT}.local.env`;
  writeFileSync(join(root, local), `FRONTEND_PORT=${frontend}\nBACKEND_PORT=${backend}\n`);
  // Nobody's own Helpdesk on this engine is touched.
  const project = `slipway-bench-${process.pid}`;
  const configuration = JSON.parse(
    (await must([process.execPath, '-e', PRINT_CONFIGURATION], { cwd: root, env, signal })).stdout,
  );
  configuration.environments[ENVIRONMENT].project = project;
  writeFileSync(join(root, 'slipway.json'), JSON.stringify(configuration));

  const step = async (request) => {
    const argument = JSON.stringify({ plugin, root, environment: ENVIRONMENT, ...request });
    const { stdout } = await must([process.execPath, DEPLOY, argument], { cwd: root, env, signal });
    const result = JSON.parse(stdout.trim().split('\n').at(-1));
    if (result.outcome !== undefined && result.outcome.kind !== 'done')
      throw new ProgramFailed(
        `${request.step} ended ${JSON.stringify(result.outcome)}\n${(result.lines ?? []).join('\n')}`,
      );
    return result;
  };
  progress.show('Building images, where there are none');
  const { commit, services } = await step({ step: 'images' });
  let version = 0;
  const next = () => `9.0.${(version += 1)}`;
  const files = ['.env', '.secrets.env', '.local.env'].map(
    (end) => `packages/platform/environments/${ENVIRONMENT}${end}`,
  );
  const compose = (...args) => [
    ...['docker', 'compose', '-p', project, '-f', `packages/platform/docker-compose.${ENVIRONMENT}.yml`],
    ...files.flatMap((file) => ['--env-file', file]),
    ...args,
  ];
  const raw = async () => {
    const variables = {
      DB_IMAGE: services.db,
      BACKEND_IMAGE: services.backend,
      FRONTEND_IMAGE: services.frontend,
      SLIPWAY_VERSION: next(),
      SLIPWAY_COMMIT: commit,
    };
    const ran = await runProgram(compose('up', '-d', '--wait', '--no-build', '--remove-orphans'), {
      cwd: root,
      env: { ...env, ...variables },
      signal,
    });
    if (ran.code !== 0) throw new ProgramFailed(`docker compose ended with ${ran.code}:\n${ran.stderr}`);
    return ran.milliseconds;
  };
  const deploy = async (more = {}) =>
    (await step({ step: 'deploy', release: { version: next(), commit, services }, ...more })).milliseconds;

  try {
    progress.show('The first deployment, which nobody measures');
    await deploy();
    await step({ step: 'verify' });
    // Each comes after a deployment of its own kind, which nobody measures: Compose replaces every service, the database too, that
    // another description of it started.
    const contestants = {
      'docker compose up -d --wait': async () => {
        await raw();
        return raw();
      },
      'release-deploy': async () => {
        await deploy();
        return deploy();
      },
      'release-rollback': async () => {
        await deploy();
        return (await step({ step: 'rollback' })).milliseconds;
      },
    };
    const times = await inTurn(rounds, contestants, (done, all, name) =>
      progress.show(`Deploying: ${done} of ${all}, ${name}`),
    );
    const composeTimes = times['docker compose up -d --wait'];
    progress.show('A deployment that looks after the database');
    const withDatabase = await deploy({ withDatabase: true });
    progress.show('Deployments under load');
    const loads = JSON.parse(
      (
        await must(
          [process.execPath, ROLLING, JSON.stringify({ strategies: ['rolling', 'recreate'], rounds: rolling })],
          { cwd: repository, env, signal },
        )
      ).stdout
        .trim()
        .split('\n')
        .at(-1),
    );
    const ratios = {
      deployOverCompose: times['release-deploy'].median / composeTimes.median,
      rollbackOverCompose: times['release-rollback'].median / composeTimes.median,
    };
    say(
      table(
        ['Of the Helpdesk, what carries the version is replaced', 'Median', 'Runs'],
        [
          ['docker compose up -d --wait', duration(composeTimes.median), count(composeTimes.n)],
          ...['release-deploy', 'release-rollback'].map((name) => [
            name,
            `${duration(times[name].median)} (${factor(times[name].median / composeTimes.median)})`,
            count(times[name].n),
          ]),
          ['release-deploy that looks after the database', duration(withDatabase), '1'],
        ],
      ),
    );
    say(
      `\n${table(
        ['Under a steady load', 'Requests', 'Lost', 'Deployments'],
        Object.entries(loads).map(([strategy, { requests, lost, deployments }]) => [
          strategy,
          count(requests),
          count(lost),
          count(deployments),
        ]),
      )}`,
    );
    return {
      ratios,
      figures: {
        lostRolling: loads.rolling.lost,
        lostRecreate: loads.recreate.lost,
        requests: loads.rolling.requests + loads.recreate.requests,
        deployWithDatabaseMs: Math.round(withDatabase),
      },
      sizes: { services: Object.keys(services).length, rounds, rolling },
      milliseconds: times,
    };
  } finally {
    progress.show('Cleaning up');
    // Also where it was interrupted: without the bench's own signal.
    const end = { cwd: root, env, signal: new AbortController().signal };
    await runProgram(compose('down', '--volumes', '--timeout', '1', '--remove-orphans'), {
      ...end,
      env: { ...env, DB_IMAGE: 'x', BACKEND_IMAGE: 'x', FRONTEND_IMAGE: 'x' },
    });
  }
}

/** With comments, as it is written for people. */
const PRINT_CONFIGURATION = `process.stdout.write(JSON.stringify(require(${JSON.stringify(join(repository, 'node_modules/jsonc-parser'))}).parse(require('node:fs').readFileSync('slipway.json', 'utf8'))))`;

async function freePorts(wanted) {
  const servers = await Promise.all(
    Array.from({ length: wanted }, async () => {
      const server = createServer();
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
