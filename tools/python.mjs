// Runs the workspace's own Python with the given arguments, in the folder it is called from:
//   node tools/python.mjs -m pytest
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const python = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));

if (!existsSync(python)) {
  console.error('The Python environment .venv is missing. Run: npm run setup');
  process.exit(1);
}
try {
  execFileSync(python, process.argv.slice(2), { stdio: 'inherit' });
} catch (error) {
  if (error.status === undefined) throw error;
  // Without a status Python was ended by a signal; the shell's convention for that is above 128.
  process.exit(error.status ?? 128);
}
