import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { Candidate } from '../config/members';
import { holdsVersion, kindOf } from '../plugin/discover';
import type { WorkspaceProject } from '../lifecycle/run-step';

export interface NxWorkspace {
  readonly root: string;
  readonly target: string;
  readonly project: string;
  readonly projects: readonly WorkspaceProject[];
  readonly nxRelease: unknown;
}

/** Nx's context as the domain sees it: plain projects, no Nx types. */
export function workspaceOf(context: ExecutorContext): NxWorkspace {
  const graph = context.projectGraph;
  const projects = Object.entries(context.projectsConfigurations.projects).map(
    ([name, { root, targets }]): WorkspaceProject => {
      const kind = kindOf(readdirSync(join(context.root, root)));
      return {
        name,
        root,
        kind,
        versioned: isVersioned(join(context.root, root), kind),
        dependencies: (graph.dependencies[name] ?? [])
          .map(({ target }) => target)
          .filter((target) => target in graph.nodes),
        targets: Object.keys(targets ?? {}),
      };
    },
  );
  return {
    root: context.root,
    target: context.targetName ?? '',
    project: context.projectName ?? '',
    projects,
    nxRelease: context.nxJsonConfiguration.release,
  };
}

function isVersioned(folder: string, kind: Candidate['kind']): boolean {
  return holdsVersion(kind, (file) => {
    const path = join(folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  });
}
