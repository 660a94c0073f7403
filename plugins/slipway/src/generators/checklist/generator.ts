import type { Tree } from '@nx/devkit';
import { checklistFor, renderChecklist } from '../../checklist/checklist';
import { writeDocument } from '../write-document';
import { releaseKindOf } from './release-kind';
import type { ChecklistGeneratorOptions } from './schema';

/** Writes the pre-release checklist of a release, cut down to what its kind needs. */
export default function checklistGenerator(tree: Tree, options: ChecklistGeneratorOptions): void {
  const { releaseVersion: version, output = `releases/v${version}/CHECKLIST.md`, force = false } = options;
  const checklist = checklistFor(releaseKindOf(version, options.type));
  writeDocument(tree, { path: output, content: renderChecklist({ version, ...checklist }), force });
}
