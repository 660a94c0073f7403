import { GitError } from '../io/git';
import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';

export interface CommitReader {
  /** Messages of a chain from after `from` (null: from its beginning) to `to`, oldest first. One git process. */
  chain(from: string | null, to: string): Promise<readonly ChainLink[]>;
  message(commit: string): Promise<string>;
}

export interface CommitWriter {
  /** `Name <email>`, as git knows the person. @throws {LedgerError} when git does not know. */
  person(): Promise<string>;
  /** Writes a commit with an empty tree, and returns its id. Nothing points to it yet. */
  write(
    message: string,
    options: { readonly parents: readonly string[]; readonly at: Date; readonly signed: boolean },
  ): Promise<string>;
}

export interface ChainLink {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly message: string;
}

export function createCommitReader(git: LedgerGit): CommitReader {
  const read = async (args: readonly string[]): Promise<string> => {
    try {
      return await git.text(args);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      throw new LedgerError(
        `the ledger's history can't be read: ${error.result.stderr.trim()}`,
        "run the command again; if it stays, check the repository with 'git fsck'",
      );
    }
  };
  // The range that was read last: comparing two heads and reading the events between them asks for the same.
  let last: { readonly key: string; readonly links: readonly ChainLink[] } | null = null;
  return {
    async chain(from, to) {
      const key = `${from ?? ''}..${to}`;
      if (last?.key === key) return last.links;
      const range = from === null ? [to] : [`${from}..${to}`];
      // Messages can't hold NUL, so it separates them safely.
      const format = '--format=tformat:%H%x00%P%x00%B%x00';
      const text = await read([
        'log',
        '--reverse',
        '--topo-order',
        '--no-show-signature',
        '--no-color',
        format,
        ...range,
        '--',
      ]);
      const fields = text.split('\0');
      const links: ChainLink[] = [];
      for (let i = 0; i + 2 < fields.length; i += 3) {
        const [commit, parents, message] = [fields[i] ?? '', fields[i + 1] ?? '', fields[i + 2] ?? ''];
        links.push({ commit: commit.trim(), parents: parents.split(' ').filter((parent) => parent !== ''), message });
      }
      last = { key, links };
      return links;
    },
    async message(commit) {
      const raw = await read(['cat-file', 'commit', commit]);
      const start = raw.indexOf('\n\n');
      return start < 0 ? '' : raw.slice(start + 2);
    },
  };
}

export function createCommitWriter(git: LedgerGit): CommitWriter {
  let made: Basics | null = null;
  const basics = (): Basics => (made ??= askBasics(git));

  return {
    async person() {
      const { name, email } = await basics().person;
      return `${name} <${email}>`;
    },
    async write(message, { parents, at, signed }) {
      const { person, tree, signing } = basics();
      const { name, email } = await person;
      const args = [
        'commit-tree',
        await tree,
        ...parents.flatMap((parent) => ['-p', parent]),
        ...(signed && (await signing) ? ['-S'] : []),
      ];
      const date = `${Math.floor(at.getTime() / 1000)} +0000`;
      const env = {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: name,
        GIT_COMMITTER_EMAIL: email,
        GIT_COMMITTER_DATE: date,
      };
      try {
        return await git.text(args, { input: message, env });
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        throw new LedgerError(
          `the ledger's event could not be made: ${error.result.stderr.trim()}`,
          args.includes('-S')
            ? 'check that git can sign commits here (commit.gpgsign is on)'
            : 'check that the repository is writable',
        );
      }
    },
  };
}

/** What every commit needs, asked once. */
interface Basics {
  readonly person: Promise<{ readonly name: string; readonly email: string }>;
  readonly tree: Promise<string>;
  readonly signing: Promise<boolean>;
}

/** Side by side. Whoever needs an answer hears of its failure. */
function askBasics(git: LedgerGit): Basics {
  const made: Basics = {
    person: readPerson(git),
    tree: git.text(['hash-object', '-t', 'tree', '-w', '--stdin'], { input: '' }),
    signing: isSigning(git),
  };
  void Promise.allSettled(Object.values(made));
  return made;
}

async function readPerson(git: LedgerGit): Promise<{ readonly name: string; readonly email: string }> {
  const result = await git.run(['var', 'GIT_AUTHOR_IDENT']);
  const match = /^(.*) <([^>]*)> \d+ [+-]\d{4}\s*$/.exec(result.stdout);
  const [name, email] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (result.exitCode === 0 && name !== '' && email !== '') return { name, email };
  throw new LedgerError(
    'git does not know who you are, and the ledger records who did what',
    "run 'git config user.name \"Your Name\"' and 'git config user.email you@example.org'",
  );
}

async function isSigning(git: LedgerGit): Promise<boolean> {
  const result = await git.run(['config', '--type=bool', '--get', 'commit.gpgsign']);
  return result.exitCode === 0 && result.stdout.trim() === 'true';
}
