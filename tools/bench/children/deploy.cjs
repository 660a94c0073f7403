// One deployment or rollback in a process of its own, as an executor makes it: argument 1 holds what, as JSON; the last line of its
// output holds how long it took and how it ended. The time that Node and the modules take to start is not in it.
const { join } = require('node:path');

const { plugin, root, step, environment, release, withDatabase } = JSON.parse(process.argv[2]);
const own = (path) => require(join(plugin, 'dist', path));

async function main() {
  const { readFileSync } = require('node:fs');
  const { parseConfig } = own('config/load');
  const { createWorld } = own('io/create-world');
  const { openLedger } = own('ledger/open-ledger');
  const { environmentStep } = own('lifecycle/steps/environment-step');
  const { deploy } = own('deploy/deploy');
  const { rollback } = own('deploy/rollback');
  const { buildImages } = own('image/build-images');
  const { verifyDeployment } = own('verify/verify-release');

  const parsed = parseConfig(readFileSync(join(root, 'slipway.json'), 'utf8'), 'slipway.json', {});
  const { database, ...others } = parsed.environments[environment];
  const config = {
    ...parsed,
    environments: { ...parsed.environments, [environment]: withDatabase ? { ...others, database } : others },
  };
  const lines = [];
  const log = { info: (line) => lines.push(line), warn: (line) => lines.push(line) };
  const { world, dispose } = createWorld({ root, log });
  try {
    if (step === 'images') {
      const commit = (await world.git.text(['rev-parse', 'HEAD'])).trim();
      const images = await buildImages(world, { commit, images: config.images, blank: (_path, text) => text });
      return { commit, services: Object.fromEntries(Object.entries(images).map(([name, { image }]) => [name, image])) };
    }
    const start = performance.now();
    const ledger = await openLedger(world, { remote: 'origin' });
    const context = { world, config, owner: 'platform', ledger };
    const hands = { world, ledger, environment, ...environmentStep(context, environment) };
    const outcome = await STEPS[step]({ deploy, rollback, verifyDeployment }, hands);
    return { milliseconds: performance.now() - start, outcome, lines };
  } finally {
    dispose();
  }
}

const STEPS = {
  deploy: ({ deploy }, hands) => deploy({ ...hands, release }),
  rollback: ({ rollback }, hands) => rollback({ ...hands, automatic: false, reason: 'measured' }),
  verify: ({ verifyDeployment }, hands) => verifyDeployment({ ...hands, again: true }),
};

main().then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exitCode = 1;
  },
);
