// Compiles the plugin to plugins/slipway/dist and writes the JSON schema of its configuration.
// Plain tsc, not an Nx task: `npm ci` runs it, and Nx itself can't start before the plugin it loads is built.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const plugin = fileURLToPath(new URL('../plugins/slipway/', import.meta.url));
const dist = `${plugin}dist`;
const draft = `${plugin}dist-${process.pid}`;
const old = `${draft}-old`;

try {
  const tsc = require.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', `${plugin}tsconfig.lib.json`, '--outDir', draft], { stdio: 'inherit' });
  // What another program runs: Python asks Django about migrations.
  for (const file of readdirSync(`${plugin}src`, { recursive: true }))
    if (file.endsWith('.py')) copyFileSync(`${plugin}src/${file}`, `${draft}/${file}`);
  const { slipwayJsonSchema } = require(`${draft}/config/json-schema.js`);
  writeFileSync(`${plugin}schema.json`, `${JSON.stringify(slipwayJsonSchema(), null, 2)}\n`);
  // Swapped, not rewritten: Nx may be running tasks of the build before this one.
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(draft, dist);
} finally {
  rmSync(draft, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
