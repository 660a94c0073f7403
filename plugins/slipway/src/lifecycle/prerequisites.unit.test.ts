import { parseConfig } from '../config/load';
import { chainOf } from './chain';
import { missingTargets } from './prerequisites';

const lifecycle = chainOf(parseConfig(null)).map(({ target }) => target);
const project = (name: string, targets: readonly string[]) => ({
  name,
  root: name,
  kind: 'npm' as const,
  targets,
  dependencies: [],
});

function look({ ui = ['release-gate'], api = ['release-gate', ...lifecycle], config = {} } = {}) {
  const projects = [project('ui', ui), project('api', api)];
  const context = { projects, members: projects, owner: 'api', config: parseConfig(JSON.stringify(config)) };
  return missingTargets(context).map(({ id, reason }) => `${id}: ${reason}`);
}

it('finds nothing where all is there', () => expect(look()).toEqual([]));

it.each<[string, Parameters<typeof look>[0], string]>([
  ['a gate', { ui: ['test'] }, 'targetMissing: ui has no target release-gate, which the release relies on'],
  [
    'a step',
    { api: ['release-gate', ...lifecycle.slice(1)] },
    'targetMissing: api has no target release-plan, which the release relies on',
  ],
  [
    'a producer',
    { config: { projects: { ui: { producers: ['e2e'] } } } },
    'targetMissing: ui has no target e2e, which the release relies on',
  ],
  [
    'a project',
    { config: { projects: { uii: {} } } },
    'projectMissing: slipway.json configures the project "uii", which the workspace does not have',
  ],
])('finds %s missing, to which Nx would drop the edge', (_what, change, expected) => {
  expect(look(change)).toEqual([expected]);
});

it('finds every gate missing where the plugin was switched off', () => {
  expect(look({ ui: [], api: [] })).toHaveLength(2 + lifecycle.length);
});
