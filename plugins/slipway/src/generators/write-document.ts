import type { Tree } from '@nx/devkit';
import { GeneratorRefusal } from './refusal';

export interface GeneratedDocument {
  /** Relative to the workspace. */
  readonly path: string;
  readonly content: string;
  /** Whether to replace a file that says something else. */
  readonly force: boolean;
}

/**
 * Writes a document that people go on to edit: what they wrote is never replaced unless they say so.
 * @throws {GeneratorRefusal} when a different file is there, or the path is no place for a file of the workspace.
 */
export function writeDocument(tree: Tree, { path, content, force }: GeneratedDocument): void {
  const file = documentPath(tree, path);
  const existing = tree.read(file, 'utf-8');
  if (existing === content) return;
  if (existing !== null && !force) {
    throw new GeneratorRefusal(
      `${file} exists and differs from what would be written, so it was kept as it is`,
      'Write somewhere else with --output, or replace it with --force',
    );
  }
  tree.write(file, content);
}

/**
 * A path as a person gives it, as the Tree takes it.
 * @throws {GeneratorRefusal} where it is no place for a file of the workspace.
 */
export function documentPath(tree: Tree, path: string): string {
  const file = path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  if (file === '' || file.startsWith('/') || /^[A-Za-z]:/.test(file) || file.split('/').includes('..')) {
    throw new GeneratorRefusal(
      `${JSON.stringify(path)} is not a file inside the workspace`,
      'Give a path relative to its root',
    );
  }
  if (tree.exists(file) && !tree.isFile(file))
    throw new GeneratorRefusal(`${file} is a folder`, 'Give the path of a file');
  return file;
}
