import { createHash } from 'node:crypto';
import type { NxJsonConfiguration, ProjectConfiguration } from '@nx/devkit';
import type { SlipwayConfig } from '../config/schema';
import { tool } from '../config/tool';
import { CHANGELOG, RELEASES } from '../lifecycle/manifests';
import { blankVersions, collectNames, listManifests, ManifestError, type ManifestNames } from '../version/manifests';
import type { DiscoveredProject } from './discover';
import { LOCK_FILES } from './relevant-files';

type NamedInputs = NonNullable<ProjectConfiguration['namedInputs']>;

/**
 * Named inputs by project root that leave versions out of every task's hash, so that a bump costs no re-run:
 * `default` excludes the files that hold versions, and `slipway` stands for their version-blanked text. Its file never exists;
 * a project's named inputs are part of the hash of each of its targets, and this one changes with the text.
 */
export function blankedInputs(
  members: readonly DiscoveredProject[],
  contents: ReadonlyMap<string, string>,
  config: SlipwayConfig,
  nxJson: NxJsonConfiguration,
): ReadonlyMap<string, NamedInputs> {
  const roots = members.map(({ root }) => root);
  const repositories = Object.values(config.images).map(({ repository }) => repository);
  const names = namesOf(contents, roots, repositories);
  const inherited = nxJson.namedInputs?.['default'] ?? ['{projectRoot}/**/*'];
  const owned = new Map<string | null, string[]>();
  for (const { path, project } of listManifests([...contents.keys()], members)) {
    const paths = owned.get(project);
    if (paths) paths.push(path);
    else owned.set(project, [path]);
  }
  return new Map(
    members.map(({ name, root }): [string, NamedInputs] => {
      // What members share lies in the project at the root, where there is one.
      const own = [...(owned.get(name) ?? []), ...(root === '.' ? (owned.get(null) ?? []) : [])];
      const hash = createHash('sha256').update(tool().version);
      for (const path of own) hash.update(`\0${path}\0${blanked(path, contents.get(path) ?? '', names)}`);
      const excluded = own.map((path) => `!{projectRoot}/${root === '.' ? path : path.slice(root.length + 1)}`);
      // Here the bump's other files would be inputs too. Nx itself hashes what a lock file says of external packages.
      if (root === '.')
        excluded.push(...[CHANGELOG, `${RELEASES}/**/*`, ...LOCK_FILES].map((path) => `!{projectRoot}/${path}`));
      return [
        root,
        {
          slipway: [`!{projectRoot}/.slipway/${hash.digest('hex').slice(0, 32)}`],
          default: [...inherited, ...excluded],
        },
      ];
    }),
  );
}

/** A manifest that can't be parsed must not keep Nx from everything else: it is passed over here, and refused by the step that edits it. */
function namesOf(
  contents: ReadonlyMap<string, string>,
  roots: readonly string[],
  repositories: readonly string[],
): ManifestNames {
  const readable = new Map(contents);
  for (;;) {
    try {
      return collectNames(readable, roots, repositories);
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
