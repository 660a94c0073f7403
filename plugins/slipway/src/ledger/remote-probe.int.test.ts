import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeRemote } from './remote-probe';
import { Repositories } from './testing/repositories';
import { testWorld } from './testing/world';

describe('a remote that is tried out', () => {
  let repos: Repositories;
  let bare: string;
  let root: string;
  beforeEach(() => {
    repos = new Repositories();
    bare = repos.bare();
    root = repos.clone('ada', bare);
  });
  afterEach(() => repos.remove());

  const probe = async (store: 'refs' | 'branch' = 'refs') => {
    const found = await probeRemote(testWorld(root), { remote: 'origin', store, timeout: 20_000 });
    return Object.fromEntries(found.map(({ ability, able, told }) => [ability, able || told]));
  };
  const left = () => repos.git(bare, 'for-each-ref', '--format=%(refname)').split('\n').filter(Boolean);

  it('is able to hold the ledger, in either way, and keeps nothing of it', async () => {
    expect(await probe()).toEqual({ create: true, swap: true, atomic: true, delete: true });
    expect(await probe('branch')).toEqual({ create: true, swap: true, delete: true });
    expect(left()).toEqual([]);
  });

  it('may protect its branches', async () => {
    repos.git(bare, 'config', 'receive.denyDeletes', 'true');
    repos.git(bare, 'config', 'receive.denyNonFastForwards', 'true');
    expect(await probe()).toMatchObject({ create: true, swap: true, atomic: true });
  });

  it('may have no atomic push', async () => {
    repos.git(bare, 'config', 'receive.advertiseAtomic', 'false');
    expect(await probe()).toEqual({
      create: true,
      swap: true,
      atomic: expect.stringContaining('does not support --atomic'),
      delete: true,
    });
    expect(await probe('branch')).toEqual({ create: true, swap: true, delete: true });
    expect(left()).toEqual([]);
  });

  it.each([
    ['hides them', () => repos.git(bare, 'config', 'transfer.hideRefs', 'refs/slipway'), /hidden ref/],
    ['shows none', () => repos.git(bare, 'config', 'uploadpack.hideRefs', 'refs/slipway'), /does not show them again/],
    [
      'takes branches only',
      () =>
        repos.hook(bare, 'update', 'case "$1" in refs/heads/*) exit 0;; *) echo "only branches" >&2; exit 1;; esac'),
      /only branches|hook declined/,
    ],
  ])('may take no refs of its own: it %s', async (_how, arrange, told) => {
    arrange();
    expect(await probe()).toEqual({ create: expect.stringMatching(told) });
    expect(await probe('branch')).toEqual({ create: true, swap: true, delete: true });
    expect(left()).toEqual([]);
  });

  it('is rid of what a killed probe left, and keeps that of one that runs', async () => {
    const { pid } = spawnSync('true');
    repos.git(root, 'commit', '--quiet', '--allow-empty', '-m', 'x');
    repos.git(root, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    // A probe of this machine, as its refs are named.
    repos.hook(bare, 'update', `echo "$1" >> ${bare}/seen`);
    await probe();
    const [, machine = ''] = /probe\/\d+-([0-9a-f]+)-/.exec(readFileSync(join(bare, 'seen'), 'utf8')) ?? [];
    const now = Math.floor(Date.now() / 1_000);
    const refs = [
      `refs/slipway/probe/${now}-${machine}-${pid}-aa-a`,
      `refs/slipway/probe/${now - 3_600}-e15e-1-bb-a`,
      `refs/slipway/probe/${now}-${machine}-${process.pid}-cc-a`,
    ];
    for (const ref of refs) repos.git(bare, 'update-ref', ref, repos.git(root, 'rev-parse', 'HEAD'));
    await probe();
    expect(left()).toEqual(['refs/heads/main', refs[2]]);
  });
});
