import type { ReleaseTag } from './inspect';

/** Message of a tag: which release it is, and whose version it marks. */
export function tagMessage({ name, version, projects }: ReleaseTag): string {
  const marks = projects.map((project) => `${project} ${version}`).sort();
  return [`Release ${name}`, '', ...marks, ''].join('\n');
}
