import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRun } from '../../io/exec';
import { createGit, type Git } from '../../io/git';

const IDENTITY = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  // Nothing goes on in the background while a folder is removed.
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
  GIT_CONFIG_KEY_1: 'maintenance.auto',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_AUTHOR_NAME: 'Ada Ålund',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada Ålund',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
};

/** Real repositories in a temporary folder, with an identity of their own and none of the user's settings. */
export class HistoryRepositories {
  readonly folder = mkdtempSync(join(tmpdir(), 'slipway-history-'));
  /** Commands that were run by any git of {@link counted}: the first word of each that is no option. */
  readonly commands: string[] = [];

  git(root: string): Git {
    return createGit(createRun({ cwd: root, env: IDENTITY }), root);
  }

  /** The same, but it notes what is run, and hands over output in pieces of that many bytes. */
  counted(git: Git, piece?: number): Git {
    return {
      ...git,
      run: (args, options) => {
        this.commands.push(args.find((arg) => /^[a-z]+(?:-[a-z]+)*$/.test(arg)) ?? '');
        const { onData } = options ?? {};
        if (piece === undefined || !onData) return git.run(args, options);
        return git.run(args, {
          ...options,
          onData: (chunk) => {
            for (let at = 0; at < chunk.length; at += piece) {
              if (onData(Buffer.from(chunk.subarray(at, at + piece))) === false) return false;
            }
            return true;
          },
        });
      },
    };
  }

  async create(name = 'work', ...options: string[]): Promise<Git> {
    const root = join(this.folder, name);
    mkdirSync(root);
    const git = this.git(root);
    await git.text(['init', '--quiet', '--initial-branch=main', ...options]);
    await git.text(['config', 'commit.gpgsign', 'false']);
    return git;
  }

  /** Over a real transport, which local paths would bypass. */
  async clone(of: Git, name: string, ...options: string[]): Promise<Git> {
    const root = join(this.folder, name);
    await of.text(['clone', '--quiet', ...options, `file://${of.root}`, root]);
    return this.git(root);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes files, commits everything with the message as it is, and returns the commit's id. */
export async function commit(git: Git, message: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(git.root, name)), { recursive: true });
    writeFileSync(join(git.root, name), content);
  }
  await git.text(['add', '--all']);
  await git.text(['commit', '--quiet', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim', '--file=-'], {
    input: message,
  });
  return git.text(['rev-parse', 'HEAD']);
}
