import type { ReleasePlan } from '../plan/release-plan';

/** Folder of a release's committed record, relative to the workspace. */
export function releaseFolder(releases: string, version: string): string {
  return `${releases}/v${version}`;
}

/** Text of `release.json`: what was planned, in a fixed order of keys, so that the same plan gives the same bytes. */
export function renderRecord(plan: ReleasePlan): string {
  const record = {
    v: 1,
    version: plan.version,
    type: plan.type,
    tag: plan.tag,
    tags: plan.tags,
    distTag: plan.distTag,
    override: plan.override,
    stable: plan.stable,
    branch: plan.branch,
    previous:
      plan.previous === null
        ? null
        : { version: plan.previous.version, tag: plan.previous.tag, commit: plan.previous.commit },
    gated: plan.commit,
    projects: plan.projects.map(({ name, root, group, current, next, reasons, causes }) => ({
      name,
      root,
      from: current,
      group,
      to: next,
      reasons,
      causes,
    })),
    // An address is nobody's business in a public record.
    commits: plan.commits.map(({ email: _email, skippedAs: _kind, ...commit }) => commit),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}
