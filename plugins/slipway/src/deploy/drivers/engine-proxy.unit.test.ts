import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasEngineProxy } from './engine-proxy';

let processes: string;
beforeEach(async () => (processes = await mkdtemp(join(tmpdir(), 'slipway-proc-'))));
afterEach(() => rm(processes, { recursive: true }));

const started = async (pid: string, ...argv: readonly string[]) => {
  await mkdir(join(processes, pid));
  await writeFile(join(processes, pid, 'cmdline'), argv.map((arg) => `${arg}\0`).join(''));
};
const proxy = ['/usr/sbin/docker-proxy', '-proto', 'tcp', '-host-ip', '127.0.0.1', '-host-port', '8080'] as const;

it('finds the proxy of a port among all that runs', async () => {
  await started('1', '/sbin/init');
  await started('17');
  await mkdir(join(processes, '18'));
  await started('4711', ...proxy, '-container-port', '80');
  expect(await hasEngineProxy(8080, processes)).toBe(true);
  expect(await hasEngineProxy(80, processes)).toBe(false);
});

it('takes no other program for one, whatever its arguments are', async () => {
  await started('1', '/usr/bin/nginx', '-host-port', '8080');
  await started('self', ...proxy);
  expect(await hasEngineProxy(8080, processes)).toBe(false);
});

it('knows of none where the system tells nothing', async () => {
  expect(await hasEngineProxy(8080, join(processes, 'none'))).toBe(false);
});
