import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const HEAVY = ['yaml', 'jsonc-parser', 'semver', '@lezer', 'toml-eslint-parser', 'zod', 'conventional-changelog-core'];

/** What a fresh process has loaded of ours, and of the heavy libraries, once it has the main entry. */
const SCRIPT = `
  require('./src/index.ts');
  const loaded = Object.keys(require.cache);
  const own = loaded.filter((file) => file.startsWith(process.cwd() + '/src/')).length;
  const heavy = ${JSON.stringify(HEAVY)}.filter((name) => loaded.some((file) => file.includes('node_modules/' + name + '/')));
  process.stdout.write(JSON.stringify({ own, heavy }));
`;

it('loads no parser before it is used, since Nx loads it for inference', () => {
  const plugin = join(__dirname, '..');
  const said = execFileSync(process.execPath, ['-r', '@swc-node/register', '-e', SCRIPT], {
    cwd: plugin,
    env: { ...process.env, TS_NODE_PROJECT: join(plugin, 'tsconfig.json') },
    encoding: 'utf8',
  });
  const { own, heavy } = JSON.parse(said) as { own: number; heavy: string[] };
  expect(heavy).toEqual([]);
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThan(30);
});
