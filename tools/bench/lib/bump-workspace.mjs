import { mkdirSync } from 'node:fs';
import { must } from './run.mjs';
import { lockFile, workspaceFiles, writeFiles } from './workspace.mjs';

/**
 * A workspace of npm projects in one fixed group at 1.0.0, with something to release in every one.
 * @param {string} root does not exist yet
 * @param {number} projects
 * @param {string} owner name of one of them
 */
export async function makeBumpWorkspace(root, projects, owner, options) {
  const all = manifests(projects);
  const files = workspaceFiles({
    owner,
    versioning: 'fixed',
    tagPattern: 'v{version}',
    version: { preserveMatchingDependencyRanges: false },
  });
  const rootManifest = JSON.parse(files.get('package.json'));
  files.set('package-lock.json', lockFile(rootManifest, all));
  for (const { root: own, manifest } of all) {
    files.set(`${own}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    files.set(`${own}/src/index.js`, 'export {};\n');
  }
  mkdirSync(root);
  writeFiles(root, files);
  const git = (...args) => must(['git', ...args], { ...options, cwd: root });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=chore: begin');
  await git('tag', '--annotate', '--message=v1.0.0', 'v1.0.0');
  // Every project has something to release, whichever way it is looked at.
  writeFiles(root, new Map(all.map(({ root: own }) => [`${own}/src/index.js`, 'export const first = 1;\n'])));
  await git('commit', '--quiet', '--all', '--message=feat: begin to be useful');
}

/** Each project uses up to three others; no cycles. */
function manifests(projects) {
  const name = (index) => `p${String(index).padStart(4, '0')}`;
  return Array.from({ length: projects }, (_, index) => {
    const used = usedBy(index).map((other) => [name(other), '^1.0.0']);
    return {
      name: name(index),
      root: `packages/${name(index)}`,
      manifest: {
        name: name(index),
        version: '1.0.0',
        ...(used.length > 0 ? { dependencies: Object.fromEntries(used) } : {}),
      },
    };
  });
}

function usedBy(index) {
  return [...new Set([Math.floor(index / 3), index - 7, index - 1])]
    .filter((other) => other >= 0 && other < index)
    .sort((a, b) => a - b);
}

/** How many dependencies the projects have among them. @param {number} projects */
export function dependencyCount(projects) {
  return Array.from({ length: projects }, (_, index) => usedBy(index).length).reduce((sum, own) => sum + own, 0);
}
