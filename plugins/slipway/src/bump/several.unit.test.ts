import { several } from './several';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const items = Array.from({ length: 100 }, (_, index) => index);

it('gives the results in the order of the items, however long each takes', async () => {
  let [now, most] = [0, 0];
  const results = await several(items, async (item) => {
    most = Math.max(most, (now += 1));
    for (let turns = item % 5; turns >= 0; turns -= 1) await tick();
    now -= 1;
    return item * 2;
  });
  expect(results).toEqual(items.map((item) => item * 2));
  expect(most).toBe(4);
  expect(await several([], () => Promise.reject(new Error('nothing to do')))).toEqual([]);
});

it('begins nothing after an error, and ends when all that began has ended', async () => {
  const [begun, ended] = [new Set<number>(), new Set<number>()];
  const work = async (item: number): Promise<void> => {
    begun.add(item);
    await tick();
    if (item === 20) throw new Error('item 20');
    await tick();
    ended.add(item);
  };
  await expect(several(items, work)).rejects.toThrow('item 20');
  expect(begun.size).toBeLessThan(30);
  expect([...begun].filter((item) => !ended.has(item))).toEqual([20]);
});

it('ends with the error of work that throws at once', async () => {
  const begun: number[] = [];
  const stopped = several(items, (item) => {
    if (item === 3) throw new Error('stopped');
    begun.push(item);
    return tick();
  });
  await expect(stopped).rejects.toThrow('stopped');
  expect(begun.every((item) => item < 20)).toBe(true);
});
