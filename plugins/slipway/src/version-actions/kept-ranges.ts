import { satisfies, validRange } from 'semver';

const COLLECTIONS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;
export type Collection = (typeof COLLECTIONS)[number];

/** `preserveMatchingDependencyRanges` of nx.json. */
export type Preserve = boolean | readonly Collection[] | undefined;

/**
 * The packages whose ranges in a package.json stay as they are, since they take the new version already and nx.json asks for that.
 * A pre-release is in no range that names none: npm would not install it either. And a range that names one does not outlive it.
 * @param versions new ones, by package name
 */
export function keptRanges(
  content: string,
  versions: Readonly<Record<string, string>>,
  preserve: Preserve,
): ReadonlySet<string> {
  const asked: readonly string[] = preserve === false ? [] : preserve === true || !preserve ? COLLECTIONS : preserve;
  const manifest = JSON.parse(content.replace(/^\uFEFF/, '')) as Partial<Record<Collection, Record<string, unknown>>>;
  return new Set(
    Object.entries(versions).flatMap(([name, version]) => {
      const ranges = COLLECTIONS.flatMap((collection) => {
        const range = manifest[collection]?.[name];
        return typeof range === 'string' ? [{ collection, range }] : [];
      });
      const kept = ranges.every(
        ({ collection, range }) => asked.includes(collection) && isStable(range) && satisfies(version, range),
      );
      return ranges.length > 0 && kept ? [name] : [];
    }),
  );
}

/** Whether it is a range, and one without pre-releases. */
function isStable(range: string): boolean {
  return validRange(range) !== null && !/\d-[0-9A-Za-z]/.test(range);
}

/** Where a package.json depends on a package; null where it does not. */
export function collectionOf(content: string, name: string): Collection | null {
  const manifest = JSON.parse(content.replace(/^\uFEFF/, '')) as Partial<Record<Collection, Record<string, unknown>>>;
  return COLLECTIONS.find((collection) => manifest[collection]?.[name] !== undefined) ?? null;
}
