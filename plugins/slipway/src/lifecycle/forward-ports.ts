import { GitError, type Git } from '../io/git';
import type { ReleaseState } from '../ledger/state';
import { isAncestor, isPresent } from '../tag/inspect';

/** A hotfix whose commits main was still to get when it was tagged. */
export interface ForwardPort {
  /** Of the hotfix. */
  readonly version: string;
  /** Full ids, oldest first. */
  readonly commits: readonly string[];
  /** Those that the commit in question lacks, in the same order; empty where it holds them all. */
  readonly missing: readonly string[];
}

/**
 * The forward-ports that the ledger holds open, and what of each `head` lacks. A commit is there as an ancestor, as one that
 * makes the same change, or where a message names it in the words of `git cherry-pick -x`: that also tells of one that
 * needed other lines, or none at all.
 * @param head full id of a commit that is here.
 */
export async function readForwardPorts(
  git: Git,
  { forwardPorts }: Pick<ReleaseState, 'forwardPorts'>,
  head: string,
): Promise<readonly ForwardPort[]> {
  const found: ForwardPort[] = [];
  // There is hardly ever more than one.
  for (const { version, commits } of forwardPorts)
    found.push({ version, commits, missing: await missingFrom(git, head, commits) });
  return found;
}

/** Those of `commits` that `head` does not hold in any of the three ways; two git processes at most, whatever their number. */
export async function missingFrom(git: Git, head: string, commits: readonly string[]): Promise<readonly string[]> {
  if (commits.length === 0) return [];
  const args = ['rev-list', '--cherry-mark', '--left-right', '--no-merges', ...sides(head, commits), '--'];
  const marked = await git.run(args);
  if (marked.exitCode !== 0) {
    // A clone that never got them: nothing says that they are in.
    if (/bad object|bad revision|unknown revision|symmetric difference/i.test(marked.stderr)) return commits;
    throw new GitError(args, marked);
  }
  const apart = new Map(marked.stdout.split('\n').map((line) => [line.slice(1), line[0]] as const));
  const lacking = commits.filter((commit) => apart.get(commit) === '>');
  if (lacking.length === 0) return [];
  const named = await namedPicks(git, head, lacking);
  return lacking.filter((commit) => !named.has(commit));
}

/** `a...b` for the tips among the commits: git compares the changes of both sides. */
function sides(head: string, commits: readonly string[]): readonly string[] {
  return commits.map((commit) => `${head}...${commit}`);
}

/** Those of `commits` that the messages in `head`'s history name as picked. */
async function namedPicks(git: Git, head: string, commits: readonly string[]): Promise<ReadonlySet<string>> {
  const args = [
    'log',
    '--no-color',
    '--no-notes',
    '--format=%B',
    '--fixed-strings',
    ...commits.map((commit) => `--grep=${pickLine(commit)}`),
    head,
    '--',
  ];
  const result = await git.run(['-c', 'log.showSignature=false', ...args]);
  if (result.exitCode !== 0) throw new GitError(args, result);
  const lines = new Set(result.stdout.split('\n').map((line) => line.trim()));
  return new Set(commits.filter((commit) => lines.has(pickLine(commit))));
}

/** The line that `git cherry-pick -x` adds to a message. */
function pickLine(commit: string): string {
  return `(cherry picked from commit ${commit})`;
}

/** The command that brings commits to main. */
export function portCommand(main: string, commits: readonly string[]): string {
  return `git switch ${main} && git cherry-pick -x ${commits.map((commit) => commit.slice(0, 12)).join(' ')}`;
}

export interface HotfixRange {
  /** The tagged commit of the hotfix. */
  readonly commit: string;
  /** The bump's commit: versions of an old line are nothing for main. */
  readonly bump: string | null;
  /** Commit that the hotfix started from, where it is known. */
  readonly base: string | null;
  readonly main: string;
  /** Files that belong to the release alone: changelog and records. */
  readonly own: readonly string[];
}

/** Commits that a hotfix brings and main lacks, oldest first: none of its bump, of its record, or that were picked from main. */
export async function fixesForMain(git: Git, range: HotfixRange): Promise<readonly string[]> {
  const { commit, bump, base, main, own } = range;
  const listed = await git.text([
    'rev-list',
    '--reverse',
    '--topo-order',
    '--no-merges',
    '--full-history',
    commit,
    `^${main}`,
    ...(base === null ? [] : [`^${base}`]),
    '--',
    ':/',
    ...own.map((path) => `:(exclude)${path}`),
  ]);
  const fixes = listed.split('\n').filter((id) => id !== '' && id !== bump);
  const lacking = await missingFrom(git, main, fixes);
  const picked = await pickedFrom(git, main, lacking);
  return lacking.filter((id) => !picked.has(id));
}

/** Those of `commits` whose message says that they were picked from a commit that `main` holds. */
async function pickedFrom(git: Git, main: string, commits: readonly string[]): Promise<ReadonlySet<string>> {
  if (commits.length === 0) return new Set();
  const found = new Set<string>();
  const text = await git.text(['log', '--no-walk=unsorted', '--no-color', '-z', '--format=%H%n%B', ...commits, '--']);
  for (const record of text.split('\0')) {
    const [id = '', ...lines] = record.split('\n');
    for (const line of lines) {
      const source = PICKED.exec(line.trim())?.[1];
      if (source === undefined || !(await isPresent(git, source))) continue;
      if (await isAncestor(git, source, main)) found.add(id);
    }
  }
  return found;
}

const PICKED = /^\(cherry picked from commit ([0-9a-f]{40,64})\)$/;
