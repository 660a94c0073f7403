import { posix } from 'node:path';

export const ENV_EXAMPLE = '.env.example';

/** The variables that a file of examples names, also those that are commented out: `# NAME=value` explains NAME. */
export function documentedVariables(content: string): ReadonlySet<string> {
  const names = content.matchAll(/^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=/gm);
  return new Set([...names].map(([, name = '']) => name));
}

/**
 * Where the variables of a file may be explained: beside it, in the folders around it up to its project, and at the
 * workspace's root. Nearest first.
 */
export function examplePlaces(file: string, projectRoot: string): readonly string[] {
  const places: string[] = [];
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    places.push(posix.join(folder, ENV_EXAMPLE));
    if (folder === projectRoot || folder === '.') break;
  }
  return places.includes(ENV_EXAMPLE) ? places : [...places, ENV_EXAMPLE];
}
