import type { Run } from '../io/exec';
import { docker } from './engine';

const failing =
  (stderr: string): Run =>
  async () => ({ exitCode: 1, stdout: '', stderr });

it.each([
  ['Cannot connect to the Docker daemon at tcp://127.0.0.1:9. Is the docker daemon running?', 'tcp://127.0.0.1:9'],
  ['Cannot connect to the Docker daemon at unix:///run/no.sock. Is the docker daemon running?', 'unix:///run/no.sock'],
])('says where no engine answers: %s', async (stderr, address) => {
  await expect(docker(failing(stderr), ['ps'])).rejects.toMatchObject({
    message: `the Docker Engine can not be reached at ${address}`,
    remedy: expect.stringContaining('DOCKER_HOST'),
  });
});

it('says who may not, and hands on every other failure', async () => {
  const denied = 'permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock';
  await expect(docker(failing(denied), ['ps'])).rejects.toThrow(
    'this user may not talk to the Docker Engine at unix:///run/docker.sock',
  );
  await expect(docker(failing('No such image'), ['ps'])).resolves.toMatchObject({ exitCode: 1 });
});
