import type { NxJsonConfiguration, ProjectConfiguration } from '@nx/devkit';
import type { SlipwayConfig } from '../config/schema';
import type { ManifestOwner } from '../version/manifests';
import { discoverProjects, type DiscoveredProject } from './discover';
import { blankedInputs } from './blanked-inputs';
import type { ReadText } from './cache';
import { producerTargets } from './producer-targets';
import { gateTarget, ownerTargets } from './targets';

type Nodes = Record<string, Partial<ProjectConfiguration>>;

/**
 * The targets of every project: `release-gate` for each, the lifecycle for the release's owner.
 * Loaded and run only when a manifest changed, so the schema may be imported here.
 * @param read gives the files that `slipway.json` lists as holding versions, which `contents` need not have.
 * @throws {ConfigError | MembershipError} for a wrong `slipway.json`.
 */
export function inferProjects(
  contents: ReadonlyMap<string, string>,
  nxJson: NxJsonConfiguration,
  read: ReadText = () => null,
): Nodes {
  const { parseConfig } = require('../config/load') as typeof import('../config/load');
  const { membersOf, ownerOf } = require('../config/members') as typeof import('../config/members');
  const { withVersionFiles } = require('../config/version-files') as typeof import('../config/version-files');
  const { nxReleaseDefaults } = require('../config/nx-release') as typeof import('../config/nx-release');

  const text = contents.get('slipway.json') ?? null;
  const config = parseConfig(text, 'slipway.json', nxReleaseDefaults(nxJson.release));
  const projects = discoverProjects(contents);
  const members = withVersionFiles(membersOf(config.release, projects), config.projects);
  const owner = ownerOf(config.release.owner, members, projects);
  const inputs = blankedInputs({ members, projects, contents: withListed(contents, members, read), config, nxJson });

  const isMember = new Set(members.map(({ root }) => root));
  const nodes: Nodes = {};
  for (const project of projects) {
    const measured = producerTargets({
      project,
      projects,
      member: isMember.has(project.root),
      django: isDjango(project, read),
      config,
      configured: text !== null,
    });
    const producers = [...(config.projects[project.name]?.producers ?? ['test']), ...Object.keys(measured)];
    nodes[project.root] = {
      namedInputs: inputs.get(project.root) ?? { slipway: [] },
      targets: {
        ...measured,
        ...gateTarget({
          project: project.name,
          producers,
          configured: text !== null,
          waivers: typeof config.waivers === 'string' ? config.waivers : null,
        }),
        ...(owner?.root === project.root ? lifecycle(project, members, config) : {}),
      },
    };
  }
  return nodes;
}

/** Read, not looked for: Nx would have to go through every Python file. */
function isDjango({ kind, root }: DiscoveredProject, read: ReadText): boolean {
  if (kind === 'npm' || kind === 'docker') return false;
  return read(root === '.' ? 'manage.py' : `${root}/manage.py`)?.includes('DJANGO_SETTINGS_MODULE') ?? false;
}

/** A listed file that is not there is left out: the plan refuses it. */
function withListed(
  contents: ReadonlyMap<string, string>,
  members: readonly ManifestOwner[],
  read: ReadText,
): ReadonlyMap<string, string> {
  const all = new Map(contents);
  for (const path of members.flatMap(({ versionFiles }) => versionFiles ?? [])) {
    const text = all.has(path) ? null : read(path);
    if (text !== null) all.set(path, text);
  }
  return all;
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
