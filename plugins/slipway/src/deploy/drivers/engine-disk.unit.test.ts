import { createTestWorld } from '../../testing/test-world';
import { diskRefusals, freeBytes } from './engine-disk';

/** An engine that keeps its data there. */
const engine = (folder: string, address = 'unix:///var/run/docker.sock') =>
  createTestWorld({
    run: async (argv) => ({ exitCode: 0, stdout: argv.includes('info') ? `${folder}\n` : `${address}\n`, stderr: '' }),
  });

it('refuses where the disk of the engine is full, and says what makes room', async () => {
  // Nothing can ever be written there.
  expect(await diskRefusals(engine('/proc'), 'prod')).toMatchObject([
    {
      id: 'disk',
      reason: expect.stringContaining('prod has 0 MiB left'),
      remedy: expect.stringContaining('make room'),
    },
  ]);
});

it.each([
  ['an engine elsewhere', engine('/proc', 'ssh://deploy@example.org')],
  ['a folder that is not of this machine', engine('/nobody-made-it')],
])('knows nothing of %s, and refuses nothing', async (_what, world) => {
  expect(await freeBytes(world)).toBeNull();
  expect(await diskRefusals(world, 'prod')).toEqual([]);
});
