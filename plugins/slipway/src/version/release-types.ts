import type { ReleaseType } from './release-type';

/** The release types of the process: a hotfix raises the patch number too, but is another process. */
export type ReleaseKind = ReleaseType | 'hotfix';

export interface ReleaseKindProfile {
  readonly kind: ReleaseKind;
  readonly title: string;
  /** Which number it raises, in the document's notation. */
  readonly form: string;
  readonly raises: ReleaseType;
  readonly frequency: string;
  readonly scope: string;
  readonly process: string;
  /** From planning to production, for people. */
  readonly timeline: string;
}

/** The process document's release types, in its order and words. */
export const RELEASE_KINDS: Readonly<Record<ReleaseKind, ReleaseKindProfile>> = {
  major: {
    kind: 'major',
    title: 'Major Release',
    form: 'X.0.0',
    raises: 'major',
    frequency: 'Quarterly or as needed',
    scope: 'Breaking changes, major features',
    process: 'Full release cycle',
    timeline: '2-4 weeks',
  },
  minor: {
    kind: 'minor',
    title: 'Minor Release',
    form: '1.X.0',
    raises: 'minor',
    frequency: 'Monthly',
    scope: 'New features, enhancements',
    process: 'Standard release cycle',
    timeline: '1-2 weeks',
  },
  patch: {
    kind: 'patch',
    title: 'Patch Release',
    form: '1.0.X',
    raises: 'patch',
    frequency: 'As needed',
    scope: 'Bug fixes, security patches',
    process: 'Expedited release cycle',
    timeline: '1-3 days',
  },
  hotfix: {
    kind: 'hotfix',
    title: 'Hotfix Release',
    form: '1.0.X',
    raises: 'patch',
    frequency: 'Emergency only',
    scope: 'Critical security fixes',
    process: 'Emergency release cycle',
    timeline: '4-24 hours',
  },
};
