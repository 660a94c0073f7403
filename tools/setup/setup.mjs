// Sets up everything a developer or a build machine needs: `node tools/setup/setup.mjs [--no-docker] [--quiet]`.
// Plain Node without packages, because it runs on a bare clone. Running it again changes nothing.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createStep } from './lib/report.mjs';
import { SetupError } from './lib/run.mjs';
import { ensureBaseImage } from './steps/base-image.mjs';
import { ensureBrowser } from './steps/browser.mjs';
import { ensureCompose } from './steps/compose.mjs';
import { ensureDocker } from './steps/docker.mjs';
import { ensureNpmPackages, ensurePluginBuilt } from './steps/npm.mjs';
import { ensurePrometheus } from './steps/prometheus.mjs';
import { ensurePythonPackages } from './steps/python.mjs';
import { ensureRegistry } from './steps/registry.mjs';
import { ensureGit, ensureNode, ensurePython } from './steps/requirements.mjs';
import { ensureSsh } from './steps/ssh.mjs';
import { ensureTestSecrets } from './steps/secrets.mjs';

/**
 * Every step in order; each does only what is missing.
 * @param {{ root: string, docker?: boolean, quiet?: boolean, write?: (line: string) => void }} options
 * @throws {SetupError} with what to install or do.
 */
export async function setUp({ root, docker = true, quiet = false, write }) {
  const step = createStep({ quiet, write });
  await step('Node', ensureNode);
  await step('git', ensureGit);
  await step('Python', ensurePython);
  await step('npm packages', () => ensureNpmPackages(root));
  await step('Plugin', () => ensurePluginBuilt(root));
  await step('Python packages', () => ensurePythonPackages(root));
  if (!docker) return;
  await setUpDocker({ quiet, write });
  await step('SSH', ensureSsh);
  await step('Registry', ensureRegistry);
  await step('Prometheus', ensurePrometheus);
  await step('Browser', ensureBrowser);
  await step('Secrets of the test stack', () => ensureTestSecrets(root));
}

/** The engine, Compose and the base image. */
export async function setUpDocker({ quiet = false, write } = {}) {
  const step = createStep({ quiet, write });
  await step('Docker', ensureDocker);
  await step('Docker Compose', ensureCompose);
  await step('Base image', (note) => ensureBaseImage({ note }));
}

/** Prints what a person can act on, and sets the exit code. */
export async function main() {
  try {
    const { values } = parseArgs({
      options: { docker: { type: 'boolean', default: true }, quiet: { type: 'boolean', default: false } },
      allowNegative: true,
    });
    await setUp({
      root: fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, ''),
      docker: values.docker,
      quiet: values.quiet,
    });
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
