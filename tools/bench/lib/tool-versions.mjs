import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './workspace.mjs';

/** Versions of everything that takes part. */
export function toolVersions() {
  const installed = (name) =>
    JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8')).version;
  return {
    node: process.version,
    git: execFileSync('git', ['--version'], { encoding: 'utf8' }).trim().replace('git version ', ''),
    npm: execFileSync('npm', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
    nx: installed('nx'),
    'nx-slipway': installed('nx-slipway'),
    'conventional-changelog-core': installed('conventional-changelog-core'),
  };
}
