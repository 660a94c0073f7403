import type { PlannedCommit, PlannedProject, ReleasePlan } from '../plan/release-plan';

/** A feature that counts, for tests. */
export function plannedCommit(change: Partial<PlannedCommit> = {}): PlannedCommit {
  return {
    id: '0123456789'.repeat(4),
    author: 'Ada',
    email: 'ada@example.org',
    date: '2026-11-22T10:00:00+00:00',
    type: 'feat',
    scope: null,
    subject: 'list tickets',
    breaking: false,
    breakingNote: null,
    references: [],
    prerelease: null,
    projects: ['ui'],
    demands: 'minor',
    skipped: null,
    ...change,
  };
}

export function plannedProject(change: Partial<PlannedProject> & Pick<PlannedProject, 'name'>): PlannedProject {
  return {
    root: `packages/${change.name}`,
    group: 'release',
    current: '1.0.0',
    next: '1.1.0',
    reasons: ['feat: list tickets'],
    causes: [],
    ...change,
  };
}

/** 1.1.0 after 1.0.0, for tests. */
export function releasePlan(change: Partial<ReleasePlan> = {}): ReleasePlan {
  const version = change.version ?? '1.1.0';
  const projects = change.projects ?? [plannedProject({ name: 'ui', next: version })];
  const tag = change.tag ?? `v${version}`;
  return {
    version,
    type: 'minor',
    stable: '1.0.0',
    tag,
    tags: [{ name: tag, version, projects: projects.map(({ name }) => name) }],
    branch: `release/v${version}`,
    base: 'main',
    distTag: 'latest',
    override: null,
    commit: 'a'.repeat(40),
    previous: { version: '1.0.0', tag: 'v1.0.0', commit: 'b'.repeat(40) },
    projects,
    commits: [plannedCommit()],
    ...change,
  };
}
