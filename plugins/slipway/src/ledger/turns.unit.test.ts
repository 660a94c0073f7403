import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentProcess } from './process-identity';
import { createTurns, type Turns } from './turns';

const me = currentProcess();
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe('turns', () => {
  let key: string;
  let before: ReadonlySet<string>;
  beforeEach(() => {
    key = randomUUID();
    before = new Set(files());
  });
  afterEach(() => {
    for (const file of made()) rmSync(file, { force: true });
  });
  const files = () =>
    readdirSync(tmpdir())
      .filter((name) => name.startsWith('slipway-') && /\.(turn|last)$/.test(name))
      .map((name) => join(tmpdir(), name));
  const made = () => files().filter((file) => !before.has(file));
  const writer = (hurried = false): Turns => createTurns({ key, me, sleep: pause, hurried: () => hurried });

  it('are had by one at a time, who is told whether others wrote since', async () => {
    const [ada, bob] = [writer(), writer()];
    let inside = 0;
    const told: boolean[] = [];
    const turn = (turns: Turns) =>
      turns.take(async (othersWrote) => {
        told.push(othersWrote);
        expect((inside += 1)).toBe(1);
        await pause(5);
        inside -= 1;
      });
    for (const turns of [ada, ada, bob, ada]) await turn(turns);
    expect(told).toEqual([false, false, true, true]);
    await Promise.all([turn(ada), turn(bob), turn(ada), turn(bob)]);
    await expect(ada.take(() => Promise.reject(new Error('it fails')))).rejects.toThrow('it fails');
    await turn(bob);
  });

  it('are not waited for where their owner is dead, or there is no time', async () => {
    const { pid } = spawnSync('true');
    await writer().take(async () => {
      const turn = made().find((file) => file.endsWith('.turn')) ?? '';
      expect(JSON.parse(readFileSync(turn, 'utf8'))).toMatchObject({ pid: process.pid });
      expect(await writer(true).take(async (othersWrote) => othersWrote)).toBe(true);
      writeFileSync(turn, JSON.stringify({ ...me, pid, started: null }));
      expect(await writer().take(async () => 'done')).toBe('done');
      writeFileSync(turn, '');
      utimesSync(turn, 0, 0);
      expect(await writer().take(async () => 'done')).toBe('done');
    });
  });
});
