import type { SlipwayConfigInput } from '../config/schema';
import { inferProjects } from './infer';

const json = (value: unknown) => JSON.stringify(value);
const URL = 'http://127.0.0.1:${PORT}';
const FILES: Readonly<Record<string, string>> = {
  'package.json': json({ name: 'acme', private: true, workspaces: ['packages/*'] }),
  'packages/ui/package.json': json({ name: 'ui', version: '1.0.0' }),
  'packages/api/project.json': json({ name: 'api' }),
  'packages/api/setup.py': 'from setuptools import setup\nsetup(name="acme-api", version="1.0.0")\n',
  'packages/platform/project.json': json({ name: 'platform' }),
  'packages/platform/docker-compose.test.yml': 'services: {}\n',
  'docs/project.json': json({ name: 'docs' }),
};
const STACK: SlipwayConfigInput = {
  testStack: { compose: 'packages/platform/docker-compose.test.yml', project: 'acme-test' },
  images: {
    api: { dockerfile: 'packages/platform/Dockerfile', context: ['packages/api/src'], repository: 'a', variable: 'A' },
    ui: {
      dockerfile: 'D',
      context: ['package.json', 'package-lock.json', 'packages/ui'],
      repository: 'u',
      variable: 'U',
    },
  },
};
const infer = (config: SlipwayConfigInput = {}, files = FILES) =>
  inferProjects(new Map(Object.entries({ ...files, 'slipway.json': json(config) })), {});
const targets = (root: string, config?: SlipwayConfigInput) => infer(config)[root]?.targets ?? {};
const producers = (root: string, config?: SlipwayConfigInput) =>
  Object.keys(targets(root, config)).filter((name) => /^release-(audit|load|a11y|integration)$/.test(name));

it('audits npm and Python projects unless told not to, and docker projects where they ask for it', () => {
  expect(['packages/ui', 'packages/api', 'packages/platform', 'docs'].map((root) => producers(root))).toEqual([
    ['release-audit'],
    ['release-audit'],
    [],
    [],
  ]);
  expect(producers('packages/ui', { projects: { ui: { audit: false } } })).toEqual([]);
  expect(producers('packages/platform', { projects: { platform: { audit: {} } } })).toEqual(['release-audit']);
});

it('measures against the test stack what is configured', () => {
  const own = {
    load: { url: URL, scenarios: [{ name: 'start', path: '/' }] },
    a11y: { url: URL, pages: [{ name: 'start', path: '/' }] },
    integration: { command: ['npm', 'test'] },
  };
  expect(producers('docs', { ...STACK, projects: { docs: own } })).toEqual([
    'release-load',
    'release-a11y',
    'release-integration',
  ]);
});

it("lets the gate wait for the project's own producers, and for what is inferred", () => {
  expect(targets('packages/ui')['release-gate']?.dependsOn).toEqual(['test', 'release-audit']);
  const config = { projects: { ui: { producers: ['unit', 'e2e'] } } };
  expect(targets('packages/ui', config)['release-gate']?.dependsOn).toEqual(['unit', 'e2e', 'release-audit']);
  expect(targets('docs')['release-gate']?.dependsOn).toEqual(['test']);
});

it('asks for advisories anew each day, and whenever requirements change', () => {
  const [today] = targets('packages/ui')['release-audit']?.inputs ?? [];
  expect(today).toEqual({ runtime: expect.stringContaining('864e5') });
  const release = { projects: ['ui'] };
  expect(targets('packages/ui', { release })['release-audit']?.inputs).not.toContain('{projectRoot}/package.json');
  expect(targets('packages/api', { release })['release-audit']?.inputs).toContain('{projectRoot}/requirements*.txt');
});

it('measures anew when anything changed that the stack is made of, and not for a bump', () => {
  const load = { url: URL, scenarios: [{ name: 'start', path: '/' }] };
  const { inputs, parallelism, outputs } =
    targets('docs', { ...STACK, projects: { docs: { load } } })['release-load'] ?? {};
  expect(inputs).toEqual([
    'default',
    '^default',
    { input: 'default', projects: ['api', 'platform', 'ui'] },
    { json: '{workspaceRoot}/package.json', excludeFields: ['version'] },
    '{workspaceRoot}/D',
    '{workspaceRoot}/D/**/*',
    '{workspaceRoot}/slipway.json',
  ]);
  expect([parallelism, outputs]).toEqual([false, ['{workspaceRoot}/.slipway/reports/docs/load']]);
});

describe('a Django project', () => {
  const manage = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acme.settings")';
  const targetsOf = (root: string, config: SlipwayConfigInput, found: Readonly<Record<string, string>>) => {
    const contents = new Map(Object.entries({ ...FILES, 'slipway.json': json(config) }));
    return Object.keys(inferProjects(contents, {}, (path) => found[path] ?? null)[root]?.targets ?? {});
  };

  it.each<[string, string, SlipwayConfigInput, Readonly<Record<string, string>>, boolean]>([
    ['has a manage.py', 'packages/api', {}, { 'packages/api/manage.py': manage }, true],
    ['may need no package of its own', 'docs', {}, { 'docs/manage.py': manage }, true],
    ['has none', 'packages/api', {}, {}, false],
    ['has one of another tool', 'packages/api', {}, { 'packages/api/manage.py': 'print("hello")' }, false],
    [
      'is asked not to',
      'packages/api',
      { projects: { api: { migrations: false } } },
      { 'packages/api/manage.py': manage },
      false,
    ],
    ['is asked to', 'packages/ui', { projects: { ui: { migrations: {} } } }, {}, true],
  ])('is inspected where it %s: %s', (_, root, config, found, inspected) => {
    expect(targetsOf(root, config, found).includes('release-migrations')).toBe(inspected);
  });
});
