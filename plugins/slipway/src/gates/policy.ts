import type { GatesConfig, ProjectGateConfig } from '../config/schema';
import type { NotApplicable } from './check';

/** What is asked of one project: the workspace's gates with the project's own settings on top. */
export interface GatePolicy {
  readonly tests: GatesConfig['tests'] | NotApplicable;
  readonly coverage: GatesConfig['coverage'] | NotApplicable;
}

export function mergePolicy(gates: GatesConfig, project?: Pick<ProjectGateConfig, 'gates'>): GatePolicy {
  return {
    tests: merge(gates.tests, project?.gates.tests),
    coverage: merge(gates.coverage, project?.gates.coverage),
  };
}

function merge<G extends object>(
  base: G,
  override: { readonly [K in keyof G]?: G[K] | undefined } | NotApplicable | undefined,
): G | NotApplicable {
  if (override === undefined) return base;
  if ('notApplicable' in override) return { notApplicable: override.notApplicable };
  const set = Object.entries(override).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(set) };
}
