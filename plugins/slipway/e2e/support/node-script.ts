import { workspaceEnvironment, cleanEnvironment } from './environment';
import { must } from './processes';
import type { Workspace } from './workspace';
import { dirname } from 'node:path';

/** Runs a script in the workspace, where it can require the installed plugin. */
export function runInNode(workspace: Workspace, script: string, ...args: readonly string[]): Promise<string> {
  const { root } = workspace;
  const env = cleanEnvironment(workspaceEnvironment(dirname(root)));
  return must([process.execPath, '--eval', script, '--', ...args], { cwd: root, env });
}
