import { GitError, type Git } from '../io/git';
import { HistoryError } from './history-error';

export interface HistoryCommit {
  /** Full id. */
  readonly id: string;
  /** More than one for a merge. */
  readonly parents: readonly string[];
  readonly author: string;
  readonly email: string;
  /** When it was authored, ISO 8601 with its offset. */
  readonly date: string;
  /** Subject and body as they were written, line endings included. */
  readonly message: string;
  /** Files it touches, relative to the folder git runs in, with `/`; a rename gives both names. Empty for a merge. */
  readonly files: readonly string[];
}

export interface HistoryRange {
  /** Left out, with everything it holds; null for all of history. */
  readonly from: string | null;
  readonly to: string;
}

/**
 * Each record is an empty field, these fields, and the names of files, all ended by NUL; git puts a newline before the
 * first name. Neither a message nor a name can hold NUL, and no name is empty, so nothing in a commit can forge a border.
 */
const FIELDS = ['%H', '%P', '%an', '%ae', '%aI', '%B'] as const;

/** Settings of the user that would change what `git log` prints. */
const SETTINGS = ['-c', 'log.showSignature=false', '-c', 'log.follow=false', '-c', 'diff.external='] as const;

/**
 * Commits in `from..to`, newest first, a child always before its parents. One git process, whatever the number.
 * @throws {HistoryError} when a commit of the range is unknown.
 */
export async function readHistory(git: Git, range: HistoryRange): Promise<readonly HistoryCommit[]> {
  for (const id of [range.from, range.to]) {
    // Ids only: a name could start with a dash, or mean something else by the time it is asked for again.
    if (id !== null && !/^[0-9a-f]{40,64}$/.test(id)) {
      throw new HistoryError(
        'unknownCommit',
        `${JSON.stringify(id)} is not the full id of a commit`,
        'Resolve it first with: git rev-parse <name>',
      );
    }
  }
  const args = [
    ...SETTINGS,
    'log',
    '-z',
    '--date-order',
    '--no-color',
    '--no-notes',
    '--no-ext-diff',
    '--no-renames',
    '--no-diff-merges',
    '--name-only',
    '--relative',
    '--encoding=UTF-8',
    `--format=tformat:%x00${FIELDS.join('%x00')}`,
    range.from === null ? range.to : `${range.from}..${range.to}`,
    '--',
  ];
  const result = await git.run(args);
  if (result.exitCode !== 0) {
    if (/bad object|bad revision|Invalid revision range/.test(result.stderr)) {
      throw new HistoryError(
        'unknownCommit',
        `this clone does not hold ${range.from === null ? range.to : `${range.from} or ${range.to}`}`,
        'Fetch it with: git fetch --tags',
      );
    }
    throw new GitError(args, result);
  }
  return parseLog(result.stdout);
}

function parseLog(output: string): HistoryCommit[] {
  const tokens = output.split('\0');
  // What follows the last NUL.
  if (tokens.pop() !== '') throw unreadable();
  const commits: HistoryCommit[] = [];
  let position = 0;
  while (position < tokens.length) {
    const [border, id, parents, author, email, date, message] = tokens.slice(position, position + 1 + FIELDS.length);
    if (
      border !== '' ||
      !id ||
      parents === undefined ||
      author === undefined ||
      email === undefined ||
      date === undefined ||
      message === undefined
    ) {
      throw unreadable();
    }
    position += 1 + FIELDS.length;
    const files: string[] = [];
    for (let name = tokens[position]; name !== undefined && name !== ''; name = tokens[position]) {
      files.push(files.length === 0 ? name.replace(/^\n/, '') : name);
      position += 1;
    }
    commits.push({ id, parents: parents === '' ? [] : parents.split(' '), author, email, date, message, files });
  }
  return commits;
}

function unreadable(): HistoryError {
  return new HistoryError(
    'unreadable',
    'git log answered in a form that Slipway does not know',
    'Check `git --version`: Slipway needs git 2.38 or newer',
  );
}
