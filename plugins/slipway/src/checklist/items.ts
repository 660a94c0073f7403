import type { ReleaseKind } from '../version/release-types';

export type ChecklistGroupId = 'codeQuality' | 'documentation' | 'configuration' | 'testing' | 'deployment';

export interface ChecklistGroup {
  readonly id: ChecklistGroupId;
  readonly title: string;
}

export interface ChecklistItem {
  /** Stable: sign-offs and links refer to it. */
  readonly id: string;
  readonly group: ChecklistGroupId;
  /** As in the process document. */
  readonly text: string;
  /** Kinds of release that don't need it, with the reason. */
  readonly leftOut: Readonly<Partial<Record<ReleaseKind, string>>>;
}

/** In the process document's order. */
export const CHECKLIST_GROUPS: readonly ChecklistGroup[] = [
  { id: 'codeQuality', title: 'Code Quality' },
  { id: 'documentation', title: 'Documentation' },
  { id: 'configuration', title: 'Configuration' },
  { id: 'testing', title: 'Testing' },
  { id: 'deployment', title: 'Deployment' },
];

const PATCH_INTERFACES = 'a patch is backward compatible and adds no endpoints; new ones make a minor release';
const PATCH_STRUCTURE = 'a patch fixes within the architecture; changes to it make a major release';
const PATCH_USE = 'a patch adds nothing to use; new features make a minor release';
const PATCH_OPTIONS = 'a patch adds no configuration options; new ones make a minor release';
const HOTFIX_TIME = 'an emergency of 4 to 24 hours; it follows with the next patch release';
const HOTFIX_SCOPE = 'a hotfix holds critical security fixes only';
const LOAD = 'asked of major releases only';

/**
 * The process document's pre-release checklist, all of its 28 items in its order and words. A major release, a full cycle,
 * needs every one; a minor one, a standard cycle, all but load testing; a patch, an expedited cycle, leaves out what a
 * backward compatible fix can't change; a hotfix, an emergency, keeps what protects production and its data.
 */
export const CHECKLIST_ITEMS: readonly ChecklistItem[] = [
  item('codeQuality', 'tests-pass', 'All tests pass (unit, integration, e2e)'),
  item('codeQuality', 'coverage', 'Code coverage meets requirements (≥80%)'),
  item('codeQuality', 'code-review', 'Code review completed'),
  item('codeQuality', 'security-scan', 'Security scan passed'),
  item('codeQuality', 'performance-tests', 'Performance tests passed', { hotfix: HOTFIX_TIME }),
  item('codeQuality', 'accessibility-tests', 'Accessibility tests passed', { hotfix: HOTFIX_SCOPE }),

  item('documentation', 'changelog', 'CHANGELOG.md updated'),
  item('documentation', 'readme', 'README.md updated (if needed)', { hotfix: HOTFIX_TIME }),
  item('documentation', 'api-documentation', 'API documentation updated', {
    patch: PATCH_INTERFACES,
    hotfix: HOTFIX_SCOPE,
  }),
  item('documentation', 'architecture-documentation', 'Architecture documentation updated', {
    patch: PATCH_STRUCTURE,
    hotfix: HOTFIX_SCOPE,
  }),
  item('documentation', 'deployment-documentation', 'Deployment documentation updated', { hotfix: HOTFIX_TIME }),
  item('documentation', 'user-documentation', 'User documentation updated', { patch: PATCH_USE, hotfix: HOTFIX_SCOPE }),

  item('configuration', 'environment-variables', 'Environment variables documented', {
    patch: PATCH_OPTIONS,
    hotfix: HOTFIX_SCOPE,
  }),
  item('configuration', 'configuration-files', 'Configuration files updated'),
  item('configuration', 'migrations', 'Database migrations ready'),
  item('configuration', 'images', 'Docker images built and tested'),
  item('configuration', 'dependencies', 'Dependencies updated and tested'),

  item('testing', 'local-testing', 'Local development testing'),
  item('testing', 'staging-testing', 'Staging environment testing'),
  item('testing', 'user-acceptance', 'User acceptance testing', { hotfix: HOTFIX_TIME }),
  item('testing', 'performance-testing', 'Performance testing', { hotfix: HOTFIX_TIME }),
  item('testing', 'security-testing', 'Security testing'),
  item('testing', 'load-testing', 'Load testing (for major releases)', { minor: LOAD, patch: LOAD, hotfix: LOAD }),

  item('deployment', 'deployment-scripts', 'Deployment scripts tested'),
  item('deployment', 'rollback', 'Rollback procedures tested'),
  item('deployment', 'monitoring', 'Monitoring configured'),
  item('deployment', 'backup', 'Backup procedures verified'),
  item('deployment', 'health-checks', 'Health checks implemented'),
];

function item(
  group: ChecklistGroupId,
  id: string,
  text: string,
  leftOut: ChecklistItem['leftOut'] = {},
): ChecklistItem {
  return { id, group, text, leftOut };
}
