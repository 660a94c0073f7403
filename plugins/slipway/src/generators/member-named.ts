import { closest } from '../config/suggest';
import { GeneratorRefusal } from './refusal';
import type { TreeProject } from './workspace';

/** @throws {GeneratorRefusal} for a name that no project of the release has. */
export function memberNamed(name: string, members: readonly TreeProject[]): TreeProject {
  const member = members.find((candidate) => candidate.name === name);
  if (member) return member;
  const names = members.map((candidate) => candidate.name);
  const meant = closest(name, names);
  throw new GeneratorRefusal(
    `"${name}" is not a project of the release, which has ${names.join(', ') || 'none'}`,
    meant === null ? 'Name one of them, or none' : `Did you mean "${meant}"?`,
  );
}
