import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRun } from '../../io/exec';
import { createGit } from '../../io/git';
import { GIT_ENV } from '../../ledger/testing/repositories';
import { Desk, deskConfiguration } from '../testing/desk';
import { runners } from '../testing/runners';

let desk: Desk;
const steps = runners(() => desk);
beforeEach(() => {
  desk = new Desk({ remote: false });
});
afterEach(() => desk.remove());

const configure = (value: object) => {
  desk.config = deskConfiguration(value);
};
const cached = () => existsSync(join(desk.root, '.git/slipway/history'));

describe('the plan', () => {
  it('records what it decided, with tags, base, dist-tag and reason', async () => {
    const ended = await steps.plan({ type: 'patch', override: 'hidden behind a flag' });
    expect(ended.said).toBe('Done: planned release 1.0.1 (patch) of ui, api.');
    expect(ended.lines).toContain('Against the rules, because: hidden behind a flag');
    expect(await desk.events()).toMatchObject([
      {
        kind: 'planned',
        version: '1.0.1',
        tag: 'v1.0.1',
        tags: [{ name: 'v1.0.1', version: '1.0.1', projects: ['ui', 'api'] }],
        base: 'main',
        distTag: 'latest',
        override: 'hidden behind a flag',
      },
    ]);
  });

  it('keeps what it read of history, but not in a dry run', async () => {
    await steps.plan({}, { dryRun: true });
    expect(cached()).toBe(false);
    const fresh = await steps.plan({ preid: 'rc' });
    expect(cached()).toBe(true);
    await steps.abandon();
    const warm = await steps.plan({ preid: 'rc' });
    expect(warm.data).toEqual(fresh.data);
    expect(warm.lines).toContain('Release 1.1.0-rc.1 (minor), after v1.0.0');
  });

  it('of a pre-release is bumped as it was made, and is not another one', async () => {
    await steps.plan({ preid: 'beta' });
    expect((await steps.plan({ preid: 'rc' })).said).toContain('but a pre-release (rc) was asked for');
    expect((await steps.plan({ graduate: true })).said).toContain('but the end of the pre-release was asked for');
    expect((await steps.bump()).said).toMatch(/^Done: bumped to 1\.1\.0-beta\.1 /);
    expect(readFileSync(join(desk.root, 'packages/ui/package.json'), 'utf8')).toContain('"version": "1.1.0-beta.1"');
    expect(readFileSync(join(desk.root, 'packages/api/setup.py'), 'utf8')).toContain('version="1.1.0b1"');
  });

  it('is explained by project, also when it is open already', async () => {
    const tree = expect.arrayContaining([
      'api 1.0.0 → 1.1.0',
      '└─ it shares its version with the group release: minor',
      '   └─ by ui 1.0.0 → 1.1.0',
      expect.stringMatching(/^ {6}└─ feat\(ui\): greet by name \([0-9a-f]{7}\) is of type feat: minor$/),
    ]) as string[];
    expect((await steps.plan({ explain: 'api' })).lines).toEqual(tree);
    expect((await steps.plan({ explain: 'api' })).lines).toEqual(tree);
    expect((await steps.plan({ explain: 'apo' })).said).toContain('"apo" is no member of the release');
  });

  it('gives members of other groups their own versions, and leaves out those that nothing changed', async () => {
    for (const tag of ['ui@1.0.0', 'api@1.0.0']) desk.git('tag', '-a', tag, '-m', tag, 'v1.0.0');
    configure({ release: { versioning: 'independent' } });
    const ended = await steps.plan({}, { dryRun: true });
    expect(ended.data['plan']).toMatchObject({
      version: '1.0.1',
      tags: [{ name: 'api@1.0.1' }, { name: 'ui@1.1.0' }],
      projects: [
        { name: 'ui', next: '1.1.0' },
        { name: 'api', next: '1.0.1', causes: [{ kind: 'release' }] },
      ],
    });
  });

  it('counts a merge by its message, for what it brought', async () => {
    desk.git('tag', '-a', 'v1.1.0', '-m', '1.1.0');
    desk.write({
      'packages/ui/package.json': '{\n  "name": "@desk/ui",\n  "version": "1.1.0"\n}\n',
      'packages/api/setup.py': 'from setuptools import setup\nsetup(name="desk-api", version="1.1.0")\n',
    });
    desk.commit('chore: versions');
    desk.git('switch', '-q', '-c', 'topic');
    desk.write({ 'packages/api/wip.py': 'x = 1\n' });
    desk.commit('wip');
    desk.git('switch', '-q', 'main');
    desk.git('merge', '-q', '--no-ff', '-m', 'feat(api): sign in (#7)', 'topic');
    const ended = await steps.plan({}, { dryRun: true });
    expect(ended.data['plan']).toMatchObject({
      version: '1.2.0',
      commits: [
        { subject: 'sign in (#7)', projects: ['api'], demands: 'minor', references: ['#7'] },
        { subject: 'wip', skippedAs: 'unconventional' },
        { type: 'chore', skippedAs: 'type' },
      ],
    });
  });

  it('of a hotfix needs something in production', async () => {
    const ended = await steps.plan({ type: 'hotfix' });
    expect(ended.said).toContain('by the ledger nothing was ever deployed there');
    expect(await desk.events()).toEqual([]);
  });

  it('is not counted from a tag that was moved since the release', async () => {
    const commit = desk.head('v1.0.0');
    await desk.append({ kind: 'tag.outcome', version: '1.0.0', tag: 'v1.0.0', commit, outcome: 'done', reason: '' });
    expect((await steps.plan({}, { dryRun: true })).outcome.kind).toBe('wouldDo');
    desk.git('tag', '-f', '-a', 'v1.0.0', '-m', 'moved', 'HEAD');
    desk.change('more');
    const ended = await steps.plan();
    expect(ended.said).toContain(`but by the ledger 1.0.0 was released at ${commit.slice(0, 8)}`);
    expect(ended.outcome).toMatchObject({ refusals: [{ id: 'tagMoved', remedy: expect.stringContaining(commit) }] });
  });

  it('says which file of the configuration is wrong about its groups', async () => {
    configure({ release: { groups: { a: { projects: ['apo'] } } } });
    await expect(steps.plan()).rejects.toThrow(
      'release.groups.a.projects (of slipway.json, else of nx.json) names "apo"',
    );
  });

  it('of a tagged commit says that it is out, and that something has to come first', async () => {
    await steps.plan();
    await steps.bump();
    const commit = desk.head();
    await desk.judge();
    await steps.check();
    desk.git('tag', '-a', 'v1.1.0', '-m', '1.1.0');
    await desk.append({ kind: 'tag.outcome', version: '1.1.0', tag: 'v1.1.0', commit, outcome: 'done', reason: '' });
    expect((await steps.plan()).said).toBe('Already done: release 1.1.0 is tagged v1.1.0 on this commit.');
    const other = await steps.plan({ preid: 'rc' });
    expect(other.said).toContain('this commit is release 1.1.0, tagged v1.1.0, but a pre-release (rc) was asked for');
    expect(other.outcome).toMatchObject({ refusals: [{ remedy: 'commit what comes next first, on main' }] });
  });

  describe('with a remote', () => {
    beforeEach(() => {
      desk.remove();
      desk = new Desk();
    });

    it('takes no clone without tags for one before the first release', async () => {
      desk.git('tag', '-d', 'v1.0.0');
      const ended = await steps.plan();
      expect(ended.said).toContain('origin has releases that this clone has no tags of (v1.0.0)');
      expect(ended.outcome).toMatchObject({ refusals: [{ id: 'tagsMissing', remedy: 'git fetch --tags origin' }] });
      expect(await desk.events()).toEqual([]);
      desk.git('fetch', '-q', '--tags', 'origin');
      expect((await steps.plan()).said).toContain('planned release 1.1.0');
    });

    it('is refused in a shallow clone that does not reach back to the last release', async () => {
      desk.git('push', '-q', 'origin', 'main');
      const root = desk.repositories.path('shallow');
      desk.repositories.git(desk.root, 'clone', '-q', '--depth=1', `file://${desk.remote}`, root);
      const run = createRun({ cwd: root, env: GIT_ENV });
      const world = { ...desk.world(), root, run, git: createGit(run, root) };
      const ended = await steps.plan({}, { world });
      expect(ended.said).toContain('Refused, nothing changed: this is a shallow clone, so the last release and');
      expect(ended.outcome).toMatchObject({
        refusals: [{ id: 'shallow', remedy: 'Fetch the rest with: git fetch --unshallow --tags' }],
      });
    });

    it('plans a first release where the remote has none either', async () => {
      desk.git('tag', '-d', 'v1.0.0');
      desk.git('push', '-q', 'origin', ':refs/tags/v1.0.0');
      desk.git('push', '-q', 'origin', 'HEAD:refs/tags/other-1.0.0');
      expect((await steps.plan()).said).toContain('planned release 1.1.0');
    });
  });
});
