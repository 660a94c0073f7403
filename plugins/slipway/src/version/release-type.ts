/** Which part of a semantic version a release raises. */
export type ReleaseType = 'major' | 'minor' | 'patch';

/** From the smallest to the largest. */
export const RELEASE_TYPES: readonly ReleaseType[] = ['patch', 'minor', 'major'];

/** What a commit asks of the next release: a type, or nothing; `why` is the end of a sentence about the commit. */
export interface Demand {
  readonly type: ReleaseType | null;
  readonly why: string;
}

/** How commits are read; `commits` of slipway.json. */
export interface DemandPolicy {
  /** By commit type, in lower case; lies over {@link DEFAULT_DEMANDS}. */
  readonly types: Readonly<Record<string, ReleaseType | 'none'>>;
  /** What a breaking change demands while the last stable version is below 1.0.0. */
  readonly breakingBelowOne: 'major' | 'minor';
}

/**
 * By the process's version numbering: features and enhancements are minor; bug fixes, security patches and performance
 * improvements are patches. Taking back what was released mends it, so a revert is a patch. Other types demand nothing.
 */
const DEFAULT_DEMANDS: ReadonlyMap<string, ReleaseType> = new Map([
  ['feat', 'minor'],
  ['fix', 'patch'],
  ['perf', 'patch'],
  ['security', 'patch'],
  ['revert', 'patch'],
]);

const DEFAULT_POLICY: DemandPolicy = { types: {}, breakingBelowOne: 'major' };

/**
 * What a conventional commit demands. A breaking change is major whatever its type, unless the policy says minor for
 * versions below 1.0.0.
 * @param version the last stable version, or the current one where there is none; null counts as 1.0.0 or higher.
 */
export function demandOf(
  commit: { readonly type: string; readonly breaking: boolean },
  policy: DemandPolicy = DEFAULT_POLICY,
  version: string | null = null,
): Demand {
  if (commit.breaking) {
    if (policy.breakingBelowOne === 'minor' && version?.startsWith('0.') === true)
      return { type: 'minor', why: 'is a breaking change below 1.0.0' };
    return { type: 'major', why: 'is a breaking change' };
  }
  const configured = Object.hasOwn(policy.types, commit.type) ? policy.types[commit.type] : undefined;
  const type = configured ?? DEFAULT_DEMANDS.get(commit.type) ?? 'none';
  if (type === 'none') return { type: null, why: `is of type ${commit.type}, which demands no release` };
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
