import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeText, composeVariables, envFile, environments, platformRoot, read } from './platform-files';

const documented = envFile('.env.example');
const secretNames = /PASSWORD|SECRET|KEY|TOKEN/;

it('documents every variable that the compose files take', () => {
  const taken = environments.flatMap((environment) => [...composeVariables(composeText(environment)).keys()]);
  expect(taken.length).toBeGreaterThan(0);
  expect(taken.filter((name) => !documented.has(name))).toEqual([]);
});

it('documents every variable that the containers read', () => {
  const backend = join(platformRoot, '../backend');
  const files = ['gunicorn.conf.py', ...readdirSync(join(backend, 'helpdesk')).map((name) => `helpdesk/${name}`)];
  const sources = files.filter((name) => name.endsWith('.py')).map((name) => readFileSync(join(backend, name), 'utf8'));
  const python = sources.flatMap((text) => [
    ...text.matchAll(/(?:environ(?:ment)?(?:\.get\(|\[)|\(os\.environ, |\(environment, )"([A-Z][A-Z0-9_]*)"/g),
  ]);
  const shell = ['frontend/start.sh', 'db/start.sh'].flatMap((path) => [
    ...read(path).matchAll(/\$\{([A-Z][A-Z0-9_]*):[-?]/g),
  ]);
  const names = new Set([...python, ...shell].map(([, name = '']) => name));
  expect(names.size).toBeGreaterThan(8);
  expect([...names].filter((name) => name !== 'DJANGO_SETTINGS_MODULE' && !documented.has(name))).toEqual([]);
});

describe.each(['staging', 'prod'] as const)('environments/%s.env', (environment) => {
  const settings = envFile(`environments/${environment}.env`);

  it('sets only what the compose file takes, and no secret', () => {
    const taken = composeVariables(composeText(environment));
    expect(settings.size).toBeGreaterThan(0);
    for (const name of settings.keys()) {
      expect(taken.has(name)).toBe(true);
      expect(name).not.toMatch(secretNames);
    }
  });

  it('lets the containers’ own health checks in', () => {
    expect(settings.get('DJANGO_ALLOWED_HOSTS')?.split(',')).toContain('localhost');
  });
});

describe('tools/secrets.mjs', () => {
  const tool = join(platformRoot, '../../tools/secrets.mjs');
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'helpdesk-secrets-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const make = (...names: string[]) =>
    execFileSync(process.execPath, [tool, `--root=${root}`, ...names], { stdio: 'pipe' });
  const secrets = (environment: string) => join(root, `packages/platform/environments/${environment}.secrets.env`);

  it('makes a private file of everything that the compose file will not go without', () => {
    make('prod');
    const lines = readFileSync(secrets('prod'), 'utf8');
    const required = [...composeVariables(composeText('prod'))]
      .filter(([, kind]) => kind === 'required')
      .map(([name]) => name);
    for (const name of required) expect(lines).toMatch(new RegExp(`^${name}=[A-Za-z0-9_-]{32,}$`, 'm'));
    expect(statSync(secrets('prod')).mode & 0o777).toBe(0o600);
  });

  it('makes each environment’s own, and never touches one that is there', () => {
    make();
    const first = environments.map((environment) => readFileSync(secrets(environment), 'utf8'));
    expect(new Set(first).size).toBe(environments.length);
    make();
    expect(environments.map((environment) => readFileSync(secrets(environment), 'utf8'))).toEqual(first);
  });

  it('refuses a name that would lead out of its folder', () => {
    expect(() => make('../prod')).toThrow(/no environment's name/);
  });

  it('makes files that git does not see', () => {
    const ignored = readFileSync(join(platformRoot, '../../.gitignore'), 'utf8').split('\n');
    expect(ignored).toContain('*.secrets.env');
  });
});
