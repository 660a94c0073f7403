import { EngineError } from '../../image/engine';
import type { RunResult } from '../../io/exec';
import { readContainers } from './compose-containers';

const container = {
  Id: 'c1',
  Image: 'sha256:1',
  State: { Running: true, ExitCode: 0, Health: { Status: 'healthy' } },
  Config: { Labels: { 'com.docker.compose.service': 'web' } },
};

/** An engine that lists two containers and then answers this. */
const engine = (answer: Partial<RunResult>) => async (argv: readonly string[]) => ({
  ...{ exitCode: 0, stdout: 'c1\nc2\n', stderr: '' },
  ...(argv.includes('inspect') ? answer : {}),
});

it('reads what is left when a container goes away meanwhile', async () => {
  const gone = { exitCode: 1, stdout: JSON.stringify([container]), stderr: 'Error: No such container: c2\n' };
  expect(await readContainers(engine(gone), 'acme')).toMatchObject([{ service: 'web', health: 'healthy' }]);
});

it.each(['Cannot connect to the Docker daemon at unix:///var/run/docker.sock.', 'unexpected EOF'])(
  'does not take an engine that goes away meanwhile for one that runs nothing: %s',
  async (stderr) => {
    const failed = readContainers(engine({ exitCode: 1, stdout: '[]\n', stderr }), 'acme');
    await expect(failed).rejects.toThrow(EngineError);
  },
);
