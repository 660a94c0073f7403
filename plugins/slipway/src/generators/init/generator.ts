import {
  getPackageManagerCommand,
  getProjects,
  installPackagesTask,
  logger,
  readNxJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { CONFIG_FILE } from '../../config/load';
import { nxReleaseDefaults } from '../../config/nx-release';
import { withRemedy } from '../refusal';
import { readWorkspace, type TreeWorkspace } from '../workspace';
import { COMPOSE_FILE, proposeFromCompose, type ComposeFile } from './compose-proposal';
import type { InitGeneratorOptions } from './schema';
import { startingConfig } from './starting-config';
import { addDependency, addPlugin, ignoreState } from './workspace-files';

/** Sets up Slipway. Run again, it changes nothing; what a person wrote stays as it is. */
export default function initGenerator(tree: Tree, options: InitGeneratorOptions = {}): GeneratorCallback {
  try {
    const workspace = readWorkspace(tree);
    addPlugin(tree);
    ignoreState(tree);
    if (!options.skipConfig && !tree.exists(CONFIG_FILE)) tree.write(CONFIG_FILE, configFor(tree, workspace));
    const install = options.skipPackageJson ? false : addDependency(tree, packagesOf(tree));
    return () => {
      if (install) installPackagesTask(tree);
      for (const line of nextSteps(tree, workspace)) logger.info(line);
    };
  } catch (error) {
    throw withRemedy(error);
  }
}

function configFor(tree: Tree, { owner, members }: TreeWorkspace): string {
  const { deployment, unreadable } = proposeFromCompose(composeFiles(tree, owner?.root ?? '.'), {
    exists: (path) => tree.isFile(path),
    name: owner?.name ?? '',
  });
  for (const path of unreadable) logger.warn(`${path} is not valid YAML, so nothing was taken from it.`);
  const namedInNx = nxReleaseDefaults(readNxJson(tree)?.release).projects !== undefined;
  return startingConfig({
    owner: owner?.name ?? null,
    members: namedInNx ? null : members.map(({ name }) => name),
    deployment,
  });
}

/** Those in the folders of projects and of the workspace, the owner's first. */
function composeFiles(tree: Tree, first: string): readonly ComposeFile[] {
  const roots = [first, '.', ...[...getProjects(tree).values()].map(({ root }) => root)];
  return [...new Set(roots)].flatMap((root) =>
    tree
      .children(root)
      .filter((name) => COMPOSE_FILE.test(name))
      .sort()
      .map((name) => {
        const path = root === '.' ? name : `${root}/${name}`;
        return { path, content: tree.read(path, 'utf-8') ?? '' };
      }),
  );
}

/** Names of the npm packages that the workspace itself holds. */
function packagesOf(tree: Tree): ReadonlySet<string> {
  const manifests = [...getProjects(tree).values()].map(({ root }) => tree.read(`${root}/package.json`, 'utf-8'));
  return new Set(
    manifests.flatMap((text) => (text === null ? [] : [(JSON.parse(text) as { name?: string }).name ?? ''])),
  );
}

function nextSteps(tree: Tree, { owner }: TreeWorkspace): readonly string[] {
  if (owner === null)
    return [
      '',
      'Slipway is set up, but no project has a version yet. Give one a version, and it gets the release targets.',
    ];
  const { exec } = getPackageManagerCommand(undefined, tree.root);
  const steps = [
    [`${exec} nx release-plan ${owner.name}`, 'what the next release would be, and why'],
    [`${exec} nx run-many -t release-gate`, 'whether every project is fit for it'],
    [`${exec} nx release-bump ${owner.name} --dry-run`, 'which files it would write'],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    '',
    `Slipway is set up; the release belongs to ${owner.name}. Next:`,
    ...steps.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
    `Commit what changed. ${CONFIG_FILE} holds what can be set.`,
  ];
}
