import { EventEmitter } from 'node:events';
import { createWorld } from './create-world';
import type { StoppableProcess } from './stop';

it('prints nothing that the runner of a CI job would take for a command', () => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const { world, dispose } = createWorld({
    root: '.',
    stop: { process: new EventEmitter() as unknown as StoppableProcess },
  });
  try {
    for (const line of [
      '::error::x',
      '  ::set-output name=a::b\n::debug::y',
      'a::b ##[add-mask]c ##VSO[task.x]d',
      '# [1] ##',
    ])
      world.log.info(line);
  } finally {
    dispose();
    spy.mockRestore();
  }
  expect(written.join('')).toBe(
    ': :error::x\n  : :set-output name=a::b\n: :debug::y\na::b ## [add-mask]c ## VSO[task.x]d\n# [1] ##\n',
  );
});
