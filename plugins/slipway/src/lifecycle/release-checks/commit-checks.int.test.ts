import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../config/load';
import type { SlipwayConfigInput } from '../../config/schema';
import type { ReportFile } from '../../gates';
import { contextDigest } from '../../image/context-digest';
import { commit, HistoryRepositories } from '../../history/testing/repositories';
import type { Git } from '../../io/git';
import type { ImageFacts, LedgerEventBody, MemberVerdict } from '../../ledger/events';
import { createTestWorld } from '../../testing/test-world';
import { deployed, events, situationOf } from '../testing/situation';
import { comparisonCheck } from './comparison';
import { documentationCheck } from './documentation';
import { imagesCheck } from './images';
import { migrationsCheck } from './migrations';
import type { ReleaseCheck, ReleaseCheckResult, ReleaseSubject } from './release-check';

const PROJECT = { name: 'api', root: 'packages/api', kind: 'python' as const, dependencies: [], targets: [] };
const WRITTEN = {
  'CHANGELOG.md':
    '# Changelog\n\n## [1.1.0] - 2026-11-22\n\n### Features\n\n- search tickets\n\n## [1.0.0] - 2026-10-01\n\n- all\n',
  'releases/v1.1.0/NOTES.md': '# Release 1.1.0\n\n- Tickets can be searched.\n',
};

let repositories: HistoryRepositories;
let git: Git;
beforeEach(async () => {
  repositories = new HistoryRepositories();
  const { root } = await repositories.create();
  mkdirSync(join(root, 'workspace'));
  // A workspace may be a folder of its repository.
  git = repositories.git(join(root, 'workspace'));
});
afterEach(() => repositories.remove());

interface Scene {
  readonly config?: SlipwayConfigInput;
  readonly last?: string | null;
  /** The bump and what it started from; by default the commit that is checked out. */
  readonly gated?: string;
  readonly bumped?: string;
  readonly files?: readonly ReportFile[];
  readonly release?: readonly LedgerEventBody[];
  readonly prod?: readonly LedgerEventBody[];
  /** Members without reports. */
  readonly members?: readonly { readonly name: string; readonly root: string }[];
}

/** What a check gets of the commit that is checked out. */
async function check(
  { run }: ReleaseCheck,
  { config = {}, last = null, gated, bumped, files = [], release = [], prod = [], members = [] }: Scene = {},
): Promise<ReleaseCheckResult> {
  const head = await git.text(['rev-parse', 'HEAD']);
  const world = { ...createTestWorld({ root: git.root }), git };
  const subject = {
    context: {
      world,
      config: parseConfig(JSON.stringify(config)),
      owner: 'api',
      projects: [PROJECT],
      members: [PROJECT],
    },
    situation: await situationOf({ release, prod }),
    release: events.planned('1.1.0'),
    gated: gated ?? head,
    bumped: bumped ?? head,
    commit: head,
    last: last === null ? null : { version: '1.0.0', commit: last },
    members: [{ project: PROJECT, files }, ...members.map((project) => ({ project, files: [] }))],
    manifests: { blank: () => null },
  };
  return run(subject as unknown as ReleaseSubject);
}

describe('documentation', () => {
  const PAGES = {
    ...WRITTEN,
    'README.md': '# Desk\n\n[guide](docs/guide.md#use) and [API](packages/api/README.md)\n',
    'docs/guide.md': '# Guide\n\n## Use\n',
    'packages/api/README.md': '# API\n\n[home](../../README.md#desk)\n',
  };

  it('passes where changelog and notes tell of the release, and every link leads somewhere', async () => {
    await commit(git, 'docs: all', PAGES);
    expect(await check(documentationCheck)).toMatchObject({
      verdict: 'pass',
      reason: 'changelog and notes tell of 1.1.0, no link is dead',
    });
  });

  it.each<[string, Record<string, string>, string, string]>([
    [
      'CHANGELOG.md',
      { 'CHANGELOG.md': '' },
      'CHANGELOG.md says nothing of 1.1.0',
      'documentation:changelog:CHANGELOG.md:1.1.0',
    ],
    [
      'its section',
      { 'CHANGELOG.md': '## [1.0.0]\n\n- all\n' },
      'CHANGELOG.md says nothing of 1.1.0',
      'documentation:changelog:CHANGELOG.md:1.1.0',
    ],
    [
      'words in its section',
      { 'CHANGELOG.md': '## [1.1.0]\n\n### Features\n\n## [1.0.0]\n\n- all\n' },
      'CHANGELOG.md has an empty section for 1.1.0',
      'documentation:changelog:CHANGELOG.md:1.1.0',
    ],
    [
      'words in the notes',
      { 'releases/v1.1.0/NOTES.md': '# Release 1.1.0\n' },
      'releases/v1.1.0/NOTES.md is empty',
      'documentation:notes:releases/v1.1.0/NOTES.md:empty',
    ],
    [
      'a linked page',
      { 'README.md': '# Desk\n\n[gone](docs/gone.md)\n' },
      'dead link in README.md: docs/gone.md does not exist',
      'documentation:link:README.md:docs/gone.md',
    ],
    [
      'a linked heading',
      { 'README.md': '# Desk\n\n[gone](docs/guide.md#gone)\n' },
      'dead link in README.md: docs/guide.md has no heading or anchor #gone',
      'documentation:link:README.md:docs/guide.md#gone',
    ],
    [
      'a page outside of the project',
      { 'packages/api/README.md': '[gone](../../docs/gone.md)\n' },
      'dead link in packages/api/README.md: docs/gone.md does not exist',
      'documentation:link:packages/api/README.md:../../docs/gone.md',
    ],
  ])('misses %s', async (_, change, reason, fingerprint) => {
    await commit(git, 'docs: all but one', { ...PAGES, ...change });
    const result = await check(documentationCheck);
    expect(result).toMatchObject({ verdict: 'fail', reason, measured: 1 });
    expect(result.findings[0]?.fingerprint).toBe(fingerprint);
  });

  it("leaves the links inside of a project to the project's own gate", async () => {
    await commit(git, 'docs: all', { ...PAGES, 'packages/api/README.md': '# API\n\n[gone](gone.md)\n' });
    expect((await check(documentationCheck)).verdict).toBe('pass');
  });

  it('goes by the commit, whatever lies on disk', async () => {
    await commit(git, 'docs: all', { ...PAGES, 'README.md': '# Desk\n\n[draft](docs/draft.md)\n' });
    writeFileSync(join(git.root, 'docs/draft.md'), '# Draft\n');
    writeFileSync(join(git.root, 'CHANGELOG.md'), '');
    expect(await check(documentationCheck)).toMatchObject({
      reason: 'dead link in README.md: docs/draft.md does not exist',
    });
  });

  it('asks about no link where the policy does not', async () => {
    await commit(git, 'docs: all', { ...PAGES, 'README.md': '# Desk\n\n[gone](gone.md)\n' });
    expect((await check(documentationCheck, { config: { gates: { documentation: { links: false } } } })).verdict).toBe(
      'pass',
    );
  });
});

describe('migrations', () => {
  const migration = (name: string, incompatible: readonly string[] = []) => ({
    name: `tickets.${name}`,
    file: `tickets/migrations/${name}.py`,
    replaces: [],
    irreversible: [],
    incompatible,
  });
  const report: ReportFile = {
    path: 'packages/api/reports/migrations/migrations.json',
    wanted: ['migrations'],
    named: false,
    content: JSON.stringify({
      format: 'slipway-migrations',
      version: 1,
      models: 1,
      missing: [],
      migrations: [migration('0001_initial', ['old']), migration('0002_drop', ['its column is gone'])],
    }),
  };
  const first = { 'packages/api/tickets/migrations/0001_initial.py': '' };
  const second = { 'packages/api/tickets/migrations/0002_drop.py': '' };
  const config: SlipwayConfigInput = {
    images: { api: { dockerfile: 'D', context: ['.'], repository: 'desk/api', variable: 'API' } },
    environments: { prod: { compose: 'c.yml', project: 'p' } },
  };

  it('fails what is new since the release that production runs, and breaks it', async () => {
    const running = await commit(git, 'feat: first', first);
    await commit(git, 'feat: second', second);
    const prod = deployed('healthy', { version: '1.0.0', commit: running });
    const result = await check(migrationsCheck, { config, prod, files: [report] });
    expect(result.findings.map(({ fingerprint }) => fingerprint)).toEqual([
      'migrations:incompatible:tickets.0002_drop',
    ]);
  });

  it('passes what production runs already', async () => {
    const running = await commit(git, 'feat: both', { ...first, ...second });
    const prod = deployed('healthy', { version: '1.0.0', commit: running });
    expect((await check(migrationsCheck, { config, prod, files: [report] })).verdict).toBe('pass');
  });

  it.each<[string, Scene, string]>([
    ['nothing runs', { config, files: [report] }, 'nothing runs in prod yet'],
    ['no environment is configured', { files: [report] }, 'no environment is configured'],
    ['there are no migrations', { config }, 'no project of the release has migrations'],
  ])('does not apply where %s', async (_, scene, reason) => {
    await commit(git, 'feat: first', first);
    expect(await check(migrationsCheck, scene)).toMatchObject({ verdict: 'notApplicable', reason });
  });
});

describe('comparison with the last release', () => {
  const lcov = (covered: number, total: number): ReportFile => ({
    path: 'packages/api/coverage/lcov.info',
    wanted: ['coverage'],
    named: false,
    content: `SF:src/a.py\n${Array.from({ length: total }, (_, i) => `DA:${i + 1},${i < covered ? 1 : 0}`).join('\n')}\nLF:${total}\nLH:${covered}\nend_of_record\n`,
  });
  const source = (lines: number): string => Array.from({ length: lines }, (_, i) => `line_${i} = ${i}\n`).join('');
  const dossier = (at: string, counts: MemberVerdict['counts']): LedgerEventBody => ({
    kind: 'check',
    version: '1.0.0',
    passed: true,
    gated: at,
    commit: at,
    members: [{ project: 'api', verdict: 'pass', subject: '', checks: [], ...(counts ? { counts } : {}) }],
    reasons: [],
  });
  const held = { lines: { covered: 38, total: 40 }, tests: 5 };

  it('fails where new lines are not covered, and coverage fell', async () => {
    const last = await commit(git, 'feat: first', { 'packages/api/src/a.py': source(40) });
    await commit(git, 'feat: second', { 'packages/api/src/a.py': source(60), 'other/b.py': source(5) });
    const result = await check(comparisonCheck, { last, files: [lcov(42, 60)], release: [dossier(last, held)] });
    expect(result).toMatchObject({ verdict: 'fail', measured: 2 });
    expect(result.reason).toMatch(
      /^api: 70 % of 60 lines covered.*; api: 10 % of 20 changed lines covered, below 80 %$/,
    );
    expect(result.findings).toContainEqual(expect.objectContaining({ file: 'packages/api/src/a.py', line: 43 }));
  });

  it('counts what was changed before and after the bump, at the lines where it is now, and not the bump', async () => {
    const last = await commit(git, 'feat: first', {
      'packages/api/src/a.py': source(40),
      'packages/api/setup.py': 'v1\n',
    });
    const gated = await commit(git, 'feat: second', { 'packages/api/src/a.py': source(60) });
    const bumped = await commit(git, 'chore: release', { 'packages/api/setup.py': 'v2\n' });
    await commit(git, 'fix: third', { 'packages/api/src/a.py': `first\n${source(60)}` });
    const result = await check(comparisonCheck, {
      last,
      gated,
      bumped,
      files: [lcov(61, 61)],
      release: [dossier(last, held)],
    });
    expect(result.reason).toContain('100 % of 21 changed lines covered');
    expect(result.warnings?.join()).not.toContain('setup.py');
  });

  it('counts lines where they are now, also where the bump was followed by nothing but their removal', async () => {
    const last = await commit(git, 'feat: first', { 'packages/api/src/a.py': `old = 1\n${source(40)}` });
    const gated = await commit(git, 'feat: second', { 'packages/api/src/a.py': `old = 1\n${source(70)}` });
    await commit(git, 'fix: third', { 'packages/api/src/a.py': source(60) });
    const result = await check(comparisonCheck, {
      last,
      gated,
      bumped: gated,
      files: [lcov(60, 60)],
      release: [dossier(last, held)],
    });
    expect(result.reason).toContain('100 % of 20 changed lines covered');
  });

  it('takes a file that moved from one project to another for moved, not for new lines', async () => {
    const last = await commit(git, 'feat: first', { 'packages/web/src/a.py': source(40) });
    await git.text(['rm', '-q', 'packages/web/src/a.py']);
    await commit(git, 'refactor: move', { 'packages/api/src/a.py': source(60) });
    const members = [{ name: 'web', root: 'packages/web' }];
    const result = await check(comparisonCheck, {
      last,
      members,
      files: [lcov(60, 60)],
      release: [dossier(last, held)],
    });
    expect(result.reason).toContain('100 % of 20 changed lines covered');
  });

  it('passes where both held', async () => {
    const last = await commit(git, 'feat: first', { 'packages/api/src/a.py': source(40) });
    await commit(git, 'feat: second', { 'packages/api/src/a.py': source(60) });
    const result = await check(comparisonCheck, { last, files: [lcov(60, 60)], release: [dossier(last, held)] });
    expect(result).toMatchObject({ verdict: 'pass' });
    expect(result.warnings).toEqual(['api: 1.0.0 had tests, and there are none now']);
  });

  it.each<[string, (at: string) => readonly LedgerEventBody[]]>([
    ['was released by something else', () => []],
    ['left no counts', (at) => [dossier(at, undefined)]],
    ['left counts of another commit', () => [dossier('e'.repeat(40), held)]],
  ])('tells of a last release that %s, and fails nothing for it', async (_, release) => {
    const last = await commit(git, 'feat: first', { 'packages/api/src/a.py': source(40) });
    const result = await check(comparisonCheck, { last, files: [lcov(20, 40)], release: release(last) });
    expect(result.verdict).toBe('pass');
    expect(result.warnings).toEqual(['api: the ledger holds no counts of 1.0.0, so its coverage is not compared']);
  });

  it('does not apply to a first release', async () => {
    await commit(git, 'feat: first', {});
    expect((await check(comparisonCheck)).verdict).toBe('notApplicable');
  });
});

describe('images', () => {
  const config: SlipwayConfigInput = {
    images: { api: { dockerfile: 'api/Dockerfile', context: ['api'], repository: 'desk/api', variable: 'API' } },
    environments: { prod: { compose: 'c.yml', project: 'p' } },
  };
  const files = {
    'api/Dockerfile': 'FROM scratch\n',
    'api/app': '1',
    'c.yml': 'services: { api: { image: "${API}" } }\n',
  };
  const facts: ImageFacts = { user: '1000', healthcheck: ['CMD', 'x'], commit: null };

  async function recorded(change: { context?: string; facts?: ImageFacts } = {}): Promise<readonly LedgerEventBody[]> {
    const head = await git.text(['rev-parse', 'HEAD']);
    const image = parseConfig(JSON.stringify(config)).images['api'];
    if (image === undefined) throw new Error('no image is configured');
    const world = { ...createTestWorld({ root: git.root }), git };
    const digest = await contextDigest(world, 'api', head, image, () => null);
    return [
      events.planned('1.1.0', head),
      {
        kind: 'images',
        version: '1.1.0',
        commit: head,
        services: { api: 'sha256:1' },
        contexts: { api: change.context ?? digest },
        built: ['api'],
        ...(change.facts === undefined ? {} : { facts: { api: change.facts } }),
      },
    ];
  }

  it('passes what was built from the commit', async () => {
    await commit(git, 'feat: image', files);
    expect((await check(imagesCheck, { config, release: await recorded({ facts }) })).verdict).toBe('pass');
  });

  it.each<[string, Parameters<typeof recorded>[0], string, RegExp, string | undefined]>([
    [
      'of other files',
      { facts, context: 'f'.repeat(64) },
      'fail',
      /built from other files/,
      'npx nx release-image api',
    ],
    ['that runs as root', { facts: { ...facts, user: '' } }, 'fail', /^api runs as root in prod$/, undefined],
    [
      'without a health check',
      { facts: { ...facts, healthcheck: null } },
      'fail',
      /^api has no health check in prod$/,
      undefined,
    ],
    [
      'that nobody asked the engine about',
      {},
      'inconclusive',
      /what the engine knows of api/,
      'npx nx release-image api',
    ],
  ])('refuses one %s', async (_, change, verdict, reason, remedy) => {
    await commit(git, 'feat: image', files);
    const result = await check(imagesCheck, { config, release: await recorded(change) });
    expect(result.verdict).toBe(verdict);
    expect(result.reason).toMatch(reason);
    expect(result.remedy).toBe(remedy);
  });

  it('refuses one of an older commit', async () => {
    await commit(git, 'feat: image', files);
    const release = await recorded({ facts });
    await commit(git, 'feat: changed', { 'api/app': '2' });
    expect(await check(imagesCheck, { config, release })).toMatchObject({
      verdict: 'fail',
      reason: 'no image of api was recorded for this commit',
    });
  });

  it('does not apply without images', async () => {
    await commit(git, 'feat: none', files);
    expect((await check(imagesCheck)).verdict).toBe('notApplicable');
  });
});
