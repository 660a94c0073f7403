import type { Run } from '../io/exec';
import { docker } from './engine';

const failing =
  (stderr: string): Run =>
  async () => ({ exitCode: 1, stdout: '', stderr });

it.each([
  ['Cannot connect to the Docker daemon at tcp://127.0.0.1:9. Is the docker daemon running?', 'tcp://127.0.0.1:9'],
  ['Cannot connect to the Docker daemon at unix:///run/no.sock. Is the docker daemon running?', 'unix:///run/no.sock'],
  [
    'error during connect: Post "http://%2Frun%2Fmy-own%2Fdocker.sock/v1.41/containers/08e0b6/stop": EOF',
    'unix:///run/my-own/docker.sock',
  ],
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

it.each([
  ['Permission denied (publickey).', '(Permission denied (publickey).)'],
  [
    'Warning: added 10.0.0.7 to the known hosts.\r\nHost key verification failed.\r\n',
    '(Host key verification failed.)',
  ],
  ['', 'over SSH'],
])('says what SSH said: %j', async (said, told) => {
  const stderr =
    'error during connect: Get "http://docker.example.com/v1.50/containers/json": command [ssh -o ConnectTimeout=30 -T -l deploy -p 22 -- ' +
    `production docker system dial-stdio] has exited with exit status 255, make sure the URL is valid: stderr=${said}`;
  await expect(docker(failing(stderr), ['ps'])).rejects.toMatchObject({
    message: expect.stringMatching(/^the Docker Engine can not be reached over SSH/),
    remedy: expect.stringMatching(/: ssh -o ConnectTimeout=30 -T -l deploy -p 22 -- production docker version$/),
  });
  await expect(docker(failing(stderr), ['ps'])).rejects.toThrow(told);
});

it('finds out why where an old client only trips over its template', async () => {
  const asked: (readonly string[])[] = [];
  const run: Run = async (argv) => {
    asked.push(argv);
    const stderr = argv.includes('info')
      ? '\ntemplate: :1:2: executing "" at <.DockerRootDir>: reflect: indirection through nil pointer to embedded struct field Info'
      : 'Cannot connect to the Docker daemon at unix:///run/no.sock. Is the docker daemon running?';
    return { exitCode: 1, stdout: '', stderr };
  };
  await expect(docker(run, ['--context', 'far', 'info', '--format', '{{.DockerRootDir}}'])).rejects.toThrow(
    'the Docker Engine can not be reached at unix:///run/no.sock',
  );
  expect(asked[1]).toEqual(['docker', '--context', 'far', 'version']);
});
