import { GitError, type Git } from '../io/git';
import type { CommitStore } from './commit-store';
import { HistoryError } from './history-error';
import { LOG_FORMAT, LogParser } from './log-parser';

/** Settings of the user that would change what `git log` tells of a commit. */
const SETTINGS = [
  ['log.showSignature', 'false'],
  ['log.showRoot', 'true'],
  ['log.follow', 'false'],
  ['diff.external', ''],
  ['diff.ignoreSubmodules', 'none'],
  ['diff.orderFile', '/dev/null'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * A commit is what its id says, the same in every clone: replacements and grafts are one clone's private view, under which
 * a release would hold other commits here than there. And nothing is fetched one by one: in a clone without trees, a log
 * with names would ask the remote for each of them. (Git before 2.44 does not know the variable for that, so the
 * protocols are forbidden as well.)
 */
export const TRUE_HISTORY = {
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
} as const;

/** What is asked of a log, each a full id. */
export interface LogRequest {
  readonly from: readonly string[];
  /** Left out, with all they hold. */
  readonly not: readonly string[];
  /** Ids in `not` that are not here mean nothing: a cache may know commits that were pruned since. */
  readonly passOverMissing?: boolean;
}

export interface LogReader {
  readonly store: CommitStore;
  readonly cut: (id: string) => boolean;
  /** Asked now and then with the number of commits so far; true ends the log. Only useful where `not` is empty. */
  readonly enough?: (added: number) => boolean;
}

/**
 * One `git log`, read into the store as it comes. Newest first as git meets them: a parent whose clock was ahead may come
 * before its child, for anything else makes git walk all of history before it says a word.
 * @returns how many commits were new to the store.
 * @throws {HistoryError} where a commit, or what it consists of, is not in this clone.
 */
export async function readLog(git: Git, request: LogRequest, reader: LogReader): Promise<number> {
  const args = [
    ...SETTINGS,
    'log',
    '-z',
    '--no-color',
    '--no-notes',
    '--no-ext-diff',
    '--no-renames',
    '--no-diff-merges',
    '--name-only',
    '--relative',
    '--encoding=UTF-8',
    LOG_FORMAT,
    ...(request.passOverMissing === true ? ['--ignore-missing'] : []),
    '--stdin',
    '--',
  ];
  const parser = new LogParser(reader.store, reader.cut);
  let stopped = false;
  const result = await git.run(args, {
    env: TRUE_HISTORY,
    input: [...request.from, ...request.not.map((id) => `^${id}`), ''].join('\n'),
    onData: (chunk) => {
      parser.push(chunk);
      stopped = reader.enough?.(parser.added) ?? false;
      return !stopped;
    },
  });
  if (stopped) return parser.added;
  if (result.exitCode !== 0) throw (await logFailure(git, request, result.stderr)) ?? new GitError(args, result);
  parser.end();
  return parser.added;
}

async function logFailure(git: Git, { from }: LogRequest, stderr: string): Promise<HistoryError | null> {
  if (/promisor remote|lazy fetching disabled|transport '.*' not allowed/.test(stderr)) {
    const remote = await promisorRemote(git);
    return new HistoryError(
      'partial',
      'this is a partial clone without the trees of its commits, so which files they touch is not known',
      `Fetch them all at once with: git fetch --refetch --filter=blob:none ${remote}`,
    );
  }
  if (/bad object|bad revision|Could not read|unable to read/i.test(stderr)) {
    return new HistoryError(
      'unknownCommit',
      `this clone does not hold ${from.join(' or ')}, or not all that belongs to it`,
      'Fetch what is missing with: git fetch --tags. If that does not help, look at: git fsck',
    );
  }
  return null;
}

async function promisorRemote(git: Git): Promise<string> {
  const { stdout } = await git.run(['config', '--name-only', '--get-regexp', '^remote\\..*\\.promisor$']);
  return /^remote\.(?<name>.+)\.promisor$/m.exec(stdout)?.groups?.['name'] ?? 'origin';
}
