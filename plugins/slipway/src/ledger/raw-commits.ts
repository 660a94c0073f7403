import { createHash } from 'node:crypto';
import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';

/** A commit as git stores it. */
export interface RawCommit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Name <email>`. */
  readonly author: string;
  /** Seconds since the epoch. */
  readonly authored: number;
  readonly signed: boolean;
  readonly message: string;
  /** Whether its content is what its id says: git itself does not look when it reads. */
  readonly genuine: boolean;
}

/**
 * Every commit that is reachable from `head`, oldest first. Two git processes, however many there are.
 * @throws {LedgerError} when one of them is missing.
 */
export async function readRawCommits(git: LedgerGit, head: string): Promise<readonly RawCommit[]> {
  const listed = await git.run(['rev-list', '--topo-order', '--reverse', head, '--']);
  if (listed.exitCode !== 0) throw missing(listed.stderr);
  const ids = listed.stdout.split('\n').filter((id) => id !== '');
  const chunks: Buffer[] = [];
  const read = await git.run(['cat-file', '--batch'], {
    input: `${ids.join('\n')}\n`,
    onData: (chunk) => void chunks.push(chunk),
  });
  if (read.exitCode !== 0) throw missing(read.stderr);
  const commits: RawCommit[] = [];
  const all = Buffer.concat(chunks);
  for (let at = 0; at < all.length;) {
    const end = all.indexOf(10, at);
    const [id = '', type = '', size = ''] = all.toString('latin1', at, end).split(' ');
    if (type !== 'commit') throw missing(`${id} is ${type}`);
    const content = all.subarray(end + 1, end + 1 + Number(size));
    commits.push(parse(id, content));
    at = end + 1 + content.length + 1;
  }
  return commits;
}

function parse(id: string, content: Buffer): RawCommit {
  const text = content.toString('utf8');
  const split = text.indexOf('\n\n');
  const head = text.slice(0, split);
  const values = (key: string) =>
    head.split('\n').flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const [, author = '', authored = ''] = /^(.*<.*>) (\d+) /.exec(values('author')[0] ?? '') ?? [];
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1');
  return {
    id,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author,
    authored: Number(authored),
    signed: values('gpgsig').length + values('gpgsig-sha256').length > 0,
    message: text.slice(split + 2),
    genuine: hash.update(`commit ${content.length}\0`).update(content).digest('hex') === id,
  };
}

function missing(said: string): LedgerError {
  return new LedgerError(
    `the ledger's history is broken: ${said.trim().split('\n')[0] ?? ''}`,
    "fetch it again from a clone that has it all; 'git fsck' tells what is missing here",
  );
}
