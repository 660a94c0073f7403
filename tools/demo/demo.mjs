// `npm run demo`: a release of the Helpdesk to staging and production, then one that fails in production, where
// the old one serves on, in a throw-away clone with its own remote. `npm run demo -- --down` takes it all away again.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { advisoryEnvironment } from '../advisories/environment.mjs';
import { SetupError } from '../setup/lib/run.mjs';
import { setUp } from '../setup/setup.mjs';
import { refuseForeign, takeDown } from './down.mjs';
import { playStory } from './story.mjs';
import { demoFolder, makeStage } from './stage.mjs';
import { createNarrator } from './narrator.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

const HELP = `Usage: npm run demo [-- --down]

  Sets up what is missing, then releases the Helpdesk in a throw-away clone: 1.1.0 to staging and production, and one
  more release whose health check fails in production, where the old one serves on; staging is rolled back by hand.

  --down   stop the demo's containers and remove its clone, volumes and remote
  --help   this text`;

async function main() {
  const { values } = parseArgs({
    options: { down: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(HELP);
  const folder = demoFolder(root);
  if (values.down) return takeDown(folder);
  const narrator = createNarrator();
  narrator.chapter('Setting up');
  await setUp({ root });
  takeDown(folder, { quiet: true });
  refuseForeign();
  const stage = await makeStage(root, folder, narrator);
  const advisories = await advisoryEnvironment(root);
  narrator.say(`${advisories.note}.`);
  try {
    await playStory({ ...stage, env: { ...stage.env, ...advisories.env } }, narrator);
  } finally {
    advisories.close();
  }
  narrator.end();
}

try {
  await main();
} catch (error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
  process.exitCode = 1;
}
