import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { NxJsonConfiguration, ProjectConfiguration } from '@nx/devkit';
import type { SlipwayConfig } from '../config/schema';
import { tool } from '../config/tool';
import { CHANGELOG, RELEASES } from '../lifecycle/manifests';
import {
  blankVersions,
  collectNames,
  listedFiles,
  listManifests,
  ManifestError,
  type ManifestNames,
  type ManifestOwner,
} from '../version/manifests';
import type { DiscoveredProject } from './discover';
import { LOCK_FILES } from './relevant-files';

type NamedInputs = NonNullable<ProjectConfiguration['namedInputs']>;

/**
 * Named inputs by project root that leave versions out of every task's hash, so that a bump costs no re-run:
 * `default` excludes the files that hold versions, and `slipway` stands for their version-blanked text. Its file never exists;
 * a project's named inputs are part of the hash of each of its targets, and this one changes with the text.
 */
export function blankedInputs({
  members,
  projects,
  contents,
  config,
  nxJson,
}: {
  readonly members: readonly (DiscoveredProject & ManifestOwner)[];
  /** Every project; the members among them. */
  readonly projects: readonly DiscoveredProject[];
  readonly contents: ReadonlyMap<string, string>;
  readonly config: SlipwayConfig;
  readonly nxJson: NxJsonConfiguration;
}): ReadonlyMap<string, NamedInputs> {
  const listed = listedFiles(members);
  const repositories = Object.values(config.images).map(({ repository }) => repository);
  const names = namesOf(contents, members, repositories);
  const inherited = nxJson.namedInputs?.['default'] ?? ['{projectRoot}/**/*'];
  const memberRoots = new Map(members.map(({ name, root }) => [name, root]));
  const roots = new Set(projects.map(({ root }) => root));
  const owned = new Map<string, string[]>();
  for (const { path, project } of listManifests([...contents.keys()], members)) {
    // What members share lies in the project at the root, where there is one; a listed file may lie in another one's folder.
    const root = listed.has(path) ? projectAround(path, roots) : memberRoots.get(project ?? '');
    const paths = owned.get(root ?? '.');
    if (paths) paths.push(path);
    else owned.set(root ?? '.', [path]);
  }
  const isMember = new Set(memberRoots.values());
  const { version } = tool();
  return new Map(
    projects.flatMap(({ root }): [string, NamedInputs][] => {
      const own = (owned.get(root) ?? []).filter((path) => isMember.has(root) || listed.has(path));
      if (own.length === 0 && !isMember.has(root)) return [];
      const texts = own.map((path) => `\0${path}\0${blanked(path, contents.get(path) ?? '', names)}`);
      const hash = createHash('sha256').update([version, ...texts].join(''));
      const excluded = own.map((path) => `!{projectRoot}/${root === '.' ? path : path.slice(root.length + 1)}`);
      // Here the bump's other files would be inputs too. Nx itself hashes what a lock file says of external packages.
      if (root === '.' && isMember.has(root))
        excluded.push(...[CHANGELOG, `${RELEASES}/**/*`, ...LOCK_FILES].map((path) => `!{projectRoot}/${path}`));
      const slipway = [`!{projectRoot}/.slipway/${hash.digest('hex').slice(0, 32)}`];
      return [[root, { slipway, default: [...inherited, ...excluded] }]];
    }),
  );
}

/** Root of the project whose input a file is: the deepest one. */
function projectAround(path: string, roots: ReadonlySet<string>): string {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) if (roots.has(folder)) return folder;
  return '.';
}

/** A manifest that can't be parsed must not keep Nx from everything else: it is passed over here, and refused by the step that edits it. */
function namesOf(
  contents: ReadonlyMap<string, string>,
  members: readonly ManifestOwner[],
  repositories: readonly string[],
): ManifestNames {
  const roots = members.map(({ root }) => root);
  const readable = new Map(contents);
  for (;;) {
    try {
      return collectNames(readable, roots, repositories, listedFiles(members));
    } catch (error) {
      if (!(error instanceof ManifestError) || !readable.delete(error.path)) throw error;
    }
  }
}

/** As it stands where it can't be parsed: then a bump would cost a re-run, and nothing is missed. */
function blanked(path: string, content: string, names: ManifestNames): string {
  try {
    return blankVersions(path, content, names);
  } catch (error) {
    if (error instanceof ManifestError) return content;
    throw error;
  }
}
