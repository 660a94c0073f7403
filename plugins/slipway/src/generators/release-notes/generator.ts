import { logger, type Tree } from '@nx/devkit';
import { createClock } from '../../io/create-world';
import { createRun } from '../../io/exec';
import { createGit } from '../../io/git';
import { refreshNotes } from '../../notes/refresh';
import { renderNotes, type ReleaseNotes } from '../../notes/release-notes';
import { headerOf, shortId } from '../../plan/classify';
import { withRemedy } from '../refusal';
import { readWorkspace } from '../workspace';
import { documentPath, writeDocument } from '../write-document';
import { draftReleaseNotes } from './draft';
import type { ReleaseNotesGeneratorOptions } from './schema';

/**
 * Writes the release notes of the next release, or of a range of history. Notes that are there already, edited or not, get
 * what came since; those that somebody wrote by hand stay as they are.
 */
export default async function releaseNotesGenerator(tree: Tree, options: ReleaseNotesGeneratorOptions): Promise<void> {
  // It only reads, so there is nothing that a stop would have to write down.
  const { root } = tree;
  const world = { root, git: createGit(createRun({ cwd: root }), root), clock: createClock() };
  try {
    const notes = await draftReleaseNotes(world, readWorkspace(tree), options);
    const { output = `releases/v${notes.version}/${fileName(options.project)}`, force = false } = options;
    const path = documentPath(tree, output);
    const existing = force ? null : tree.read(path, 'utf-8');
    const content = existing === null ? await renderNotes(notes) : refreshed(path, existing, notes);
    writeDocument(tree, { path, content, force: true });
  } catch (error) {
    throw withRemedy(error);
  }
}

function refreshed(path: string, existing: string, notes: ReleaseNotes): string {
  const { content, missing } = refreshNotes(existing, notes);
  if (missing.length > 0) {
    logger.warn(
      [
        `${path} was written by hand, so it was kept as it is. It seems to say nothing of:`,
        ...missing.map((commit) => `  ${shortId(commit.id)} ${headerOf(commit)}`),
        'Add what readers should know, or replace it with --force.',
      ].join('\n'),
    );
  }
  return content;
}

/** One file for the release, and one beside it for each project that is asked for alone. */
function fileName(project: string | undefined): string {
  return project === undefined ? 'NOTES.md' : `NOTES.${project.replaceAll(/[^\w.-]+/g, '-')}.md`;
}
