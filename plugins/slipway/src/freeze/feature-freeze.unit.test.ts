import type { HistoryCommit } from '../history/read';
import { judgeFreeze, type FreezePolicy } from './feature-freeze';
import { freezeReasons } from './freeze-reasons';

const BUMP = '0'.repeat(40);
const id = (name: string): string => Buffer.from(name).toString('hex').padEnd(40, '0').slice(0, 40);

/** Newest first; without parents it stands on the next one. */
function commits(
  ...given: readonly (readonly [name: string, message: string, parents?: readonly string[]])[]
): HistoryCommit[] {
  return given.map(([name, message, parents], index) => ({
    id: id(name),
    parents: parents?.map((parent) => (parent === 'bump' ? BUMP : id(parent))) ?? [
      given[index + 1] ? id(given[index + 1]?.[0] ?? '') : BUMP,
    ],
    author: 'Ada',
    email: 'ada@example.org',
    date: '2026-11-22T10:00:00Z',
    message,
    files: ['packages/ui/index.js'],
  }));
}

const policy = (change: Partial<FreezePolicy> = {}): FreezePolicy => ({
  types: ['fix', 'security', 'docs', 'test', 'revert'],
  release: 'minor',
  demands: { types: {}, breakingBelowOne: 'major' },
  stable: '1.0.0',
  own: new Set(),
  onMain: new Set(),
  ...change,
});
const broken = (given: readonly HistoryCommit[], change?: Partial<FreezePolicy>) =>
  judgeFreeze(given, policy(change)).breaches.map(({ header, reason }) => `${header}: ${reason}`);

describe('the feature freeze', () => {
  it('lets the types of the policy through, and says what was added', () => {
    const given = commits(['c', 'test(ui): more'], ['b', 'docs: notes'], ['a', 'fix(ui): a crash']);
    expect(judgeFreeze(given, policy())).toEqual({ breaches: [], added: given });
  });

  it.each([
    ['feat(ui): dark mode', 'is of type feat, and only fix, security, docs, test, revert may be added'],
    ['chore: tidy', 'is of type chore, and only fix, security, docs, test, revert may be added'],
    ['fix(api)!: other names', 'is a breaking change'],
    ['fix: x\n\nBREAKING CHANGE: other names', 'is a breaking change'],
    ['quick hack', 'has no conventional message, such as "fix: …"'],
  ])('does not allow %s', (message, reason) => {
    expect(broken(commits(['a', message]))).toEqual([`${message.split('\n')[0]}: ${reason}`]);
  });

  it('allows nothing that demands more than the release is, whatever the types say', () => {
    const types = ['feat', 'fix'];
    const feature = commits(['a', 'feat: x']);
    expect(broken(feature, { types })).toEqual([]);
    expect(broken(feature, { types, release: 'patch' })).toEqual([
      'feat: x: is of type feat, which demands a minor release, where this is a patch one',
    ]);
    const demands = { types: { fix: 'major' }, breakingBelowOne: 'major' } as const;
    expect(broken(commits(['a', 'fix: x']), { demands })).toHaveLength(1);
  });

  it('looks into what a squash-merge lists', () => {
    const squashed = 'fix(ui): the login (#12)\n\n* fix(ui): the login\n* feat(ui): remember me\n';
    expect(broken(commits(['a', squashed]))).toEqual([
      'fix(ui): the login (#12): brings "feat: remember me", which is of type feat, and only fix, security, docs, test, ' +
        'revert may be added',
    ]);
  });

  it('looks into merges, and says which one brought a commit', () => {
    const given = commits(
      ['m', 'Merge branch main', ['f', 'n']],
      ['f', 'fix: on the branch', ['bump']],
      ['n', 'feat: news', ['o']],
      ['o', 'fix: from main', ['p']],
    );
    const { breaches, added } = judgeFreeze(given, policy());
    expect(breaches).toMatchObject([{ id: id('n'), type: 'feat', merge: id('m') }]);
    expect(added.map(({ message }) => message)).not.toContain('Merge branch main');
    expect(freezeReasons(breaches)).toEqual([
      expect.stringContaining(
        `came with the merge ${id('m').slice(0, 8)}; go back to before it with git reset --keep ${id('m').slice(0, 8)}~1, or plan`,
      ),
    ]);
  });

  it('does not see what was taken back again, but what came back by that', () => {
    const feature = ['a', 'feat: x'] as const;
    const back = ['b', `Revert "feat: x"\n\nThis reverts commit ${id('a')}.`] as const;
    expect(judgeFreeze(commits(back, feature), policy())).toEqual({ breaches: [], added: [] });
    const again = ['c', `Revert "Revert \\"feat: x\\""\n\nThis reverts commit ${id('b')}.`] as const;
    expect(broken(commits(again, back, feature))).toHaveLength(1);
  });

  it('judges a merge that says more than the commits that it brought, and no merge twice', () => {
    const merged = (message: string, inner: string) =>
      commits(['m', message, ['b', 'n']], ['n', inner, ['bump']], ['b', 'fix: b', ['bump']]);
    const reason = 'is a breaking change';
    expect(broken(merged('fix(api)!: other names', 'fix: names'))).toEqual([`fix(api)!: other names: ${reason}`]);
    expect(broken(merged('Merge pull request #5\n\nfeat: dark mode', 'fix: colours'))).toHaveLength(1);
    expect(broken(merged('feat: dark mode', 'feat: dark mode'))).toHaveLength(1);
    expect(broken(merged("Merge branch 'topic'", 'fix: names'))).toEqual([]);
  });

  it('takes the revert of a merge for that of all it brought', () => {
    const given = commits(
      ['r', `Revert "Merge"\n\nThis reverts commit ${id('m')}, reversing\nchanges made to ${id('f')}.`],
      ['m', 'Merge branch main', ['f', 'n']],
      ['f', 'fix: on the branch', ['bump']],
      ['n', 'feat: news', ['p']],
    );
    const { breaches, added } = judgeFreeze(given, policy());
    expect([breaches, added.map(({ id: one }) => one)]).toEqual([[], [id('f')]]);
    // Main would lose it with the next merge.
    expect(broken(given, { onMain: new Set([id('n')]) })).toHaveLength(1);
  });

  it("lets the tool's own commits through, and nobody else's of that name", () => {
    const given = commits(['a', 'chore(release): v1.0.1']);
    expect(broken(given)).toHaveLength(1);
    expect(broken(given, { own: new Set([id('a')]) })).toEqual([]);
  });

  it('tells five at most one by one', () => {
    const given = commits(...Array.from({ length: 9 }, (_, at) => [`x${at}`, 'feat: x'] as const));
    const reasons = freezeReasons(judgeFreeze(given, policy()).breaches);
    expect(reasons).toHaveLength(6);
    expect(reasons.at(-1)).toBe('feature freeze: 4 more commits after the bump are not allowed either');
  });
});
