import type { SlipwayConfig } from './schema';

/** The members with the files that `slipway.json` lists as holding their versions, relative to the workspace. */
export function withVersionFiles<T extends { readonly name: string; readonly root: string }>(
  members: readonly T[],
  projects: SlipwayConfig['projects'],
): readonly (T & { readonly versionFiles?: readonly string[] })[] {
  return members.map((member) => {
    const listed = Object.hasOwn(projects, member.name) ? (projects[member.name]?.versionFiles ?? []) : [];
    if (listed.length === 0) return member;
    return { ...member, versionFiles: listed.map((path) => (member.root === '.' ? path : `${member.root}/${path}`)) };
  });
}
