// Deploys one release over another under a steady load, with a strategy: the last line of its output says how many requests were made and
// lost. argument 1: { strategies: string[], rounds: number }. TypeScript of the tests' own stack, compiled as Jest does it.
const { join } = require('node:path');

require(join(__dirname, '../../../plugins/slipway/src/testing/register-typescript.cjs'));
const drivers = '../../../plugins/slipway/src/deploy/drivers/testing';
const { createComposeStack } = require(`${drivers}/compose-stack.ts`);
const { underLoad } = require(`${drivers}/steady-load.ts`);

async function main({ strategies, rounds }) {
  const stack = await createComposeStack();
  try {
    const releases = [await stack.release('1.0.0'), await stack.release('1.1.0')];
    const guard = async () => undefined;
    const result = {};
    for (const strategy of strategies) {
      const driver = stack.driverWith({ strategy });
      await driver.apply(releases[0], { guard });
      const total = { requests: 0, lost: 0, deployments: 0 };
      for (let round = 0; round < rounds; round += 1) {
        const { result: applied, load } = await underLoad(stack.url, () =>
          driver.apply(releases[(round + 1) % 2], { guard }),
        );
        if (applied.kind !== 'applied') throw new Error(`a ${strategy} deployment ended ${applied.kind}`);
        total.requests += load.requests;
        total.lost += load.failures.length;
        total.deployments += 1;
      }
      result[strategy] = total;
    }
    return result;
  } finally {
    await stack.cleanUp();
  }
}

main(JSON.parse(process.argv[2])).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exitCode = 1;
  },
);
