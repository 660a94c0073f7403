import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No configuration of the machine or its user reaches git in a test. */
export const GIT_ENV = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'init.defaultBranch',
  GIT_CONFIG_VALUE_0: 'main',
  GIT_CONFIG_KEY_1: 'commit.gpgsign',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_CONFIG_KEY_2: 'protocol.file.allow',
  GIT_CONFIG_VALUE_2: 'always',
} as const;

/** Real repositories in a folder of their own. */
export class Repositories {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-ledger-')));

  git(root: string, ...args: string[]): string {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...GIT_ENV },
      stdio: 'pipe',
    }).trim();
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A bare repository, as a server has it. */
  bare(name = 'remote.git'): string {
    const root = this.path(name);
    mkdirSync(root);
    this.git(root, 'init', '--bare', '--quiet');
    return root;
  }

  /** A repository with one commit; without `remote` it has none. */
  clone(name: string, remote?: string, person: string | null = name): string {
    const root = this.path(name);
    mkdirSync(root);
    this.git(root, 'init', '--quiet');
    if (person !== null) {
      this.git(root, 'config', 'user.name', person);
      this.git(root, 'config', 'user.email', `${person}@example.org`);
    }
    if (remote !== undefined) this.git(root, 'remote', 'add', 'origin', remote);
    return root;
  }

  /** @returns its path. */
  write(name: string, content: string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** A key pair for signing, without a passphrase. */
  keygen(name: string): void {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', this.path(name)], { stdio: 'pipe' });
  }

  hook(bare: string, name: string, script: string): void {
    const path = join(bare, 'hooks', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** Where a ref of the ledger points on the server, wherever it keeps it; empty where it is not. */
  ledgerHead(bare: string, ref: string): string {
    const direct = this.git(bare, 'for-each-ref', '--format=%(objectname)', ref);
    if (direct !== '' || this.git(bare, 'for-each-ref', 'refs/heads/slipway/ledger') === '') return direct;
    const message = this.git(bare, 'log', '-1', '--format=%b', 'refs/heads/slipway/ledger');
    return (JSON.parse(message) as { refs: Record<string, string> }).refs[ref] ?? '';
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
