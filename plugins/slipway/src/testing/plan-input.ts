import type { HistoryCommit } from '../history/read';
import type { TaggedRelease } from '../history/releases';
import type { PlanHistory, PlanInput, PlanLine, PlanProject } from '../plan/plan-input';

let serial = 0;

/** A commit with an id of its own that touches `packages/api/main.py`. */
export function historyCommit(message: string, change: Partial<HistoryCommit> = {}): HistoryCommit {
  serial += 1;
  return {
    id: serial.toString(16).padStart(7, '0').padEnd(40, 'a'),
    parents: ['b'.repeat(40)],
    author: 'Ada',
    email: 'ada@example.test',
    date: '2026-11-22T10:00:00+00:00',
    message,
    files: ['packages/api/main.py'],
    ...change,
  };
}

export function tagged(version: string, tag = `v${version}`): TaggedRelease {
  return { version, tag, commit: 'e'.repeat(40) };
}

export function planHistory(change: Partial<PlanHistory> = {}): PlanHistory {
  const { stable = tagged('1.0.0') } = change;
  return {
    stable,
    latest: stable,
    taken: new Set(stable === null ? [] : [stable.version]),
    commits: [],
    prereleases: new Map(),
    ...change,
  };
}

export function planProject(change: Partial<PlanProject> & Pick<PlanProject, 'name'>): PlanProject {
  return { root: `packages/${change.name}`, current: '1.0.0', dependencies: [], ...change };
}

export function planLine(change: Partial<PlanLine> & Pick<PlanLine, 'projects'>): PlanLine {
  const name = change.name ?? 'release';
  return { name, group: name, tagPattern: 'v{version}', history: planHistory(), ...change };
}

/** One fixed line of `ui` and `api`, released as 1.0.0, with these commits since then; newest first. */
export function planInput(commits: readonly HistoryCommit[], change: Partial<PlanInput> = {}): PlanInput {
  return {
    head: 'f'.repeat(40),
    branch: 'main',
    lines: [planLine({ projects: ['ui', 'api'], history: planHistory({ commits }) })],
    ownerLine: 'release',
    projects: [planProject({ name: 'ui' }), planProject({ name: 'api' })],
    broughtBy: () => [],
    policy: {
      branchPattern: 'release/v{version}',
      main: 'main',
      commits: { types: {}, breakingBelowOne: 'major', strict: false, ignore: [] },
      freeze: ['fix', 'security', 'docs', 'test', 'revert'],
    },
    ...change,
  };
}

/** The same with another history, and manifests that hold its latest version. */
export function planInputAt(history: Partial<PlanHistory>, change: Partial<PlanInput> = {}): PlanInput {
  const full = planHistory(history);
  const current = full.latest?.version ?? '1.0.0';
  return planInput(full.commits, {
    lines: [planLine({ projects: ['ui', 'api'], history: full })],
    projects: [planProject({ name: 'ui', current }), planProject({ name: 'api', current })],
    ...change,
  });
}
