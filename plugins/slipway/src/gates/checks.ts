import type { ProjectCheckId } from '../config/gates/gates';
import type { GatesConfig } from '../config/schema';
import type { ProjectCheck } from './check';
import { coverageCheck } from './coverage';
import { testsCheck } from './tests';

/** Every check of a project, in the order it is shown. A new one is its file, its policy in `config/gates`, and one line here. */
export const projectChecks = {
  tests: testsCheck,
  coverage: coverageCheck,
} satisfies { readonly [K in ProjectCheckId]?: ProjectCheck<GatesConfig[K]> };
