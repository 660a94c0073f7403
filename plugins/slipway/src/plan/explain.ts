import { printableLine } from '../history/printable';
import { headerOf, shortId } from './classify';
import type { Cause, PlannedCommit, PlannedProject, ReleasePlan } from './release-plan';

/** A line of the tree, and what brought it about. */
interface Reason {
  readonly text: string;
  readonly because: readonly Reason[];
}

/** How many commits a project that is not bumped lists at most. */
const LIMIT = 50;

/**
 * Which commit, rule or dependency brought the bump of a member about, as a tree down to the commits; for a member that
 * keeps its version, why. One entry per line, safe to print.
 * @param name of a member; null for all that get a new version, each by its own reasons: what it depends on is told there.
 */
export function explainPlan(plan: ReleasePlan, name: string | null): string[] {
  const explainer = new Explainer(plan);
  const asked =
    name === null
      ? plan.projects.filter(({ current, next }) => current !== next)
      : plan.projects.filter((project) => project.name === name);
  return asked.flatMap((project, index) => [
    ...(index > 0 ? [''] : []),
    ...drawn(explainer.explain(project, name !== null)),
  ]);
}

class Explainer {
  private readonly projects: ReadonlyMap<string, PlannedProject>;
  private readonly commits: ReadonlyMap<string, PlannedCommit>;
  private readonly together: ReadonlyMap<string, readonly string[]>;

  constructor(private readonly plan: ReleasePlan) {
    this.projects = new Map(plan.projects.map((project) => [project.name, project]));
    // A squash-merge has several entries: the one that counts is the reason.
    this.commits = new Map(
      [...plan.commits]
        .sort((a, b) => Number(a.demands !== null) - Number(b.demands !== null))
        .map((commit) => [commit.id, commit]),
    );
    this.together = new Map(plan.tags.flatMap(({ projects }) => projects.map((name) => [name, projects])));
  }

  /** @param deep whether what it depends on is explained too. */
  explain(project: PlannedProject, deep: boolean): Reason {
    if (project.current === project.next) return this.whyNot(project);
    return { text: bumpOf(project), because: this.because(project, deep ? new Set([project.name]) : null) };
  }

  /** @param told members that are explained already, so that circles end and nothing is told twice; null to explain no other. */
  private because(project: PlannedProject, told: Set<string> | null): readonly Reason[] {
    return project.causes.map((cause) => this.reasonOf(cause, project, told));
  }

  private reasonOf(cause: Cause, project: PlannedProject, told: Set<string> | null): Reason {
    switch (cause.kind) {
      case 'commit': {
        const commit = this.commits.get(cause.commit);
        const header = commit === undefined ? '' : `${headerOf(commit)} `;
        return { text: `${header}(${shortId(cause.commit)}) ${cause.why}: ${cause.demands}`, because: [] };
      }
      case 'dependency':
        return this.other(cause.project, `it depends on`, cause.demands, told);
      case 'group': {
        const others = (this.together.get(project.name) ?? []).filter((name) => name !== project.name);
        const origins = others.filter((name) =>
          this.projects.get(name)?.causes.some(({ kind }) => kind === 'commit' || kind === 'dependency'),
        );
        return {
          text: `it shares its version with the group ${cause.group}: ${cause.demands}`,
          because: origins.map((name) => this.other(name, 'by', null, told)),
        };
      }
      case 'release':
        return { text: 'its version names the release, so it always gets a new one: patch', because: [] };
      case 'asked':
        return { text: `${cause.what} was asked for`, because: [] };
    }
  }

  private other(name: string, how: string, demands: string | null, told: Set<string> | null): Reason {
    const project = this.projects.get(name);
    const what = `${how} ${project === undefined ? name : bumpOf(project)}${demands === null ? '' : `: ${demands}`}`;
    if (project === undefined || told === null || project.causes.length === 0) return { text: what, because: [] };
    if (told.has(name)) return { text: `${what} (see above)`, because: [] };
    told.add(name);
    return { text: what, because: this.because(project, told) };
  }

  private whyNot(project: PlannedProject): Reason {
    const touching = this.plan.commits.filter(({ projects }) => projects.includes(project.name));
    const shown = touching.slice(0, LIMIT).map((commit): Reason => ({
      text: `${headerOf(commit)} (${shortId(commit.id)}) ${commit.skipped ?? `is in ${commit.prerelease ?? 'it'} already`}`,
      because: [],
    }));
    if (touching.length > LIMIT) shown.push({ text: `and ${touching.length - LIMIT} more`, because: [] });
    const reasons = project.reasons.map((text): Reason => ({ text, because: [] }));
    return { text: `${project.name} stays at ${project.current}`, because: [...reasons, ...shown] };
  }
}

function bumpOf({ name, current, next }: PlannedProject): string {
  return `${name} ${current} → ${next}`;
}

function drawn({ text, because }: Reason): string[] {
  return [
    printableLine(text),
    ...because.flatMap((reason, index) => {
      const last = index === because.length - 1;
      return drawn(reason).map((line, at) => (at === 0 ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  ') + line);
    }),
  ];
}
