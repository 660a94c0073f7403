import type { TargetConfiguration } from '@nx/devkit';
import { parseConfig } from '../config/load';
import { chainOf } from '../lifecycle/chain';
import { deskConfig } from '../lifecycle/testing/situation';
import { gateTarget, ownerTargets } from './targets';

const config = deskConfig();
const members = ['api', 'ui', 'platform'];
const targets = ownerTargets('platform', members, config);
const all: Readonly<Record<string, TargetConfiguration>> = {
  ...targets,
  ...gateTarget({ project: 'ui', producers: ['test'], configured: true }),
};
const chain = chainOf(config).map(({ target }) => target);
const edges = (target: string) => (all[target]?.dependsOn ?? []).filter((edge) => typeof edge === 'object');

it('is the chain, each step after the one before, and the targets for people beside it', () => {
  expect(Object.keys(targets)).toEqual([
    ...chain,
    'release-status',
    'release-abandon',
    'release-approve',
    'release-doctor',
    'release-deploy',
    'release-verify',
    'release-rollback',
    'release-bypass',
  ]);
  chain.forEach((target, index) => {
    const before = edges(target).flatMap((edge) => (edge.target === 'release-gate' ? [] : [edge.target]));
    expect([target, before]).toEqual([target, index === 0 ? [] : [chain[index - 1]]]);
  });
});

it('forwards the parameters along every mutating edge, and to no gate', () => {
  const found = chain.flatMap((target) => edges(target).map((edge) => [edge.target === 'release-gate', edge.params]));
  expect(found.filter(([gate]) => gate === true)).toEqual([
    [true, undefined],
    [true, undefined],
  ]);
  expect(found.filter(([gate]) => gate === false)).toEqual(chain.slice(1).map(() => [false, 'forward']));
});

it("asks every member's gate before the bump and before the check", () => {
  for (const target of ['release-bump', 'release-check'])
    expect(edges(target)).toContainEqual({ projects: members, target: 'release-gate' });
});

it('lets the targets for people depend on nothing', () => {
  for (const [name, target] of Object.entries(targets))
    if (!chain.includes(name)) expect([name, target.dependsOn]).toEqual([name, []]);
});

it('says of every target whether it is cached, and only of the gate that it is', () => {
  expect(
    Object.entries(all)
      .filter(([, { cache }]) => cache !== false)
      .map(([name]) => name),
  ).toEqual(['release-gate']);
  expect(all['release-gate']?.cache).toBe(true);
});

it('never runs two steps that mutate at a time', () => {
  for (const [name, target] of Object.entries(targets)) expect([name, target.parallelism]).toEqual([name, false]);
});

it('has configurations, one for each environment, on parametric targets alone, and no default environment', () => {
  const configured = Object.entries(all).filter(([, { configurations }]) => configurations !== undefined);
  expect(configured.map(([name]) => name)).toEqual([
    'release-deploy',
    'release-verify',
    'release-rollback',
    'release-bypass',
  ]);
  for (const [, target] of configured) {
    expect(target.configurations).toEqual({ staging: { env: 'staging' }, prod: { env: 'prod' } });
    expect([target.options, target.defaultConfiguration]).toEqual([undefined, undefined]);
  }
});

it('describes every target, with an example of its own, and never as a non-atomised one', () => {
  for (const [name, { metadata }] of Object.entries(all)) {
    expect([name, metadata]).toMatchObject([
      name,
      {
        technologies: ['slipway'],
        description: expect.stringMatching(/^[A-Z].*[.]$/),
        help: { command: expect.stringContaining(`:${name} --help`) },
      },
    ]);
    expect(metadata).not.toHaveProperty('nonAtomizedTarget');
  }
  expect(targets['release-approve']?.metadata?.help?.example).toEqual({ options: { as: 'release-manager' } });
});

it('has nothing to deploy with where no environment is configured', () => {
  const few = Object.keys(ownerTargets('api', ['api'], parseConfig(null)));
  expect(few).toEqual([
    'release-plan',
    'release-bump',
    'release-check',
    'release-tag',
    'release-ship',
    'release-status',
    'release-abandon',
    'release-approve',
    'release-doctor',
  ]);
});

it('judges what the producers left, by the configuration where there is one', () => {
  const { 'release-gate': gate } = gateTarget({ project: 'ui', producers: ['unit', 'e2e'], configured: false });
  expect(gate).toMatchObject({
    dependsOn: ['unit', 'e2e'],
    inputs: ['default', '{workspaceRoot}/.env.example', { dependentTasksOutputFiles: '**/*' }],
    outputs: ['{workspaceRoot}/.slipway/gates/{projectName}'],
  });
  expect(all['release-gate']?.inputs).toContain('{workspaceRoot}/slipway.json');
});

it('judges again when a waiver was written', () => {
  const gate = (waivers: string | null) =>
    gateTarget({ project: 'ui', producers: [], configured: true, waivers })['release-gate']?.inputs;
  expect(gate('waivers.json')).toContain('{workspaceRoot}/waivers.json');
  expect(gate(null)).toEqual([
    'default',
    '{workspaceRoot}/slipway.json',
    '{workspaceRoot}/.env.example',
    { dependentTasksOutputFiles: '**/*' },
  ]);
});

it('answers questions about what lies there without running or caching anything', () => {
  expect(all['release-judge']).toMatchObject({
    executor: 'nx-slipway:gate',
    dependsOn: [],
    outputs: [],
    cache: false,
    options: { dryRun: true },
  });
});
