import type { ProjectCheckId } from '../config/gates/gates';
import type { GatesConfig } from '../config/schema';
import { accessibilityCheck } from './accessibility';
import type { ProjectCheck } from './check';
import { coverageCheck } from './coverage';
import { documentationCheck } from './documentation';
import { migrationsCheck } from './migrations';
import { performanceCheck } from './performance';
import { securityCheck } from './security';
import { testsCheck } from './tests';

/** Every check of a project, in the order it is shown. A new one is its file, its policy in `config/gates`, and one line here. */
export const projectChecks = {
  tests: testsCheck,
  coverage: coverageCheck,
  security: securityCheck,
  performance: performanceCheck,
  accessibility: accessibilityCheck,
  documentation: documentationCheck,
  migrations: migrationsCheck,
} satisfies { readonly [K in ProjectCheckId]: ProjectCheck<GatesConfig[K]> };
