import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

it('loads no parser before it is used, since Nx loads it for inference', () => {
  const plugin = join(__dirname, '..');
  const script = `require('./src/index.ts'); console.log(Object.keys(require.cache).filter((file) => file.startsWith(process.cwd() + '/src')).length, ['yaml', 'jsonc-parser', 'semver/index', '@lezer', 'toml-eslint-parser', 'zod', 'conventional-commits'].filter((name) => Object.keys(require.cache).some((file) => file.includes('node_modules/' + name))).join())`;
  const said = execFileSync(process.execPath, ['-r', '@swc-node/register', '-e', script], {
    cwd: plugin,
    env: { ...process.env, TS_NODE_PROJECT: join(plugin, 'tsconfig.json') },
    encoding: 'utf8',
  });
  expect(said.trim()).toMatch(/^\d{1,2}$/);
});
