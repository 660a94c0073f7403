import type { NxJsonConfiguration, ProjectConfiguration } from '@nx/devkit';
import type { SlipwayConfig } from '../config/schema';
import { discoverProjects, type DiscoveredProject } from './discover';
import { blankedInputs } from './blanked-inputs';
import { gateTarget, ownerTargets } from './targets';

type Nodes = Record<string, Partial<ProjectConfiguration>>;

/**
 * The targets of every project: `release-gate` for each, the lifecycle for the release's owner.
 * Loaded and run only when a manifest changed, so the schema may be imported here.
 * @throws {ConfigError | MembershipError} for a wrong `slipway.json`.
 */
export function inferProjects(contents: ReadonlyMap<string, string>, nxJson: NxJsonConfiguration): Nodes {
  const { parseConfig } = require('../config/load') as typeof import('../config/load');
  const { membersOf, ownerOf } = require('../config/members') as typeof import('../config/members');
  const { nxReleaseDefaults } = require('../config/nx-release') as typeof import('../config/nx-release');

  const text = contents.get('slipway.json') ?? null;
  const config = parseConfig(text, 'slipway.json', nxReleaseDefaults(nxJson.release));
  const projects = discoverProjects(contents);
  const members = membersOf(config.release, projects);
  const owner = ownerOf(config.release.owner, members, projects);
  const inputs = blankedInputs(members, contents, config, nxJson);

  const nodes: Nodes = {};
  for (const project of projects) {
    const producers = config.projects[project.name]?.producers ?? ['test'];
    nodes[project.root] = {
      namedInputs: inputs.get(project.root) ?? { slipway: [] },
      targets: {
        ...gateTarget({ project: project.name, producers, configured: text !== null }),
        ...(owner?.root === project.root ? lifecycle(project, members, config) : {}),
      },
    };
  }
  return nodes;
}

function lifecycle(
  owner: DiscoveredProject,
  members: readonly DiscoveredProject[],
  config: SlipwayConfig,
): ReturnType<typeof ownerTargets> {
  return ownerTargets(
    owner.name,
    members.map(({ name }) => name),
    config,
  );
}
