// Runs a command with what audits need on this machine: node tools/advisories/run.mjs npx nx run frontend:release-audit
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { advisoryEnvironment } from './environment.mjs';

const [program, ...args] = process.argv.slice(2);
if (program === undefined) {
  console.error('Name a command: node tools/advisories/run.mjs npx nx run frontend:release-audit');
  process.exit(1);
}
const { env, note, close } = await advisoryEnvironment(fileURLToPath(new URL('../../', import.meta.url)));
console.error(note);
const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
child.on('error', (error) => {
  console.error(error.message);
  close();
  process.exitCode = 1;
});
child.on('close', (code) => {
  close();
  process.exitCode = code ?? 1;
});
