import type { ReleaseType } from '../version/release-type';
import { largestReleaseType } from '../version/release-type';
import type { Wish } from './asked';
import { headerOf, shortId, type Classified, type Counted } from './classify';
import type { Dependents } from './dependents';
import type { LineState } from './line-state';
import type { PlanProject } from './plan-input';
import type { Cause, PlannedProject } from './release-plan';

/** The new version of a line. */
export interface LineBump {
  readonly level: ReleaseType;
  readonly next: string;
  /** Why it is this version; how it came about is said by causes. */
  readonly reasons: readonly string[];
}

interface Decided {
  readonly lines: readonly LineState[];
  readonly ownerLine: string;
  readonly projects: readonly PlanProject[];
  readonly wish: Wish;
  readonly classified: Classified;
  /** By line; without those that keep their version. */
  readonly bumps: ReadonlyMap<string, LineBump>;
  readonly dependents: Dependents;
}

/** What becomes of each member, and why; in the order of the members. */
export function planProjects(decided: Decided): PlannedProject[] {
  const planned = new Map<string, PlannedProject>();
  const nextOf = new Map<string, string>();
  for (const { name, projects } of decided.lines) {
    const next = decided.bumps.get(name)?.next;
    if (next !== undefined) for (const project of projects) nextOf.set(project, next);
  }
  for (const line of decided.lines) {
    const bump = decided.bumps.get(line.name);
    const counted = decided.classified.counted.get(line.name) ?? [];
    const own = byProject(counted);
    const shared = sharedDemand(line, counted, decided.dependents);
    for (const project of line.members) {
      const base = { name: project.name, root: project.root, group: line.group, current: line.current };
      planned.set(
        project.name,
        bump === undefined
          ? { ...base, next: line.current, reasons: [whyNot(line)], causes: [] }
          : { ...base, next: bump.next, ...explain(decided, { line, bump, shared, own, nextOf }, project) },
      );
    }
  }
  return decided.projects.flatMap(({ name }) => planned.get(name) ?? []);
}

function byProject(counted: readonly Counted[]): ReadonlyMap<string, readonly Counted[]> {
  const found = new Map<string, Counted[]>();
  for (const one of counted) {
    for (const project of one.projects) {
      const known = found.get(project);
      if (known) known.push(one);
      else found.set(project, [one]);
    }
  }
  return found;
}

interface LineFacts {
  readonly line: LineState;
  readonly bump: LineBump;
  /** What all of the line demands together. */
  readonly shared: ReleaseType | null;
  /** By member, what counts for it. */
  readonly own: ReadonlyMap<string, readonly Counted[]>;
  /** Of every member that gets a new version. */
  readonly nextOf: ReadonlyMap<string, string>;
}

function explain(
  { ownerLine, dependents, wish }: Decided,
  { line, bump, shared, own: counted, nextOf }: LineFacts,
  project: PlanProject,
): Pick<PlannedProject, 'reasons' | 'causes'> {
  const own = counted.get(project.name) ?? [];
  const needs = dependents.get(line.name)?.get(project.name) ?? [];
  const causes: Cause[] = [
    ...own.map(({ commit, demands, why }): Cause => ({ kind: 'commit', commit: commit.id, demands, why })),
    ...needs.map((name): Cause => ({ kind: 'dependency', project: name, demands: 'patch' })),
  ];
  const reasons = [
    ...own.map(({ commit, why }) => `${headerOf(commit)} (${shortId(commit.id)}) ${why}`),
    ...needs.map((name) => `it depends on ${name}, which becomes ${nextOf.get(name)}`),
  ];
  const demand = largestReleaseType([...own.map(({ demands }) => demands), needs.length > 0 ? 'patch' : null]);
  if (shared !== null && demand !== shared && line.members.length > 1) {
    causes.push({ kind: 'group', group: line.group, demands: shared });
    reasons.push(`it shares its version with ${others(line, project.name)}`);
  }
  if (line.name === ownerLine) {
    const asked = askedFor(wish, line, shared);
    if (asked !== null) {
      causes.push({ kind: 'asked', what: asked });
      reasons.push(`${asked} was asked for`);
    }
    if (causes.length === 0) {
      causes.push({ kind: 'release' });
      reasons.push('its version names the release');
    }
  } else if (causes.length === 0) {
    causes.push({ kind: 'asked', what: `the end of the pre-release ${line.current}` });
    reasons.push(`its pre-release ${line.current} ends with this release`);
  }
  return { causes, reasons: [...reasons, ...bump.reasons] };
}

function sharedDemand(line: LineState, counted: readonly Counted[], dependents: Dependents): ReleaseType | null {
  const depends = (dependents.get(line.name)?.size ?? 0) > 0;
  return largestReleaseType([...counted.map(({ demands }) => demands), depends ? 'patch' : null]);
}

function askedFor(
  { level, hotfix, graduate, preid, goesOn, version }: Wish,
  line: LineState,
  demanded: ReleaseType | null,
): string | null {
  if (graduate) return `the end of the pre-release ${line.current}`;
  if (hotfix) return 'a hotfix';
  if (level !== null && level !== demanded) return `a ${level} release`;
  if (version === null && preid !== null && !goesOn) return `a pre-release (${preid})`;
  return null;
}

function others(line: LineState, name: string): string {
  const rest = line.projects.filter((other) => other !== name);
  const shown = rest.slice(0, 3).join(', ');
  return rest.length > 3 ? `${shown} and ${rest.length - 3} more` : shown;
}

function whyNot({ stable, history }: LineState): string {
  const last = history.latest ?? stable;
  return `no commit ${last === null ? 'in its history' : `since ${last.tag}`} demands a release of it, and nothing it depends on is released`;
}
