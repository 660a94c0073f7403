import type { TargetConfiguration } from '@nx/devkit';
import type { SlipwayConfig } from '../config/schema';
import { producedFolder } from '../gates/paths';
import type { DiscoveredProject } from './discover';
import { LOCK_FILES } from './relevant-files';

type Targets = Record<string, TargetConfiguration>;
type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** Changes every day, so that an audit is not replayed from the cache after advisories moved on. */
const TODAY = { runtime: 'node -p "Math.floor(Date.now()/864e5)"' };
/** What a project says of the packages that it needs. */
const REQUIREMENTS = [
  'package.json',
  'requirements*.txt',
  'requirements/*.txt',
  'constraints*.txt',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
];

export interface ProducerOptions {
  readonly project: DiscoveredProject;
  readonly projects: readonly DiscoveredProject[];
  /** Whether the project's version is released: then a project-level input stands for its manifests, with versions blanked. */
  readonly member: boolean;
  /** Whether it is a Django project: one with a manage.py. */
  readonly django: boolean;
  readonly config: SlipwayConfig;
  /** Whether `slipway.json` exists and so is an input. */
  readonly configured: boolean;
}

/** The targets that measure something about a project with a real tool and leave its report, as far as they fit it. */
export function producerTargets(options: ProducerOptions): Targets {
  const { project, config } = options;
  const settings = config.projects[project.name];
  const targets: Targets = {};
  if (isAudited(project, settings?.audit)) targets['release-audit'] = auditTarget(options);
  if (settings?.migrations !== false && (options.django || settings?.migrations !== undefined))
    targets['release-migrations'] = migrationsTarget(options);
  if (settings?.load)
    targets['release-load'] = stackTarget(options, 'load', 'Sends load to the test stack and leaves what it measured.');
  if (settings?.a11y)
    targets['release-a11y'] = stackTarget(
      options,
      'a11y',
      'Lets axe look at pages of the test stack in a real browser.',
    );
  if (settings?.integration)
    targets['release-integration'] = stackTarget(
      options,
      'integration',
      "Runs the project's tests against the test stack.",
    );
  return targets;
}

/** A docker project only where it asks for it: whether a scanner of images is there can't be told here. */
function isAudited({ kind }: DiscoveredProject, audit: SlipwayConfig['projects'][string]['audit']): boolean {
  if (audit === false) return false;
  return kind === 'npm' || kind === 'python' || (kind === 'docker' && audit !== undefined);
}

function auditTarget({ project, projects, member, config, configured }: ProducerOptions): TargetConfiguration {
  const inputs: Inputs = [TODAY, { env: 'SLIPWAY_OSV_URL' }, { env: 'npm_config_registry' }];
  if (configured) inputs.push('{workspaceRoot}/slipway.json');
  // Nx itself hashes what the lock file says of external packages, and a member's manifests are in its named input `slipway`.
  if (!member) inputs.push(...REQUIREMENTS.map((file) => `{projectRoot}/${file}`));
  if (project.kind === 'docker') inputs.push(...stackInputs(projects, config));
  return producer(
    project.name,
    'audit',
    'Asks npm audit, pip-audit or a scanner of images about known vulnerabilities.',
    inputs,
  );
}

/** What Django says depends on the code, on what it is installed with, and on the settings that are chosen. */
function migrationsTarget({ project, configured }: ProducerOptions): TargetConfiguration {
  const inputs: Inputs = ['default', '^default', { env: 'DJANGO_SETTINGS_MODULE' }];
  if (configured) inputs.push('{workspaceRoot}/slipway.json');
  return producer(
    project.name,
    'migrations',
    'Asks Django which changes have no migration, and which migrations have no way back.',
    inputs,
  );
}

function stackTarget(options: ProducerOptions, name: string, description: string): TargetConfiguration {
  const { project, projects, config, configured } = options;
  const inputs: Inputs = ['default', '^default', ...stackInputs(projects, config)];
  if (configured) inputs.push('{workspaceRoot}/slipway.json');
  // Measurements would spoil each other, and so would anything beside them.
  return { ...producer(project.name, name, description, inputs), parallelism: false };
}

/** Everything that the stack is made of: the projects whose files its images hold, and files of none. */
function stackInputs(projects: readonly DiscoveredProject[], config: SlipwayConfig): Inputs {
  const images = Object.values(config.images).flatMap(({ context, dockerfile }) => [...context, dockerfile]);
  const { compose, envFiles } = config.testStack ?? { compose: null, envFiles: [] };
  const paths = [...new Set([...images, ...(compose === null ? [] : [compose]), ...envFiles.map(({ path }) => path)])];
  const names = new Set<string>();
  const others: Inputs = [];
  for (const path of paths.map((each) => each.replace(/^(?:\.\/)+|\/+$/g, '') || '.')) {
    const inside = projects.filter(({ root }) => path === '.' || root.startsWith(`${path}/`));
    const around = ownerOf(path, projects);
    for (const { name } of around ? [around, ...inside] : inside) names.add(name);
    if (!around && !LOCK_FILES.includes(path)) others.push(...filesOf(path));
  }
  return [...(names.size === 0 ? [] : [{ input: 'default', projects: [...names].sort() }]), ...others];
}

/** A bump changes the version in a package.json of no project too, which no measurement depends on. */
function filesOf(path: string): Inputs {
  if (path === '.') return ['{workspaceRoot}/*'];
  if (path.split('/').at(-1) === 'package.json')
    return [{ json: `{workspaceRoot}/${path}`, excludeFields: ['version'] }];
  return [`{workspaceRoot}/${path}`, `{workspaceRoot}/${path}/**/*`];
}

/** The deepest project that a path lies in. */
function ownerOf(path: string, projects: readonly DiscoveredProject[]): DiscoveredProject | null {
  const around = projects.filter(({ root }) => root === '.' || path === root || path.startsWith(`${root}/`));
  return around.sort((a, b) => b.root.length - a.root.length)[0] ?? null;
}

function producer(project: string, name: string, description: string, inputs: Inputs): TargetConfiguration {
  const target = `release-${name}`;
  return {
    executor: `nx-slipway:${name}`,
    dependsOn: [],
    inputs,
    outputs: [`{workspaceRoot}/${producedFolder(project, name)}`],
    cache: true,
    metadata: {
      technologies: ['slipway'],
      description,
      help: { command: `npx nx run ${project}:${target} --help`, example: { options: { dryRun: true } } },
    },
  };
}
