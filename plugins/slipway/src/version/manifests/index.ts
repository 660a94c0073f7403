import { VersionError } from '../version-error';
import { ManifestError, type ManifestEdit, type ManifestNames, type VersionSpan } from './editor';
import { editorFor } from './list';
import { requireListedFiles, type ManifestOwner } from './listed';
import { marker } from './marker';
import { lineAt } from './text';

export {
  ManifestError,
  type Ecosystem,
  type ManifestEdit,
  type ManifestEditor,
  type ManifestNames,
  type VersionSpan,
} from './editor';
export { EDITORS, editorFor, listManifests, type ManifestFile } from './list';
export { listedFiles, type ManifestOwner } from './listed';
export { collectNames, pythonNames, readPackageName } from './names';

/**
 * Whether the bump can edit every file that configuration lists.
 * @param isWritten whether the bump writes a file anyway.
 * @throws {ManifestError} for the first one that is missing, marks no version, or can't be listed.
 */
export function requireVersionFiles(
  members: readonly ManifestOwner[],
  contents: ReadonlyMap<string, string>,
  names: ManifestNames,
  isWritten: (path: string) => boolean,
): void {
  requireListedFiles(members, { contents, names, isWritten, find: findVersions });
}

/** What stands for every version in version-blanked text. */
const BLANK_VERSION = '0.0.0';

/**
 * The version spans of a manifest, in the order of the text. A byte-order mark counts as one unit.
 * @throws {ManifestError} for a malformed or ambiguous manifest, and for a file that is none.
 */
export function findVersions(path: string, content: string, names: ManifestNames): readonly VersionSpan[] {
  const isListed = names.listed?.has(path) ?? false;
  const editor = editorFor(path, isListed ? undefined : content);
  if (editor === null && !isListed) throw new ManifestError(path, 1, 'not a kind of file whose versions are known');
  const mark = content.startsWith('\uFEFF') ? 1 : 0;
  const text = content.slice(mark);
  const own = guarded(path, () => editor?.find(path, text, names) ?? []);
  // What its kind says of a place goes before a mark that stands there too.
  const marked = isListed
    ? marker
        .find(path, text, names)
        .filter(({ start, end }) => own.every((span) => span.end <= start || span.start >= end))
    : [];
  return [...own, ...marked]
    .map((span) => ({ ...span, start: span.start + mark, end: span.end + mark }))
    .sort((a, b) => a.start - b.start);
}

/**
 * The content with the asked versions in place and every other character as it was.
 * @param names of this workspace's packages. Without them the edit itself names what may change, and must find a version
 * where it asks for one.
 * @throws {ManifestError} when the file can't hold what is asked, or doesn't read back as asked.
 */
export function editManifest(path: string, content: string, edit: ManifestEdit, names?: ManifestNames): string {
  return editSpans(path, content, edit, names).content;
}

/** The same, with the spans that the result has. */
export function editSpans(
  path: string,
  content: string,
  edit: ManifestEdit,
  names?: ManifestNames,
): { readonly content: string; readonly spans: readonly VersionSpan[] } {
  const known = names ?? namesOf(edit);
  const spans = findVersions(path, content, known);
  if (names === undefined) requireVersion(path, content, edit, spans);
  const wanted = spans.map((span) => written(path, content, span, asked(span, edit)));
  if (spans.every((span, index) => span.text === wanted[index])) return { content, spans };
  const edited = splice(content, spans, wanted);
  const read = findVersions(path, edited, known);
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
  return { content: edited, spans: read };
}

/**
 * The project's own version as a semantic one, or null for a file that holds none.
 * @throws {ManifestError} like {@link findVersions}.
 */
export function readVersion(path: string, content: string, names?: ManifestNames): string | null {
  const spans = findVersions(path, content, names ?? namesOf({}));
  return spans.find((span) => span.of.kind === 'version')?.version ?? null;
}

/** The content with {@link BLANK_VERSION} for every version: equal for two contents that differ in versions of this workspace only. */
export function blankVersions(path: string, content: string, names: ManifestNames): string {
  const spans = findVersions(path, content, names);
  return splice(
    content,
    spans,
    spans.map((span) => written(path, content, span, BLANK_VERSION)),
  );
}

/** A version in a file that is not the one it should be. */
export interface WrongVersion {
  /** Package or image whose version it is; null for the project's own. */
  readonly name: string | null;
  readonly held: string;
  readonly asked: string;
}

/**
 * Where the content holds other versions than an edit asks for; empty when the edit would change nothing.
 * @throws {ManifestError} like {@link findVersions}.
 */
export function wrongVersions(
  path: string,
  content: string,
  edit: ManifestEdit,
  names: ManifestNames,
): readonly WrongVersion[] {
  return findVersions(path, content, names).flatMap((span) => {
    const version = asked(span, edit);
    if (version === undefined || span.version === version) return [];
    return [{ name: span.of.kind === 'version' ? null : span.of.name, held: span.version, asked: version }];
  });
}

/** An edit names what it changes. */
function namesOf({ dependencies, images }: ManifestEdit): ManifestNames {
  return { packages: new Set(Object.keys(dependencies ?? {})), images: new Set(Object.keys(images ?? {})) };
}

function requireVersion(path: string, content: string, edit: ManifestEdit, spans: readonly VersionSpan[]): void {
  if (edit.version === undefined || spans.some(({ of }) => of.kind === 'version')) return;
  const text = content.replace(/^\uFEFF/, '');
  const elsewhere = guarded(path, () => editorFor(path, content)?.versionIn?.(path, text) ?? []);
  if (elsewhere.length > 0) return;
  throw new ManifestError(path, 1, `it holds no version of its own that could become ${edit.version}`);
}

/** Parsers recurse; a text that is nested without end must not look like a fault of ours. */
function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new ManifestError(path, 1, 'nested too deeply to be read');
    throw error;
  }
}

function written(path: string, content: string, span: VersionSpan, version: string | undefined): string {
  if (version === undefined || version === span.version) return span.text;
  try {
    return span.write(version);
  } catch (error) {
    if (!(error instanceof VersionError)) throw error;
    throw new ManifestError(
      path,
      lineAt(content, span.start),
      `it can't hold the version ${version} here: ${error.message}`,
    );
  }
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
  const parts: string[] = [];
  let at = 0;
  spans.forEach((span, index) => {
    parts.push(content.slice(at, span.start), texts[index] ?? span.text);
    at = span.end;
  });
  return parts.join('') + content.slice(at);
}
