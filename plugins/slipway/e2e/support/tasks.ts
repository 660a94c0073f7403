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

/** The outcome's sentence of each task that ran Slipway, without the symbol before it. */
export function sentencesOf(output: string): Readonly<Record<string, string>> {
  const said: Record<string, string> = {};
  let task = '';
  for (const line of output.split('\n')) {
    task = /^> nx run (\S+)/.exec(line)?.[1] ?? task;
    const sentence = SENTENCE.exec(line)?.[1];
    if (sentence !== undefined) said[task] ??= sentence;
  }
  return said;
}

const SENTENCE =
  /^\S? ?((Done|Already done|Dry run, nothing changed|Refused, nothing changed|Failed, [^:]+|Waiting for [^:]+|Unknown): .*)$/;
