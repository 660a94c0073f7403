import { createHash } from 'node:crypto';
import type { NxJsonConfiguration, ProjectConfiguration } from '@nx/devkit';
import type { SlipwayConfig } from '../config/schema';
import { tool } from '../config/tool';
import { blankVersions, collectNames, listManifests } from '../version/manifests';
import type { DiscoveredProject } from './discover';

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
  const names = collectNames(contents, roots, repositories);
  const inherited = nxJson.namedInputs?.['default'] ?? ['{projectRoot}/**/*'];
  const manifests = listManifests([...contents.keys()], members);
  return new Map(
    members.map(({ name, root }): [string, NamedInputs] => {
      const own = manifests.filter(({ project }) => project === name).map(({ path }) => path);
      const hash = createHash('sha256').update(tool().version);
      for (const path of own) hash.update(`\0${path}\0${blankVersions(path, contents.get(path) ?? '', names)}`);
      const excluded = own.map((path) => `!{projectRoot}/${root === '.' ? path : path.slice(root.length + 1)}`);
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
