import type { Tree } from '@nx/devkit';
import { resolveLines } from '../../config/groups';
import { createRun } from '../../io/exec';
import { createGit } from '../../io/git';
import { rebuildChangelog, type RebuildRequest } from '../../notes/rebuild-changelog';
import { linksOf } from '../../notes/remote-links';
import { readRemoteUrl } from '../../notes/remote-url';
import { memberNamed } from '../member-named';
import { GeneratorRefusal, withRemedy } from '../refusal';
import { readWorkspace, type TreeProject } from '../workspace';
import { writeDocument } from '../write-document';
import type { ChangelogGeneratorOptions } from './schema';

/** Writes the changelog of all releases so far, from their tags and commits. */
export default async function changelogGenerator(tree: Tree, options: ChangelogGeneratorOptions): Promise<void> {
  const git = createGit(createRun({ cwd: tree.root }), tree.root);
  try {
    const { config, members, owner } = readWorkspace(tree);
    const project = options.project === undefined ? null : memberNamed(options.project, members);
    const { lines, ownerLine } = resolveLines(config, members, owner?.name ?? '');
    const links = linksOf(await readRemoteUrl(git, config.release.remote));
    const own = lines.find(({ projects }) => project !== null && projects.includes(project.name));
    const request: RebuildRequest = {
      lines: own === undefined ? lines : [own],
      ownerLine: own?.name ?? ownerLine,
      projects: project === null ? members : [project],
      policy: config.commits,
      links,
    };
    const { content, versions } = await rebuildChangelog(git, request);
    if (versions.length === 0) throw noReleases(request);
    const { output = defaultOutput(project), force = false } = options;
    writeDocument(tree, { path: output, content, force });
  } catch (error) {
    throw withRemedy(error);
  }
}

function defaultOutput(project: TreeProject | null): string {
  return project === null || project.root === '.' ? 'CHANGELOG.md' : `${project.root}/CHANGELOG.md`;
}

function noReleases({ lines, ownerLine }: RebuildRequest): GeneratorRefusal {
  const pattern = lines.find(({ name }) => name === ownerLine)?.tagPattern ?? '';
  return new GeneratorRefusal(
    `There is no release yet: no tag of the form ${pattern} is merged into HEAD`,
    'Fetch tags with: git fetch --tags. The bump of the first release begins the changelog',
  );
}
