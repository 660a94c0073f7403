import { ManifestError, type ManifestEdit, type ManifestNames, type VersionSpan } from './editor';
import { editorFor } from './list';
import { lineAt } from './text';

export { ManifestError, type ManifestEdit, type ManifestEditor, type ManifestNames, type VersionSpan } from './editor';
export { EDITORS, editorFor, listManifests, type ManifestFile } from './list';
export { collectNames, readPackageName } from './names';

/** What stands for every version in version-blanked text. */
export const BLANK_VERSION = '0.0.0';

const NO_NAMES: ManifestNames = { packages: new Set(), images: new Set(), memberRoots: new Set() };

/**
 * The version spans of a manifest, in the order of the text. A byte-order mark counts as one unit.
 * @throws {ManifestError} for a malformed or ambiguous manifest, and for a file that is none.
 */
export function findVersions(path: string, content: string, names: ManifestNames): readonly VersionSpan[] {
  const editor = editorFor(path);
  if (editor === null) throw new ManifestError(path, 1, 'not a kind of file whose versions are known');
  const mark = content.startsWith('\uFEFF') ? 1 : 0;
  return [...editor.find(path, content.slice(mark), names)]
    .map((span) => ({ ...span, start: span.start + mark, end: span.end + mark }))
    .sort((a, b) => a.start - b.start);
}

/**
 * The content with the asked versions in place and every other character as it was.
 * @throws {ManifestError} when the file can't hold what is asked, or doesn't read back as asked.
 */
export function editManifest(path: string, content: string, edit: ManifestEdit, names: ManifestNames): string {
  const spans = findVersions(path, content, names);
  const wanted = spans.map((span) => asked(span, edit) ?? span.text);
  const edited = splice(content, spans, wanted);
  const read = findVersions(path, edited, names);
  const same =
    read.length === spans.length &&
    read.every((span, index) => span.text === wanted[index] && sameOwner(span, spans[index]));
  if (!same) {
    const at = spans.find((_, index) => wanted[index] !== read[index]?.text) ?? spans[0];
    const text = at === undefined ? '' : asked(at, edit);
    throw new ManifestError(
      path,
      lineAt(content, at?.start ?? 0),
      `it can't hold the version ${text} here: it would not be read back`,
    );
  }
  return edited;
}

/** The project's own version, or null for a file that holds none. @throws {ManifestError} like {@link findVersions}. */
export function readVersion(path: string, content: string): string | null {
  return findVersions(path, content, NO_NAMES).find((span) => span.of.kind === 'version')?.text ?? null;
}

/** The content with {@link BLANK_VERSION} for every version: equal for two contents that differ in versions of this workspace only. */
export function blankVersions(path: string, content: string, names: ManifestNames): string {
  const spans = findVersions(path, content, names);
  return splice(
    content,
    spans,
    spans.map(() => BLANK_VERSION),
  );
}

function asked(span: VersionSpan, edit: ManifestEdit): string | undefined {
  switch (span.of.kind) {
    case 'version':
      return edit.version;
    case 'dependency':
      return own(edit.dependencies, span.of.name);
    case 'image':
      return own(edit.images, span.of.name);
  }
}

function own(record: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function sameOwner(a: VersionSpan, b: VersionSpan | undefined): boolean {
  const name = (span: VersionSpan): string => (span.of.kind === 'version' ? '' : span.of.name);
  return b !== undefined && a.of.kind === b.of.kind && name(a) === name(b);
}

/** @param spans sorted and disjoint. */
function splice(content: string, spans: readonly VersionSpan[], texts: readonly string[]): string {
  let result = '';
  let at = 0;
  spans.forEach((span, index) => {
    result += content.slice(at, span.start) + (texts[index] ?? span.text);
    at = span.end;
  });
  return result + content.slice(at);
}
