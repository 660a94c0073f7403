import { auditStream } from './audit-stream';
import { createBranchLayout } from './branch-layout';
import { createCommitReader, createCommitWriter } from './commits';
import { LedgerError } from './ledger';
import { createLedgerGit, type LedgerGit } from './ledger-git';
import type { LedgerOptions, LedgerWorld } from './open-ledger';
import { readRawCommits } from './raw-commits';
import { isAncestor, listRefs } from './ref-queries';
import { STREAMS } from './refs';
import { createRefsLayout } from './refs-layout';
import { createRemoteGit } from './remote-git';
import { lookAtRemote } from './remote-look';

/** What was found of one stream. */
export interface StreamAudit {
  readonly stream: string;
  readonly events: number;
  /** ISO 8601, UTC; null where no event could be read. */
  readonly first: string | null;
  readonly last: string | null;
  /** Commit id of the newest event. */
  readonly head: string;
  readonly signed: number;
  /** Empty: it is whole. */
  readonly problems: readonly string[];
}

/**
 * Verifies every stream of the ledger, on the remote (where there is one) and here, and changes nothing. Unlike whoever opens the
 * ledger it goes on where something is wrong, to tell all of it.
 * @throws {LedgerError} when the remote can't be reached.
 */
export async function auditLedger(
  world: Pick<LedgerWorld, 'git' | 'clock'>,
  { remote, store = 'refs', timeout = 60_000 }: Pick<LedgerOptions, 'remote' | 'store' | 'timeout'>,
): Promise<readonly StreamAudit[]> {
  const git = createLedgerGit(world.git);
  const here = await listRefs(git, STREAMS);
  const there = (await git.text(['remote'])).split('\n').includes(remote)
    ? await remoteStreams(git, world, { remote, store, timeout })
    : null;
  const streams = [...new Set([...here.keys(), ...(there?.keys() ?? [])])].sort();
  const audits: StreamAudit[] = [];
  for (const ref of streams) {
    const head = (there ?? here).get(ref) ?? here.get(ref) ?? '';
    const problems = there === null ? [] : await compare(git, ref, here.get(ref) ?? null, there.get(ref) ?? null);
    audits.push(await auditRef(git, ref, head, problems));
  }
  return audits;
}

async function auditRef(git: LedgerGit, ref: string, head: string, found: readonly string[]): Promise<StreamAudit> {
  const stream = ref.slice(STREAMS.length);
  try {
    const commits = await readRawCommits(git, head);
    const signed = commits.filter((commit) => commit.signed).map(({ id }) => id);
    const { events, problems } = auditStream(commits, await unverifiedOf(git, signed));
    const [first, last] = [events[0]?.at ?? null, events.at(-1)?.at ?? null];
    const all = [...found, ...problems];
    return { stream, events: commits.length, first, last, head, signed: signed.length, problems: all };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { stream, events: 0, first: null, last: null, head, signed: 0, problems: [...found, error.message] };
  }
}

/** Signed commits whose signature git does not vouch for. */
async function unverifiedOf(git: LedgerGit, signed: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (signed.length === 0) return new Map();
  const { stdout } = await git.run(['log', '--no-walk=unsorted', '--stdin', '--format=%H %G? %GK'], {
    input: `${signed.join('\n')}\n`,
  });
  const marks = new Map(stdout.split('\n').map((line) => [line.split(' ')[0] ?? '', line.split(' ').slice(1)]));
  const found = new Map<string, string>();
  for (const id of signed) {
    const [mark = 'E', key = ''] = marks.get(id) ?? [];
    if (mark === 'G' || (mark === 'U' && (await isVerified(git, id)))) continue;
    found.set(id, `${REASONS[mark] ?? mark}${key === '' ? '' : ` (${key})`}`);
  }
  return found;
}

/** By a key that nobody here has called trusted: right for GnuPG, where it lies in the keyring, and wrong for SSH, where nobody knows it. */
async function isVerified(git: LedgerGit, commit: string): Promise<boolean> {
  return (await git.run(['verify-commit', commit])).exitCode === 0;
}

/** What git's marks of a signature mean. */
const REASONS: Readonly<Record<string, string>> = {
  B: 'it is bad',
  E: 'the key is not known here',
  U: 'the key belongs to nobody who is allowed to sign',
  N: 'there is none',
  X: 'it has expired',
  Y: 'its key has expired',
  R: 'its key was revoked',
};

async function remoteStreams(
  git: LedgerGit,
  { clock }: Pick<LedgerWorld, 'clock'>,
  { remote, store, timeout }: { readonly remote: string; readonly store: 'refs' | 'branch'; readonly timeout: number },
): Promise<ReadonlyMap<string, string>> {
  const [reader, writer] = [createCommitReader(git), createCommitWriter(git)];
  const layout =
    store === 'branch' ? createBranchLayout({ git, reader, writer, clock, remote }) : createRefsLayout(remote);
  const server = createRemoteGit({ git, interruptible: git, remote, timeout });
  for (let attempt = 1; attempt <= 5; attempt++) {
    const found = await lookAtRemote(server, remote, layout.patterns);
    if (found !== 'busy') return new Map([...(await layout.read(found))].filter(([ref]) => ref.startsWith(STREAMS)));
  }
  throw new LedgerError(`the ledger on '${remote}' keeps moving`, 'run the command again when others are done');
}

/** Whether the remote goes on from what this clone saw; that it is ahead is ordinary. */
async function compare(
  git: LedgerGit,
  ref: string,
  here: string | null,
  there: string | null,
): Promise<readonly string[]> {
  if (here === there || here === null) return [];
  if (there === null) return ['the remote does not have it: it was removed there, or was never published'];
  if (await isAncestor(git, here, there)) return [];
  if (await isAncestor(git, there, here))
    return [
      `this clone knows later events, up to ${here.slice(0, 12)}: the remote lost them, or they were never published`,
    ];
  return [
    `its history was rewritten: this clone saw ${here.slice(0, 12)}, which the remote's does not hold (git log ${ref})`,
  ];
}
