import type { Git } from '../io/git';
import { commit, HistoryRepositories } from '../history/testing/repositories';
import { affectedSince } from './affected';
import { deskConfig, DIGESTS } from './testing/situation';

const NEW = { ...DIGESTS, web: `sha256:${'3'.repeat(64)}` };
const config = deskConfig();
const members = ['api', 'web', 'docs'].map((name) => ({
  name,
  root: name,
  kind: 'npm' as const,
  dependencies: [],
  versionFiles: [],
}));

describe('what would change in an environment', () => {
  let repositories: HistoryRepositories;
  let real: Git;
  let from: string;
  let bump: string;
  let to: string;
  let calls: number;
  const git: Git = {
    get root() {
      return real.root;
    },
    run: (...args) => ((calls += 1), real.run(...args)),
    text: (...args) => real.text(...args),
  };

  beforeAll(async () => {
    repositories = new HistoryRepositories();
    real = await repositories.create();
    from = await commit(real, 'feat: begin', { 'api/a.py': '1', 'web/a.js': '1', 'staging.yml': '1' });
    await commit(real, 'feat: web', { 'web/a.js': '2', 'docs/a.md': '1' });
    await commit(real, 'fix: web', { 'web/Dockerfile': '1' });
    await commit(real, 'docs: more', { 'docs/b.md': '1', 'webshop/a.js': 'not web' });
    bump = await commit(real, 'chore(release): 1.1.0', { 'api/package.json': '2', 'web/package.json': '2' });
    to = await commit(real, 'build: stage', { 'staging.yml': '2' });
  });
  beforeEach(() => (calls = 0));
  afterAll(() => repositories.remove());

  const ask = (change: Partial<Parameters<typeof affectedSince>[0]> = {}) =>
    affectedSince({
      context: { world: { git }, config, members },
      environment: 'staging',
      serving: { version: '1.0.0', commit: from, services: DIGESTS },
      commit: to,
      services: NEW,
      bumps: new Set([bump]),
      ...change,
    });

  it('is told by image and by project, in one call of git, without the release itself', async () => {
    expect(await ask()).toEqual({
      since: '1.0.0',
      services: [
        { service: 'api', changed: false, commits: 0 },
        { service: 'web', changed: true, commits: 2 },
      ],
      projects: [
        { project: 'web', commits: 2 },
        { project: 'docs', commits: 2 },
      ],
      description: true,
    });
    expect(calls).toBe(1);
  });

  it('goes by commits as long as images are not built', async () => {
    const { services } = await ask({ services: null });
    expect(services.map(({ service, changed }) => [service, changed])).toEqual([
      ['api', false],
      ['web', true],
    ]);
  });

  it('goes by images where history lacks what serves', async () => {
    const gone = { version: '1.0.0', commit: 'f'.repeat(40), services: DIGESTS };
    expect(await ask({ serving: gone })).toMatchObject({
      services: [
        { changed: false, commits: null },
        { changed: true, commits: null },
      ],
      projects: null,
    });
  });

  it('asks no git for the very commit that serves', async () => {
    expect((await ask({ commit: from, services: DIGESTS })).services.map(({ changed }) => changed)).toEqual([
      false,
      false,
    ]);
    expect(calls).toBe(0);
  });
});
