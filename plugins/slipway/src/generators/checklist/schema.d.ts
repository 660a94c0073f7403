import type { ReleaseKind } from '../../version/release-types';

export interface ChecklistGeneratorOptions {
  readonly releaseVersion: string;
  readonly type?: ReleaseKind;
  readonly output?: string;
  readonly force?: boolean;
}
