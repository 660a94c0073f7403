import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { SetupError } from '../setup/lib/run.mjs';
import { ENVIRONMENTS } from './stage.mjs';

/**
 * Stops the demo's containers and removes them, its volumes, networks, clone and remote. Images stay: they make the next
 * run quick. Does nothing where there is no demo, so that a Helpdesk that somebody runs for real is left alone.
 * @param {string} folder
 */
export function takeDown(folder, { quiet = false } = {}) {
  if (!existsSync(folder)) {
    if (!quiet) console.log('No demo is there.');
    return;
  }
  for (const { project } of Object.values(ENVIRONMENTS)) {
    // By label, because Compose wants the file and all its variables even to stop.
    for (const [kind, list, remove] of [
      ['container', ['ps', '--all', '--quiet'], ['rm', '--force', '--volumes']],
      ['volume', ['volume', 'ls', '--quiet'], ['volume', 'rm', '--force']],
      ['network', ['network', 'ls', '--quiet'], ['network', 'rm']],
    ]) {
      const found = docker([...list, '--filter', `label=com.docker.compose.project=${project}`])
        .split('\n')
        .filter(Boolean);
      if (found.length === 0) continue;
      docker([...remove, ...found]);
      if (!quiet) console.log(`${project}: removed ${found.length} ${kind}${found.length === 1 ? '' : 's'}`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  if (!quiet) console.log(`Removed ${folder}. Images stay, for the next time.`);
}

/**
 * The demo's Compose projects are those of the Helpdesk: containers of them that this demo did not make stay untouched.
 * @throws {SetupError} naming them.
 */
export function refuseForeign() {
  for (const { project } of Object.values(ENVIRONMENTS)) {
    const filter = `label=com.docker.compose.project=${project}`;
    const found = docker(['ps', '--all', '--filter', filter, '--format', '{{.Names}}']).split('\n').filter(Boolean);
    if (found.length === 0) continue;
    throw new SetupError(
      `The Compose project ${project} has containers that this demo did not make: ${found.join(', ')}.\n` +
        `The demo would replace them. If nobody needs them: docker rm --force ${found.join(' ')}`,
    );
  }
}

function docker(args) {
  const { status, stdout, stderr, error } = spawnSync('docker', args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`docker ${args.join(' ')} failed: ${stderr.trim()}`);
  return stdout;
}
