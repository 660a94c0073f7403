import { approvalsAtHead } from './at-head';
import { isSamePerson } from './emergency/bypass-for';
import type { Situation } from './situation';

/** One person's sign-offs of the checked-out commit. */
export interface SignOff {
  /** `Name <email>`. */
  readonly by: string;
  readonly roles: readonly string[];
}

/** By person, in the order of the first sign-off: whoever signed in several roles is seen at once. */
export function signOffsOf(situation: Situation): readonly SignOff[] {
  const people: { by: string; roles: string[] }[] = [];
  for (const { by, role } of approvalsAtHead(situation)) {
    const known = people.find((person) => person.by === by || isSamePerson(person.by, by));
    if (known === undefined) people.push({ by, roles: [role] });
    else if (!known.roles.includes(role)) known.roles.push(role);
  }
  return people;
}

/** For a person: `Dana (release-manager and reviewer: one person in 2 roles), Robin (acceptance)`. */
export function tellSignOffs(signOffs: readonly SignOff[]): string {
  return signOffs
    .map(({ by, roles }) => {
      const several = roles.length > 1 ? `: one person in ${roles.length} roles` : '';
      return `${by.replace(/ <.*/, '')} (${roles.join(' and ')}${several})`;
    })
    .join(', ');
}
