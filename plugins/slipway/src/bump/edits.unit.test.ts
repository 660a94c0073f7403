import { plannedProject, releasePlan } from '../testing/plan';
import { planEdits, type BumpSources } from './edits';

const plan = releasePlan({
  projects: [
    plannedProject({ name: 'ui' }),
    plannedProject({ name: 'api', reasons: ['same release as ui'] }),
    plannedProject({ name: 'deploy', reasons: ['same release as ui'] }),
  ],
});

const members = [
  { name: 'ui', root: 'packages/ui', kind: 'npm' as const },
  { name: 'api', root: 'packages/api', kind: 'python' as const },
  { name: 'deploy', root: 'packages/deploy', kind: 'docker' as const },
];

const files: Readonly<Record<string, string>> = {
  'CHANGELOG.md': '# Changelog\n',
  'package.json': '{ "version": "9.9.9" }',
  'package-lock.json':
    '{ "lockfileVersion": 3, "packages": { "packages/ui": { "name": "@desk/ui", "version": "1.0.0" } } }',
  'packages/ui/package.json': '{ "name": "@desk/ui", "version": "1.0.0" }\r\n',
  'packages/api/setup.py': 'setup(name="desk-api", version="1.0.0")\n',
  'packages/api/requirements.txt': 'desk-api==1.0.0\nother==1.0.0\n',
  'packages/api/requirements-dev.txt': 'other==1.0.0\n',
  'packages/deploy/docker-compose.prod.yml': 'services: { api: { image: "desk/api:1.0.0" } }\n',
  'packages/deploy/docker-compose.test.yml': 'services: { api: { image: "${API_IMAGE}" } }\n',
};

function sources(changed: Readonly<Record<string, string>> = {}, more: Partial<BumpSources> = {}): BumpSources {
  return {
    plan,
    members,
    files: new Map(Object.entries({ ...files, ...changed })),
    repositories: ['desk/api'],
    changelog: { path: 'CHANGELOG.md', prepend: (content) => `## 1.1.0\n${content ?? ''}` },
    releases: 'releases',
    notes: '# Notes\n',
    ...more,
  };
}

describe('planEdits', () => {
  it('edits every manifest that holds a version of the release, the changelog and the record, and nothing else', () => {
    const edits = planEdits(sources());
    expect(
      Object.fromEntries(edits.map(({ path, after }) => [path, path.endsWith('release.json') ? 'record' : after])),
    ).toEqual({
      'package-lock.json': files['package-lock.json']?.replace('1.0.0', '1.1.0'),
      'packages/ui/package.json': '{ "name": "@desk/ui", "version": "1.1.0" }\r\n',
      'packages/api/setup.py': 'setup(name="desk-api", version="1.1.0")\n',
      'packages/api/requirements.txt': 'desk-api==1.1.0\nother==1.0.0\n',
      'packages/deploy/docker-compose.prod.yml': 'services: { api: { image: "desk/api:1.1.0" } }\n',
      'CHANGELOG.md': '## 1.1.0\n# Changelog\n',
      'releases/v1.1.0/release.json': 'record',
      'releases/v1.1.0/NOTES.md': '# Notes\n',
    });
    for (const { path, before } of edits) expect(before).toBe(files[path] ?? null);
  });

  it('makes the changelog where there is none', () => {
    const { 'CHANGELOG.md': _, ...others } = files;
    const edits = planEdits({ ...sources(), files: new Map(Object.entries(others)) });
    expect(edits.find(({ kind }) => kind === 'changelog')).toEqual({
      path: 'CHANGELOG.md',
      kind: 'changelog',
      before: null,
      after: '## 1.1.0\n',
    });
  });

  it('records what was decided and why, the same each time', () => {
    const text = planEdits(sources()).find(({ path }) => path === 'releases/v1.1.0/release.json')?.after ?? '';
    expect(text).toBe(planEdits(sources()).find(({ path }) => path === 'releases/v1.1.0/release.json')?.after);
    expect(text.startsWith('{\n  "v": 1,\n  "version": "1.1.0",\n  "type": "minor",\n')).toBe(true);
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({
      v: 1,
      version: '1.1.0',
      type: 'minor',
      tag: 'v1.1.0',
      tags: plan.tags,
      distTag: 'latest',
      override: null,
      stable: '1.0.0',
      branch: 'release/v1.1.0',
      previous: plan.previous,
      gated: plan.commit,
      projects: plan.projects.map(({ current, next, ...project }) => ({ ...project, from: current, to: next })),
      commits: plan.commits.map(({ email: _email, ...commit }) => commit),
    });
    expect(text).not.toContain('ada@example.org');
  });

  it('follows ranges of npm members, and leaves what only Python calls so', () => {
    const dependent =
      '{ "name": "@desk/ui", "version": "1.0.0", "dependencies": { "@desk/ui": "^1.0.0", "desk-api": "1.0.0" } }';
    const edit = planEdits(sources({ 'packages/ui/package.json': dependent })).find(
      ({ path }) => path === 'packages/ui/package.json',
    );
    expect(edit?.after).toBe(
      '{ "name": "@desk/ui", "version": "1.1.0", "dependencies": { "@desk/ui": "^1.1.0", "desk-api": "1.0.0" } }',
    );
  });

  it('gives each member the version of its own line, each range that of the package, and images that of the release', () => {
    const lines = releasePlan({
      version: '2.0.0',
      tags: [
        { name: 'deploy@2.0.0', version: '2.0.0', projects: ['deploy'] },
        { name: 'api@1.2.0-rc.1', version: '1.2.0-rc.1', projects: ['api'] },
      ],
    });
    const changed = {
      // An npm package shares the name of the Python one, and not its version.
      'packages/ui/package.json': '{ "name": "desk-api", "version": "1.0.0", "dependencies": { "x": "1.0.0" } }',
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "packages/ui": { "name": "desk-api", "version": "1.0.0" } } }',
    };
    const edits = planEdits(sources(changed, { plan: lines })).filter(({ kind }) => kind === 'manifest');
    expect(Object.fromEntries(edits.map(({ path, after }) => [path, after]))).toEqual({
      'packages/api/setup.py': 'setup(name="desk-api", version="1.2.0rc1")\n',
      'packages/api/requirements.txt': 'desk-api==1.2.0rc1\nother==1.0.0\n',
      'packages/deploy/docker-compose.prod.yml': 'services: { api: { image: "desk/api:2.0.0" } }\n',
    });
  });

  it('names file and line where a Python package can not have the version of its line', () => {
    const canary = releasePlan({
      tags: [{ name: 'api@1.1.0-canary.1', version: '1.1.0-canary.1', projects: ['api'] }],
    });
    expect(() => planEdits(sources({}, { plan: canary }))).toThrow(
      /^packages\/api\/(setup\.py|requirements\.txt):1: it can't hold the version 1\.1\.0-canary\.1 here/,
    );
  });

  it('refuses when no file of a package holds its version', () => {
    expect(() => planEdits(sources({ 'packages/ui/package.json': '{ "name": "@desk/ui" }' }))).toThrow(
      'packages/ui/package.json:1: ui is to become 1.1.0, but no file of it holds a version',
    );
  });

  it('names file and line of a manifest that can not be edited', () => {
    expect(() => planEdits(sources({ 'packages/api/setup.py': '\nsetup(name="desk-api", version=read())' }))).toThrow(
      'packages/api/setup.py:2: ',
    );
  });
});
