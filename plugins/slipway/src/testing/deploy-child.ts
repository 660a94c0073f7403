import { deploy } from '../deploy/deploy';
import type { DeployedRelease } from '../ledger/events';
import { commands, ENVIRONMENT, openHands, type FixtureData } from './compose-fixture';

/** Deploys in a process of its own, which tests can kill: argument 1 holds the fixture and the release as JSON; prints the outcome. */
async function main(): Promise<void> {
  const { fixture, release } = JSON.parse(process.argv[2] ?? '') as { fixture: FixtureData; release: DeployedRelease };
  const hands = await openHands(fixture, []);
  const outcome = await deploy({ ...hands, environment: ENVIRONMENT, commands, release });
  hands.dispose();
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
