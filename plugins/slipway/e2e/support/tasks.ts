/** What Nx says it did with each task of a run: `ran`, or `cache` where it took the result from the cache. */
export function tasksOf(output: string): Readonly<Record<string, 'ran' | 'cache'>> {
  const tasks: Record<string, 'ran' | 'cache'> = {};
  for (const [, task, note] of output.matchAll(/^> nx run (\S+)(.*)$/gm)) {
    if (task === undefined) continue;
    tasks[task] = /\[(local cache|existing outputs match the cache)/.test(note ?? '') ? 'cache' : 'ran';
  }
  return tasks;
}

/** Tasks of a run that did not come from the cache. */
export function ranOf(output: string): readonly string[] {
  return Object.entries(tasksOf(output))
    .filter(([, how]) => how === 'ran')
    .map(([task]) => task)
    .sort();
}
