import { createHash } from 'node:crypto';

/** A file as git sees it. */
export interface TreeEntry {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** Git's mode: 100644, 100755 (executable), 120000 (symbolic link), 160000 (submodule). */
  readonly mode: string;
  /** Git's id of the content, or of the version-blanked text for a manifest. */
  readonly blob: string;
}

/** SHA-256, hexadecimal, over the sorted entries. The order they come in does not matter. */
export function treeDigest(entries: readonly TreeEntry[]): string {
  const hash = createHash('sha256');
  const lines = entries.map(({ path, mode, blob }) => `${path}\0${mode}\0${blob}\0`);
  for (const line of lines.sort()) hash.update(line);
  return hash.digest('hex');
}

/** The id git gives a file of this content (SHA-1 repositories). */
export function blobId(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Id of a manifest's version-blanked text. Line endings don't count: a checkout may convert them. */
export function blankedId(text: string): string {
  return blobId(text.replaceAll('\r\n', '\n'));
}
