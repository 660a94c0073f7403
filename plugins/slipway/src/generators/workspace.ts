import { getProjects, readNxJson, type Tree } from '@nx/devkit';
import { CONFIG_FILE, parseConfig } from '../config/load';
import { membersOf, ownerOf, type Candidate } from '../config/members';
import { nxReleaseDefaults } from '../config/nx-release';
import type { ReleaseProject } from '../config/project';
import type { SlipwayConfig } from '../config/schema';
import { withVersionFiles } from '../config/version-files';
import { holdsVersion, kindOf } from '../plugin/discover';

export interface TreeProject extends Candidate, ReleaseProject {}

/** The workspace as the domain sees it, read from the Tree. */
export interface TreeWorkspace {
  readonly config: SlipwayConfig;
  readonly projects: readonly TreeProject[];
  readonly members: readonly TreeProject[];
  /** Null where a release would have no members. */
  readonly owner: TreeProject | null;
}

/** @throws {ConfigError | MembershipError} for a wrong `slipway.json`. */
export function readWorkspace(tree: Tree): TreeWorkspace {
  const config = parseConfig(
    tree.read(CONFIG_FILE, 'utf-8'),
    CONFIG_FILE,
    nxReleaseDefaults(readNxJson(tree)?.release),
  );
  const projects = [...getProjects(tree)].map(([name, { root }]): TreeProject => {
    const kind = kindOf(tree.children(root));
    const versioned = holdsVersion(kind, (file) => tree.read(root === '.' ? file : `${root}/${file}`, 'utf-8'));
    return { name, root, kind, versioned, dependencies: [] };
  });
  const members = withVersionFiles(membersOf(config.release, projects), config.projects);
  return { config, projects, members, owner: ownerOf(config.release.owner, members, projects) };
}
