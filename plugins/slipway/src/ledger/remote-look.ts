import { FETCH_OPTIONS, type RemoteGit } from './remote-git';
import type { RefAccess } from './refs';

/**
 * Refs of the remote that match one of the patterns, with their commits fetched and no ref written here: commits that nothing points
 * to are no trace that anyone meets. Two round trips. `busy` when another process was in the way.
 * @throws {LedgerError} when the remote can't be reached.
 */
export async function lookAtRemote(
  server: RemoteGit,
  remote: string,
  patterns: readonly string[],
  access?: RefAccess,
): Promise<ReadonlyMap<string, string> | 'busy'> {
  const listed = await server.ask(['ls-remote', '--quiet', remote, ...patterns], access);
  if (listed === 'busy') return 'busy';
  const found = new Map<string, string>();
  for (const line of listed.text.split('\n')) {
    const [commit, ref] = line.split('\t');
    // A pattern of ls-remote also matches the end of longer names.
    if (commit && ref && patterns.some((pattern) => ref.startsWith(pattern.replace(/\*$/, '')))) found.set(ref, commit);
  }
  if (found.size === 0) return found;
  const fetched = await server.ask(['fetch', '--refmap=', ...FETCH_OPTIONS, remote, ...found.keys()], access);
  return fetched === 'busy' ? 'busy' : found;
}
