// Makes the secrets of environments on this machine: node tools/secrets.mjs [--root=<workspace>] [environment…]
// Without names: staging, prod and test. A file that exists is never touched, so running it again is safe.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const environments = ['staging', 'prod', 'test'];

/**
 * @param {string} root absolute path of the workspace
 * @param {readonly string[]} [names]
 * @returns {{ file: string, made: boolean }[]} paths relative to the workspace
 */
export function makeSecrets(root, names = environments) {
  return names.map((name) => {
    if (!/^[a-z][a-z0-9-]*$/.test(name))
      throw new Error(`${name} is no environment's name: lower-case letters, digits and dashes.`);
    const file = `packages/platform/environments/${name}.secrets.env`;
    const path = join(root, file);
    if (existsSync(path)) return { file, made: false };
    mkdirSync(dirname(path), { recursive: true });
    // Letters, digits, - and _ only: nothing that an env file, a URL or SQL would read differently.
    const lines = [
      `# Made on this machine by tools/secrets.mjs. Keep it out of git, and keep a copy: the database was made with this password.`,
      `POSTGRES_PASSWORD=${randomBytes(24).toString('base64url')}`,
      `DJANGO_SECRET_KEY=${randomBytes(48).toString('base64url')}`,
    ];
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
    return { file, made: true };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { root: { type: 'string' } } });
  const root = values.root ?? fileURLToPath(new URL('../', import.meta.url));
  for (const { file, made } of makeSecrets(root, positionals.length > 0 ? positionals : undefined)) {
    console.log(`${file}: ${made ? 'made' : 'is there, left as it is'}`);
  }
}
