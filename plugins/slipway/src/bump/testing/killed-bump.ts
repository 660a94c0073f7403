import { applyBump } from '../index';
import { interrupted, requestOf, worldOf } from './repository';

/** Run as a process: bumps the repository `argv[2]`, and kills itself before its touch number `argv[3]` of anything. */
async function main(root: string, at: number): Promise<void> {
  const world = worldOf(root);
  const request = await requestOf(world.git);
  const { world: mortal, touches } = interrupted(world, at, () => process.kill(process.pid, 'SIGKILL'));
  await applyBump(mortal, request);
  process.stdout.write(String(touches()));
}

void main(process.argv[2] ?? '', Number(process.argv[3]));
