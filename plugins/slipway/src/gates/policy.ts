import { PROJECT_CHECKS, type ProjectCheckId } from '../config/gates/gates';
import type { GatesConfig, ProjectGateConfig } from '../config/schema';
import type { NotApplicable } from './check';

/** What is asked of one project: the workspace's gates with the project's own settings on top. */
export type GatePolicy = { readonly [K in ProjectCheckId]: GatesConfig[K] | NotApplicable };

export function mergePolicy(gates: GatesConfig, project?: Pick<ProjectGateConfig, 'gates'>): GatePolicy {
  const merged = PROJECT_CHECKS.map((id) => [id, merge(gates[id], project?.gates[id])]);
  return Object.fromEntries(merged) as GatePolicy;
}

function merge<G extends object>(base: G, override: object | undefined): G | NotApplicable {
  if (override === undefined) return base;
  if ('notApplicable' in override) return override as NotApplicable;
  const set = Object.entries(override).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(set) };
}
