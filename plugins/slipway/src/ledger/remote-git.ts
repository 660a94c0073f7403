import { LedgerError } from './ledger';
import type { LedgerGit } from './ledger-git';
import type { RefAccess } from './refs';

export interface RemoteGitOptions {
  readonly git: LedgerGit;
  /** Ends at once when the step is being stopped. */
  readonly interruptible: LedgerGit;
  readonly remote: string;
  /** Milliseconds for one fetch or push. */
  readonly timeout: number;
}

type Result = Awaited<ReturnType<LedgerGit['once']>>;

export interface PushAccess extends RefAccess {
  /** Arguments before the command, e.g. `-c key=value`. */
  readonly settings?: readonly string[] | undefined;
}

/** What the ledger asks of its remote. */
export interface RemoteGit {
  /** Standard output of `git <args>`; `busy` when another process was in the way. @throws {LedgerError} when the remote can't be reached. */
  ask(args: readonly string[], access?: RefAccess): Promise<{ readonly text: string } | 'busy'>;
  /** Pushes once. Whatever it returns but success, the remote may have taken it. */
  push(args: readonly string[], access?: PushAccess): Promise<Result>;
}

/** Nothing but what is asked for: no tags, no FETCH_HEAD, no submodules, no clean-up at an unsuitable moment. */
export const FETCH_OPTIONS = [
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
];
const PUSH_OPTIONS = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];

/** What git says when another process moves the same refs at this moment, in this clone or (`not our ref`) on the server. */
const FETCH_RACE = /cannot lock ref|unable to update local ref|unable to create .*\.lock|but expected|not our ref/i;
/** What a server says about a push that lost to another one. */
const REMOTE_RACE =
  /stale info|failed to update ref|cannot lock ref|fetch first|non-fast-forward|incorrect old value|File exists|reference already exists/i;

export function createRemoteGit({ git, interruptible, remote, timeout }: RemoteGitOptions): RemoteGit {
  const by = (access: RefAccess = {}) => (access.interruptible === true ? interruptible : git);
  return {
    async ask(args, access) {
      const result = await by(access).once(args, { timeout });
      if (result.exitCode === 0) return { text: result.stdout };
      if (FETCH_RACE.test(result.stderr) || result.cut === 'killed') return 'busy';
      throw new LedgerError(
        `the ledger on the remote '${remote}' can't be reached: ${describeGit(result.stderr)}`,
        `check the network and your access with 'git ls-remote ${remote}', then run the command again`,
      );
    },
    push: (args, access) =>
      by(access).once([...(access?.settings ?? []), 'push', ...PUSH_OPTIONS, ...args], { timeout }),
  };
}

/** Whether what a push said means that another one was quicker. */
export function lostRace(said: string): boolean {
  return REMOTE_RACE.test(said);
}

/** Whether a push was answered with a refusal of each ref: then it did not come to pass. */
export function refused(said: string): boolean {
  const lines = said.split('\n').filter((line) => /^[ +\-*!=]\t/.test(line));
  return lines.length > 0 && lines.every((line) => /^!\t\S+\t\[(?:remote )?rejected\]/.test(line));
}

/** What git adds to every failed connection; our remedy says it better. */
const ADVICE = /^(?:Please make sure you have the correct access rights|and the repository exists)/;

/** What became of one ref, as `git push --porcelain` tells it; why stands last, in parentheses. */
const REF_STATUS = /^[ +\-*!=]\t[^\t]*\t(.*)$/;

/** What git said, as part of a sentence; what is said of several refs once. */
export function describeGit(text: string): string {
  const said = text
    .split('\n')
    .map(
      (line) =>
        REF_STATUS.exec(line)?.[1]
          ?.replace(/^\[([^\]]*)\]\s*/, '$1: ')
          .replace(/: \((.*)\)$/, ': $1') ?? line,
    )
    .map((line) => line.replace(/^(fatal|error|remote):\s*/, '').trim())
    .filter((line) => line !== '' && line !== 'Done' && !line.startsWith('To ') && !ADVICE.test(line))
    .map((line) => line.replace(/[.;:]$/, ''));
  const lines = [...new Set(said)];
  return lines.slice(0, 4).join('; ') || 'git gave no reason';
}
