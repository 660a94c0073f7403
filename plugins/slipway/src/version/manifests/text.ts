/** The semver grammar (semver.org) as the source of a pattern, without captures and anchors. */
const NUMBER = '(?:0|[1-9]\\d*)';
const PRERELEASE = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`;
const CORE = `${NUMBER}\\.${NUMBER}\\.${NUMBER}`;

/** `X.Y.Z` with an optional pre-release: what a tag of an image can hold. */
export const TAG_VERSION = `${CORE}(?:-${PRERELEASE}(?:\\.${PRERELEASE})*)?`;
/** Any semver version. */
export const SEMVER_VERSION = `${TAG_VERSION}(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`;

const SEMVER = new RegExp(`^${SEMVER_VERSION}$`);

/** Whether it is a semantic version, with numbers that can be counted with. */
export function isSemver(text: string): boolean {
  if (text.length > 256 || !SEMVER.test(text)) return false;
  return (/^[\d.]+/.exec(text)?.[0] ?? '').split('.').every((part) => Number(part) <= Number.MAX_SAFE_INTEGER);
}

/** 1-based line of an offset. */
export function lineAt(content: string, offset: number): number {
  let line = 1;
  for (let at = content.indexOf('\n'); at !== -1 && at < offset; at = content.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** The name of a Python package as indexes compare it (PEP 503). */
export function normalisePythonName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Also of a path as Windows writes it: callers of the public API may give one. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Folder of a workspace path; `.` for the workspace itself. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash);
}
