import type { Tree } from '@nx/devkit';
import { createClock } from '../../io/create-world';
import { createRun } from '../../io/exec';
import { createGit } from '../../io/git';
import { withRemedy } from '../refusal';
import { readWorkspace } from '../workspace';
import { writeDocument } from '../write-document';
import { draftReleaseNotes } from './draft';
import type { ReleaseNotesGeneratorOptions } from './schema';

/** Writes the release notes of the next release, or of a range of history. */
export default async function releaseNotesGenerator(tree: Tree, options: ReleaseNotesGeneratorOptions): Promise<void> {
  // It only reads, so there is nothing that a stop would have to write down.
  const { root } = tree;
  const world = { root, git: createGit(createRun({ cwd: root }), root), clock: createClock() };
  try {
    const { version, content } = await draftReleaseNotes(world, readWorkspace(tree), options);
    const { output = `releases/v${version}/${fileName(options.project)}`, force = false } = options;
    writeDocument(tree, { path: output, content, force });
  } catch (error) {
    throw withRemedy(error);
  }
}

/** One file for the release, and one beside it for each project that is asked for alone. */
function fileName(project: string | undefined): string {
  return project === undefined ? 'NOTES.md' : `NOTES.${project.replaceAll(/[^\w.-]+/g, '-')}.md`;
}
