import type { Git } from './git';

/** Whether the repository knows a remote of that name. Asks nobody. */
export async function hasRemote(git: Git, name: string): Promise<boolean> {
  return (await git.text(['remote'])).split('\n').includes(name);
}

/** What `git ls-remote` printed: object ids by full name of the ref. An annotated tag's commit stands under `<ref>^{}`. */
export function readRefList(output: string): ReadonlyMap<string, string> {
  return new Map(
    output.split('\n').flatMap((line): [string, string][] => {
      const [id, ref] = line.split('\t');
      return id && ref ? [[ref, id]] : [];
    }),
  );
}
