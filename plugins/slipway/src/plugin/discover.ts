import { dirname } from 'node:path';
import { deepestRoot } from '../config/deepest-root';
import type { Candidate } from '../config/members';
import { errorMessage } from '../io/error-message';

/** A project that Nx will have, as far as its own files tell. */
export interface DiscoveredProject extends Candidate {
  /** Files of it that Slipway may edit or that tell its kind, relative to the workspace. */
  readonly files: readonly string[];
}

/** A project file that can't be read. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(`${file}: ${problem}`);
  }
}

interface PackageJson {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly nx?: { readonly name?: unknown };
}

/**
 * The projects behind `project.json` files and the workspaces of the root `package.json`, with the names that Nx gives them.
 * Others (inferred by other plugins from their own files) can't be named here, because this plugin alone must not create them.
 * @throws {DiscoveryError} for a file that is not JSON.
 */
export function discoverProjects(contents: ReadonlyMap<string, string>): readonly DiscoveredProject[] {
  const files = [...contents.keys()];
  const json = jsonReader(contents);
  const isWorkspace = workspaceMatcher(contents, json);
  const names = new Map<string, string>();
  for (const file of files) {
    const root = dirname(file);
    const configured = contents.has(inFolder(root, 'project.json'));
    if (baseName(file) === 'project.json' || (baseName(file) === 'package.json' && (configured || isWorkspace(root))))
      names.set(root, nameOf(root, contents, json));
  }
  const owned = new Map<string, string[]>([...names.keys()].map((root) => [root, []]));
  for (const file of files) owned.get(deepestRoot(dirname(file), names) ?? '')?.push(file);
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([root, name]) => {
      const own = owned.get(root) ?? [];
      const kind = kindOf(own.filter((file) => dirname(file) === root).map(baseName));
      return { name, root, kind, versioned: isVersioned(kind, root, contents, json), files: own };
    });
}

/** As Nx does it: project.json, then package.json, then the folder. */
function nameOf(root: string, contents: ReadonlyMap<string, string>, json: ReadJson): string {
  const own = (file: string): PackageJson => (contents.has(inFolder(root, file)) ? json(inFolder(root, file)) : {});
  const manifest = own('package.json');
  const names = [own('project.json').name, manifest.nx?.name, manifest.name];
  return names.find((name): name is string => typeof name === 'string') ?? baseName(root).toLowerCase();
}

/** What a project is, by the names of the files in its root folder. */
export function kindOf(names: readonly string[]): Candidate['kind'] {
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^package\.json$/)) return 'npm';
  if (has(/^(setup\.py|setup\.cfg|pyproject\.toml)$/)) return 'python';
  // A Dockerfile alone holds no version, and is no file that inference looks at.
  if (has(/^(docker-)?compose.*\.ya?ml$/)) return 'docker';
  return 'other';
}

function isVersioned(
  kind: Candidate['kind'],
  root: string,
  contents: ReadonlyMap<string, string>,
  json: ReadJson,
): boolean {
  // A broken file is named.
  if (kind === 'npm') return hasVersion(json(inFolder(root, 'package.json')));
  return holdsVersion(kind, (file) => contents.get(inFolder(root, file)) ?? null);
}

/**
 * Whether a project of this kind holds a version at all.
 * @param read gives the text of a file in its folder, or null where it has none.
 */
export function holdsVersion(kind: Candidate['kind'], read: (file: string) => string | null): boolean {
  switch (kind) {
    case 'npm':
      return hasVersion(JSON.parse((read('package.json') ?? '{}').replace(/^\uFEFF/, '')) as PackageJson);
    case 'python':
      // Many a pyproject.toml or setup.cfg only configures tools. Which version it is, is for the parsers to say.
      return (
        read('setup.py') !== null ||
        /^\s*(?:project\.)?version\s*=|^\s*dynamic\s*=[^\]]*["']version["']/m.test(read('pyproject.toml') ?? '') ||
        /^version\s*[=:]/m.test(read('setup.cfg') ?? '')
      );
    case 'docker':
      return true;
    case 'other':
      return ['Chart.yaml', 'VERSION'].some((file) => read(file) !== null);
  }
}

function hasVersion({ version }: PackageJson): boolean {
  return typeof version === 'string';
}

/** Folders that the root `package.json` or `pnpm-workspace.yaml` makes projects of; its own where it says something about Nx. */
function workspaceMatcher(contents: ReadonlyMap<string, string>, json: ReadJson): (root: string) => boolean {
  const { workspaces, nx } = contents.has('package.json')
    ? (json('package.json') as { workspaces?: unknown; nx?: unknown })
    : {};
  const listed = Array.isArray(workspaces)
    ? (workspaces as unknown[])
    : (workspaces as { packages?: unknown } | undefined)?.packages;
  const patterns = [...(Array.isArray(listed) ? (listed as unknown[]) : []), ...pnpmPackages(contents)]
    .filter((pattern): pattern is string => typeof pattern === 'string')
    .map((pattern) => pattern.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''));
  const picomatch = require('picomatch') as typeof import('picomatch');
  // In one list, picomatch takes a negated pattern for one more that may match.
  const isIncluded = picomatch(patterns.filter((pattern) => !pattern.startsWith('!')));
  const isExcluded = picomatch(patterns.flatMap((pattern) => (pattern.startsWith('!') ? [pattern.slice(1)] : [])));
  return (root) => (root === '.' ? nx !== undefined : isIncluded(root) && !isExcluded(root));
}

function pnpmPackages(contents: ReadonlyMap<string, string>): readonly unknown[] {
  const text = contents.get('pnpm-workspace.yaml');
  if (text === undefined) return [];
  const yaml = require('yaml') as typeof import('yaml');
  let value: unknown;
  try {
    value = yaml.parse(text);
  } catch (error) {
    throw new DiscoveryError('pnpm-workspace.yaml', errorMessage(error));
  }
  const packages = typeof value === 'object' && value !== null && 'packages' in value ? value.packages : [];
  return Array.isArray(packages) ? (packages as unknown[]) : [];
}

type ReadJson = (file: string) => PackageJson;

/** Each file is parsed once, whatever is asked of it. */
function jsonReader(contents: ReadonlyMap<string, string>): ReadJson {
  const parsed = new Map<string, PackageJson>();
  return (file) => {
    const value = parsed.get(file) ?? readJson(contents, file);
    parsed.set(file, value);
    return value;
  };
}

function readJson(contents: ReadonlyMap<string, string>, file: string): object {
  const text = contents.get(file) ?? '';
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new DiscoveryError(file, errorMessage(error));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new DiscoveryError(file, 'expected a JSON object');
}

function inFolder(root: string, file: string): string {
  return root === '.' ? file : `${root}/${file}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
