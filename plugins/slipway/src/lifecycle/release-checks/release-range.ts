import type { Reviewer } from '../../gates/review';
import { coAuthorsOf } from '../../history/co-authors';
import { printableLine } from '../../history/printable';
import { TRUE_HISTORY } from '../../history/read-log';
import type { Git } from '../../io/git';

/** A commit of the release, as far as its review is concerned. */
export interface RangeCommit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly subject: string;
  readonly message: string;
  /** Author, committer and co-authors. */
  readonly authors: readonly Reviewer[];
  /** Those whom its `Reviewed-by` trailers name, by git's own rules of trailers. */
  readonly reviewers: readonly Reviewer[];
}

const FIELDS = [
  '%H',
  '%P',
  '%an',
  '%ae',
  '%cn',
  '%ce',
  '%(trailers:key=Reviewed-by,valueonly,unfold,separator=%x1f)',
  '%B',
];

/**
 * Commits that a release adds, newest first, a child before its parents.
 * @param from commit of the release before; null for all of history.
 */
export async function readRange(git: Git, from: string | null, to: string): Promise<readonly RangeCommit[]> {
  const args = ['-c', 'log.showSignature=false', 'log', '-z', '--topo-order', '--encoding=UTF-8', '--no-notes'];
  const text = await git.text(
    [...args, `--format=tformat:${FIELDS.join('%x00')}`, to, ...(from === null ? [] : [`^${from}`]), '--'],
    { env: TRUE_HISTORY },
  );
  const fields = text.split('\0');
  const commits: RangeCommit[] = [];
  for (let at = 0; at + FIELDS.length <= fields.length; at += FIELDS.length) {
    const [id = '', parents = '', an = '', ae = '', cn = '', ce = '', reviewed = '', message = ''] = fields.slice(at);
    commits.push({
      id,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      subject: printableLine(message.trimStart().split('\n')[0] ?? ''),
      message,
      authors: [
        reviewer(an, ae),
        reviewer(cn, ce),
        ...coAuthorsOf(message).map(({ name, email }) => reviewer(name, email)),
      ],
      reviewers: reviewed.split('\x1f').flatMap((value) => parsePerson(value) ?? []),
    });
  }
  return commits;
}

/** `Name <address>`; null for anything else. */
export function parsePerson(text: string): Reviewer | null {
  const trimmed = text.trim();
  const open = trimmed.lastIndexOf('<');
  if (open <= 0 || !trimmed.endsWith('>')) return null;
  const name = trimmed.slice(0, open).trim();
  const email = trimmed.slice(open + 1, -1).trim();
  return name === '' || !email.includes('@') ? null : reviewer(name, email);
}

function reviewer(name: string, email: string): Reviewer {
  return { name, email, login: loginOf(email) };
}

/** GitHub's addresses for those who keep theirs private hold the login. */
function loginOf(email: string): string | null {
  return /^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$/i.exec(email)?.[1] ?? null;
}
