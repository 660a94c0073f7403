import { backoff } from './backoff';
import { createMutex } from './mutex';

describe('createMutex', () => {
  it('runs one after the other, also after a failure', async () => {
    const exclusive = createMutex();
    const seen: string[] = [];
    const slow = exclusive(async () => {
      seen.push('a begins');
      await new Promise((resolve) => setTimeout(resolve, 10));
      seen.push('a ends');
      throw new Error('a fails');
    });
    const next = exclusive(async () => void seen.push('b'));
    await expect(slow).rejects.toThrow('a fails');
    await next;
    expect(seen).toEqual(['a begins', 'a ends', 'b']);
  });
});

describe('backoff', () => {
  it('grows, is never nothing, and is bounded', () => {
    expect(backoff(1, () => 0)).toBe(10);
    expect(backoff(1, () => 1)).toBe(90);
    expect(backoff(4, () => 1)).toBe(650);
    expect(backoff(1_000, () => 1)).toBe(1_510);
  });
});
