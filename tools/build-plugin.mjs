// Compiles the plugin to plugins/slipway/dist and writes the JSON schema of its configuration.
// Plain tsc, not an Nx task: `npm ci` runs it, and Nx itself can't start before the plugin it loads is built.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const plugin = fileURLToPath(new URL('../plugins/slipway/', import.meta.url));

rmSync(`${plugin}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', `${plugin}tsconfig.lib.json`], {
  stdio: 'inherit',
});

const { slipwayJsonSchema } = require(`${plugin}dist/config/json-schema.js`);
writeFileSync(`${plugin}schema.json`, `${JSON.stringify(slipwayJsonSchema(), null, 2)}\n`);
