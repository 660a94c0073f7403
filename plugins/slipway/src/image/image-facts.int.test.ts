import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { createRun } from '../io/exec';
import { EngineError } from './engine';
import { imageFacts } from './image-facts';

const world = { run: createRun({ cwd: tmpdir() }) };
const made: string[] = [];

function build(dockerfile: string): string {
  const id = execFileSync('docker', ['build', '--quiet', '-'], { input: dockerfile, encoding: 'utf8' }).trim();
  made.push(id);
  return id;
}
afterAll(() => {
  if (made.length > 0) execFileSync('docker', ['image', 'rm', '--force', ...new Set(made)]);
});

it.each<[string, string, object]>([
  ['nothing', 'LABEL a=1', { user: '', healthcheck: null, commit: null }],
  [
    'all of it',
    'USER 65532:65532\nHEALTHCHECK CMD ["true", "x"]\nLABEL slipway.commit=abc',
    { user: '65532:65532', healthcheck: ['CMD', 'true', 'x'], commit: 'abc' },
  ],
  ['no health check, in so many words', 'LABEL b=1\nHEALTHCHECK NONE', { user: '', healthcheck: null, commit: null }],
])('tells what an image says of itself: %s', async (_, lines, facts) => {
  expect(await imageFacts(world, { api: build(`FROM scratch\n${lines}\n`) })).toEqual({ api: facts });
});

it('tells of an image that the engine does not have', async () => {
  await expect(imageFacts(world, { api: `sha256:${'0'.repeat(64)}` })).rejects.toThrow(EngineError);
});
