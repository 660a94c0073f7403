import { readFileSync } from 'node:fs';
import type {
  CreateNodes,
  CreateNodesContext,
  CreateNodesResultArray,
  NxJsonConfiguration,
  ProjectConfiguration,
} from '@nx/devkit';
import { nodeCache, type ReadText } from './cache';
import { relevantFiles } from './relevant-files';

/** What stands under `options` of the plugin in `nx.json`; nothing so far. */
export type SlipwayPluginOptions = Record<string, never>;

const NAMES = [
  'project.json',
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'yarn.lock',
  'setup.py',
  'setup.cfg',
  'pyproject.toml',
  ...['__init__', '__version__', '_version', 'version', '__about__', 'about'].map((module) => `${module}.py`),
  'requirements*.txt',
  'requirements/*.txt',
  'constraints*.txt',
  'docker-compose*.yml',
  'docker-compose*.yaml',
  'compose*.yml',
  'compose*.yaml',
  'Chart.yaml',
  'Chart.yml',
  'VERSION',
  'VERSION.txt',
  'version',
  'version.txt',
  'slipway.json',
];
const FILES = `**/{${NAMES.join(',')}}`;

/**
 * Nx inference: project files in, targets out. No git, no network; what was inferred is kept by the hash of what it was
 * inferred from, so a warm start loads neither schema nor parsers.
 */
export const createNodes: CreateNodes<SlipwayPluginOptions> = [
  FILES,
  async (found, _options, context): Promise<CreateNodesResultArray> => {
    const files = relevantFiles(found);
    // Nx's paths need no normalising, which would take as long as reading.
    const contents = new Map(files.map((file) => [file, readFileSync(`${context.workspaceRoot}/${file}`, 'utf8')]));
    const cache = nodeCache(context.workspaceRoot);
    const projects = cache.through(contents, releaseSection(context.nxJsonConfiguration), (read) =>
      infer(contents, context, read),
    );
    return [...byFile(projects, contents)];
  },
];

/** Nx 21 and 22 look for this name. */
export const createNodesV2 = createNodes;

function infer(
  contents: ReadonlyMap<string, string>,
  context: CreateNodesContext,
  read: ReadText,
): Record<string, Partial<ProjectConfiguration>> {
  try {
    // Only here: a warm start needs neither the schema nor the parsers behind it.
    const { inferProjects } = require('./infer') as typeof import('./infer');
    return inferProjects(contents, context.nxJsonConfiguration, read);
  } catch (error) {
    const { AggregateCreateNodesError } = require('@nx/devkit') as typeof import('@nx/devkit');
    const cause = error instanceof Error ? error : new Error(String(error));
    // Nx itself shows what a plugin threw under --verbose alone.
    process.stderr.write(`nx-slipway: ${cause.message}\n`);
    throw new AggregateCreateNodesError([[fileOf(cause, contents), cause]], []);
  }
}

/** The file that is wrong: most errors name it. */
function fileOf(cause: Error, contents: ReadonlyMap<string, string>): string {
  if ('file' in cause && typeof cause.file === 'string') return cause.file;
  if ('path' in cause && typeof cause.path === 'string') return cause.path;
  return contents.has('slipway.json') ? 'slipway.json' : 'nx.json';
}

/** Nx attributes each node to a file: the project's own one. */
function byFile(
  projects: Record<string, Partial<ProjectConfiguration>>,
  contents: ReadonlyMap<string, string>,
): CreateNodesResultArray {
  return Object.entries(projects).map(([root, project]) => {
    const prefix = root === '.' ? '' : `${root}/`;
    const source = contents.has(`${prefix}project.json`) ? `${prefix}project.json` : `${prefix}package.json`;
    return [source, { projects: { [root]: project } }];
  });
}

function releaseSection(nxJson: NxJsonConfiguration): unknown {
  return { release: nxJson.release, default: nxJson.namedInputs?.['default'] };
}
