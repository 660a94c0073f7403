/** Which part of a semantic version a release raises. */
export type ReleaseType = 'major' | 'minor' | 'patch';

/** From the smallest to the largest. */
export const RELEASE_TYPES: readonly ReleaseType[] = ['patch', 'minor', 'major'];

/** What a commit asks of the next release: a type, or nothing; `why` is the end of a sentence about the commit. */
export interface Demand {
  readonly type: ReleaseType | null;
  readonly why: string;
}

/**
 * By the document's version numbering: features and enhancements are minor; bug fixes, security patches and performance
 * improvements are patches. Taking back what was released mends it, so a revert is a patch.
 */
const DEMANDS: ReadonlyMap<string, ReleaseType> = new Map([
  ['feat', 'minor'],
  ['fix', 'patch'],
  ['perf', 'patch'],
  ['security', 'patch'],
  ['revert', 'patch'],
]);

/** What a conventional commit demands. A breaking change is major whatever its type, also below 1.0.0. */
export function demandOf(commit: { readonly type: string; readonly breaking: boolean }): Demand {
  if (commit.breaking) return { type: 'major', why: 'is a breaking change' };
  const type = DEMANDS.get(commit.type);
  if (type === undefined) return { type: null, why: `is of type ${commit.type}, which demands no release` };
  return { type, why: `is of type ${commit.type}` };
}

/** Negative where `a` is the smaller, as for sorting. */
export function compareReleaseTypes(a: ReleaseType, b: ReleaseType): number {
  return RELEASE_TYPES.indexOf(a) - RELEASE_TYPES.indexOf(b);
}

/** The largest, or null of none. */
export function largestReleaseType(types: Iterable<ReleaseType | null>): ReleaseType | null {
  let largest: ReleaseType | null = null;
  for (const type of types) {
    if (type !== null && (largest === null || compareReleaseTypes(type, largest) > 0)) largest = type;
  }
  return largest;
}
