import { auditLedger, type StreamAudit } from './audit';
import type { LedgerEventBody } from './events';
import { openLedger } from './open-ledger';
import { Repositories } from './testing/repositories';
import { testWorld } from './testing/world';

const REF = 'refs/slipway/ledger/prod';
const deployed = (deployment: string): readonly LedgerEventBody[] => [
  { kind: 'deploy.intent', version: '1.1.0', deployment, commit: 'c', services: {}, configHash: 'h', anchor: null },
  { kind: 'deploy.outcome', version: '1.1.0', deployment, outcome: 'done', services: {}, reason: '' },
];

describe.each(['refs', 'branch'] as const)('an audit of a ledger in %s', (store) => {
  let repos: Repositories;
  let bare: string;
  let root: string;
  beforeEach(async () => {
    repos = new Repositories();
    bare = repos.bare();
    root = repos.clone('ada', bare);
    const ledger = await openLedger(testWorld(root), { remote: 'origin', store });
    for (const body of [...deployed('one'), ...deployed('two')]) await ledger.append('prod', body);
  });
  afterEach(() => repos.remove());

  const audit = async (clone = root): Promise<StreamAudit> => {
    const [prod] = await auditLedger(testWorld(clone), { remote: 'origin', store });
    if (prod === undefined) throw new Error('there is no stream');
    return prod;
  };
  const chain = () => repos.git(root, 'rev-list', '--reverse', REF).split('\n');
  const raw = (commit: string) => repos.git(root, 'cat-file', 'commit', commit);
  const write = (content: string) => {
    const file = repos.write('commit', `${content}\n`);
    return repos.git(root, 'hash-object', '-t', 'commit', '-w', '--literally', file);
  };
  /** The chain again from `from` on, each commit changed by `change`, put in its place on the remote and in this clone. */
  const rewrite = (change: (content: string, index: number) => string | null): void => {
    let parent: string | null = null;
    chain().forEach((commit, index) => {
      const changed = change(raw(commit), index);
      if (changed === null) return;
      const [head = '', ...rest] = changed.split('\n\n');
      const lines = head.split('\n').filter((line) => !line.startsWith('parent '));
      if (parent !== null) lines.splice(1, 0, `parent ${parent}`);
      parent = write([lines.join('\n'), ...rest].join('\n\n'));
    });
    put(parent ?? '');
  };
  const put = (head: string, here = true): void => {
    if (store === 'branch') {
      const tree = repos.git(root, 'rev-parse', `${head}^{tree}`);
      const message = `tip\n\n${JSON.stringify({ v: 1, refs: { [REF]: head } })}`;
      const tip = repos.git(root, 'commit-tree', tree, '-p', head, '-m', message);
      repos.git(root, 'push', '--quiet', '--force', 'origin', `${tip}:refs/heads/slipway/ledger`);
    } else repos.git(root, 'push', '--quiet', '--force', 'origin', `${head}:${REF}`);
    if (here) repos.git(root, 'update-ref', REF, head);
  };

  it('finds nothing wrong with one that Slipway wrote, also from a clone that never saw it, and leaves no trace', async () => {
    const bob = repos.clone('bob', bare);
    for (const clone of [root, bob])
      expect(await audit(clone)).toEqual({
        stream: 'prod',
        events: 4,
        first: expect.stringMatching(/^\d{4}-/),
        last: expect.stringMatching(/^\d{4}-/),
        head: repos.ledgerHead(bare, REF),
        signed: 0,
        problems: [],
      });
    expect(repos.git(bob, 'for-each-ref')).toBe('');
  });

  it.each<[string, (content: string, index: number) => string | null, readonly RegExp[]]>([
    [
      'a dropped event',
      (content, index) => (index === 1 ? null : content),
      [/says that 2 events come before it, but 1 are here/, /says that 3 events/],
    ],
    [
      'a forged body',
      (content, index) => (index === 1 ? content.replace('"done"', '"splendid"') : content),
      [/can't be read/],
    ],
    [
      'a wrong position',
      (content, index) => (index === 3 ? content.replace('"position": 3', '"position": 7') : content),
      [/says that 7 events come before it, but 3 are here/],
    ],
    [
      'another author',
      (content, index) => (index === 2 ? content.replaceAll(/(author|committer) ada <ada/g, '$1 eve <eve') : content),
      [/says that ada <ada@example\.org> wrote it, its commit says eve/],
    ],
    [
      'an event of yesterday',
      (content, index) => (index === 2 ? content.replace(/"at": "\d{4}/, '"at": "2001') : content),
      [/its commit says/, /it is of 2001-.*, before/],
    ],
    [
      'an outcome without its intent',
      (content, index) => (index === 3 ? content.replace('"deployment": "two"', '"deployment": "six"') : content),
      [/deploy\.outcome of deploy six has no intent before it/],
    ],
  ])('finds %s, once everything else was made to fit', async (_what, change, told) => {
    rewrite(change);
    const { problems } = await audit();
    expect(problems).toEqual(told.map((pattern): unknown => expect.stringMatching(pattern)));
  });

  it('finds an event that is there twice', async () => {
    const ids = chain().map((commit) => /"id": "([^"]+)"/.exec(raw(commit))?.[1] ?? '');
    rewrite((content, index) => (index === 2 ? content.replace(ids[2] ?? '', ids[0] ?? '') : content));
    expect((await audit()).problems).toEqual([expect.stringMatching(/it bears the id of [0-9a-f]{12}/)]);
  });

  it('finds history that was rewritten, by what this clone saw before', async () => {
    const [, second = ''] = chain();
    put(second, false);
    expect((await audit()).problems).toEqual([expect.stringMatching(/this clone knows later events/)]);
    const other = repos.git(root, 'commit-tree', `${second}^{tree}`, '-p', second, '-m', 'hello');
    put(other, false);
    expect((await audit()).problems).toEqual([
      expect.stringMatching(/its history was rewritten: this clone saw/),
      expect.stringMatching(/its commit says|can't be read/),
    ]);
  });
});

describe('signatures', () => {
  let repos: Repositories;
  let root: string;
  beforeEach(() => {
    repos = new Repositories();
    root = repos.clone('ada');
    // Signed as ssh does it: no keyring is needed.
    repos.keygen('key');
    repos.write('allowed', `ada@example.org ${repos.read('key.pub')}`);
    for (const [key, value] of [
      ['gpg.format', 'ssh'],
      ['user.signingKey', repos.path('key')],
      ['gpg.ssh.allowedSignersFile', repos.path('allowed')],
    ])
      repos.git(root, 'config', key ?? '', value ?? '');
  });
  afterEach(() => repos.remove());

  /** The environment of tests says that nothing is signed. */
  const world = (sign: boolean) => {
    const { finishing: _, ...plain } = testWorld(root);
    const run: typeof plain.git.run = (args, options) =>
      plain.git.run(['-c', `commit.gpgsign=${sign}`, ...args], options);
    return { ...plain, git: { ...plain.git, run } };
  };
  const append = async (sign: boolean) => {
    const ledger = await openLedger(world(sign), { remote: 'origin' });
    await ledger.append('prod', { kind: 'bump.intent', version: '1.1.0', from: 'a' });
  };
  const problems = async () =>
    (await auditLedger(world(false), { remote: 'origin' })).flatMap((found) => found.problems);

  it('verify, by keys that are known; from the first one on all are signed', async () => {
    await append(false);
    await append(true);
    await append(true);
    expect(await problems()).toEqual([]);
    repos.write('allowed', '');
    expect(await problems()).toEqual(Array(2).fill(expect.stringMatching(/its signature does not verify/)));
    repos.write('allowed', `ada@example.org ${repos.read('key.pub')}`);
    await append(false);
    expect(await problems()).toEqual([
      expect.stringMatching(/nobody signed it, although [0-9a-f]{12} before it is signed/),
    ]);
  });
});
