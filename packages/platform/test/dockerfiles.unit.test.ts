import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dockerfileServices, everyService, instructions, platformRoot } from './platform-files';

const base = 'debian:bookworm-slim';
const workspace = join(platformRoot, '../..');

it('has one Dockerfile per service', () => {
  expect(dockerfileServices()).toEqual(['backend', 'db', 'frontend']);
});

describe.each(dockerfileServices())('%s/Dockerfile', (service) => {
  const all = instructions(service);
  const of = (keyword: string) => all.filter(([word]) => word === keyword).map(([, rest]) => rest);
  const lastStage = all.slice(all.map(([word]) => word).lastIndexOf('FROM'));

  it('starts every stage from the one base image or from a stage of its own', () => {
    const stages = of('FROM').map((rest) => /^(\S+)(?: AS (\S+))?$/.exec(rest));
    const names = stages.map((stage) => stage?.[2]);
    stages.forEach((stage, index) => expect([base, ...names.slice(0, index)]).toContain(stage?.[1]));
    expect(lastStage[0]).toEqual(['FROM', base]);
  });

  it('ends as a numbered user that is not root', () => {
    const users = lastStage.filter(([word]) => word === 'USER').map(([, rest]) => rest);
    expect(users).toHaveLength(1);
    expect(users[0]).toMatch(/^[1-9]\d+:[1-9]\d+$/);
  });

  it('has the healthcheck that the compose files run', () => {
    const [healthcheck = ''] = of('HEALTHCHECK');
    const command = JSON.parse(healthcheck.slice(healthcheck.indexOf('CMD') + 3)) as string[];
    const tests = everyService().filter(([, name]) => name === service);
    expect(tests).toHaveLength(3);
    for (const [, , { healthcheck: used }] of tests) expect(used?.test).toEqual(['CMD', ...command]);
  });

  it('starts one process by an argv, not through a shell', () => {
    expect(lastStage.filter(([word]) => word === 'CMD').map(([, rest]) => JSON.parse(rest) as string[])).toHaveLength(
      1,
    );
  });

  it('copies only what is in the workspace', () => {
    const sources = of('COPY')
      .filter((rest) => !rest.startsWith('--from='))
      .flatMap((rest) => rest.split(/\s+/).slice(0, -1));
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(existsSync(join(workspace, source))).toBe(true);
  });

  it('installs no compiler, leaves no package lists behind, and fetches nothing by hand', () => {
    for (const run of of('RUN').filter((rest) => rest.includes('apt-get install'))) {
      expect(run).toContain('--no-install-recommends');
      expect(run).toContain('rm -rf /var/lib/apt/lists/*');
      expect(run).not.toMatch(/\b(gcc|g\+\+|build-essential|make|curl|wget)\b/);
    }
    expect(of('ADD')).toEqual([]);
  });

  it('needs nothing that only BuildKit has', () => {
    expect(all.filter(([, rest]) => /--mount=|--chmod=|--link\b|<<\w/.test(rest))).toEqual([]);
  });
});

it.each([
  ['backend', 'requirements.txt', 'COPY packages/backend /srv/helpdesk'],
  ['frontend', 'npm ci', 'COPY packages/frontend packages/frontend'],
])(
  '%s installs packages before the code comes in, so that a change of code installs nothing',
  (service, packages, code) => {
    const lines = instructions(service).map(([word, rest]) => `${word} ${rest}`);
    const installed = lines.findIndex((line) => line.startsWith('RUN') && line.includes(packages));
    expect(installed).toBeGreaterThan(-1);
    expect(lines.indexOf(code)).toBeGreaterThan(installed);
  },
);
