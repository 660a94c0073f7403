/** What a tag pattern may hold besides `{version}`. */
export const PLACEHOLDERS = ['{version}', '{projectName}', '{releaseGroupName}'] as const;

interface Patterned {
  /** With `{version}` once. */
  readonly tagPattern: string;
}

/**
 * Pairs of which a tag of the one could be read as a tag of the other: the same pattern, or one whose rest looks like the
 * end of a version (`v{version}` reads `v1.0.0-ui` as a pre-release).
 */
export function sharedTags<T extends Patterned>(lines: readonly T[]): readonly (readonly [T, T])[] {
  const byStart = new Map<string, { readonly line: T; readonly end: string }[]>();
  const clashes: (readonly [T, T])[] = [];
  for (const line of lines) {
    const at = line.tagPattern.indexOf('{version}');
    const start = line.tagPattern.slice(0, at);
    const end = line.tagPattern.slice(at + '{version}'.length);
    const others = byStart.get(start) ?? [];
    byStart.set(start, others);
    for (const other of others) {
      const [long, short] = end.length > other.end.length ? [end, other.end] : [other.end, end];
      if (
        long === short ||
        (long.endsWith(short) && /^[-+][0-9A-Za-z.+-]*$/.test(long.slice(0, long.length - short.length)))
      )
        clashes.push([other.line, line]);
    }
    others.push({ line, end });
  }
  return clashes;
}
