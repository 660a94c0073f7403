import type { SlipwayConfig } from '../../config/schema';
import type { World } from '../../io/world';

export type AuditConfig = Exclude<NonNullable<SlipwayConfig['projects'][string]['audit']>, false>;

/** What every audit gets. */
export interface AuditContext {
  readonly world: World;
  /** Root of the project, relative to the workspace. */
  readonly project: string;
  /** Folder of the reports, relative to the workspace. */
  readonly reports: string;
  readonly config: AuditConfig;
}

/** What an audit left, in a few words for the person who started it. */
export interface Audited {
  /** Path relative to the workspace. */
  readonly path: string;
  readonly summary: string;
}
