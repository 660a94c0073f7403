import { dirname } from 'node:path';
import type { Candidate } from '../config/members';

/** A project that Nx will have, as far as its own files tell. */
export interface DiscoveredProject extends Candidate {
  /** Files of it that Slipway may edit or that tell its kind, relative to the workspace. */
  readonly files: readonly string[];
}

/**
 * The projects behind `project.json` files and the workspaces of the root `package.json`.
 * Others (inferred by other plugins from their own files) can't be named here, because this plugin alone must not create them.
 */
export function discoverProjects(contents: ReadonlyMap<string, string>): readonly DiscoveredProject[] {
  const files = [...contents.keys()];
  const isWorkspace = workspaceMatcher(contents);
  const names = new Map<string, string>();
  for (const file of files) {
    const root = dirname(file);
    if (baseName(file) === 'package.json' && (root === '.' ? files.includes('project.json') : isWorkspace(root))) {
      const manifest = readJson(contents, file) as { name?: unknown; nx?: { name?: unknown } };
      const name = manifest.nx?.name ?? manifest.name;
      if (typeof name === 'string' && !names.has(root)) names.set(root, name);
    }
  }
  for (const file of files) {
    if (baseName(file) !== 'project.json') continue;
    const { name } = readJson(contents, file) as { name?: unknown };
    const root = dirname(file);
    names.set(root, typeof name === 'string' ? name : (names.get(root) ?? baseName(root)));
  }
  const roots = [...names.keys()].sort((a, b) => b.length - a.length);
  const owned = new Map<string, string[]>(roots.map((root) => [root, []]));
  for (const file of files) {
    const root = roots.find((candidate) => candidate === '.' || file.startsWith(`${candidate}/`));
    if (root !== undefined) owned.get(root)?.push(file);
  }
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([root, name]) => {
      const own = owned.get(root) ?? [];
      const kind = kindOf(own.filter((file) => dirname(file) === root).map(baseName));
      return { name, root, kind, versioned: isVersioned(kind, root, contents), files: own };
    });
}

/** What a project is, by the names of the files in its root folder. */
export function kindOf(names: readonly string[]): Candidate['kind'] {
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^package\.json$/)) return 'npm';
  if (has(/^(setup\.py|setup\.cfg|pyproject\.toml)$/)) return 'python';
  if (has(/^((docker-)?compose.*\.ya?ml|Dockerfile.*)$/)) return 'docker';
  return 'other';
}

function isVersioned(kind: Candidate['kind'], root: string, contents: ReadonlyMap<string, string>): boolean {
  if (kind !== 'npm') return kind !== 'other';
  const manifest = readJson(contents, root === '.' ? 'package.json' : `${root}/package.json`) as { version?: unknown };
  return typeof manifest.version === 'string';
}

function workspaceMatcher(contents: ReadonlyMap<string, string>): (root: string) => boolean {
  if (!contents.has('package.json')) return () => false;
  const { workspaces } = readJson(contents, 'package.json') as { workspaces?: unknown };
  const patterns = Array.isArray(workspaces)
    ? (workspaces as unknown[])
    : (workspaces as { packages?: unknown } | undefined)?.packages;
  if (!Array.isArray(patterns)) return () => false;
  const picomatch = require('picomatch') as typeof import('picomatch');
  return picomatch(
    patterns
      .filter((pattern): pattern is string => typeof pattern === 'string')
      .map((pattern) => pattern.replace(/^\.\//, '').replace(/\/+$/, '')),
  );
}

function readJson(contents: ReadonlyMap<string, string>, file: string): object {
  const text = contents.get(file) ?? '';
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new Error(`${file}: expected a JSON object`);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
