import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import type { BatchTask } from '../../lifecycle/judge-batch';
import { workspaceOf } from '../workspace';

interface BatchResult {
  readonly task: string;
  readonly result: {
    readonly success: boolean;
    readonly terminalOutput: string;
    readonly startTime: number;
    readonly endTime: number;
  };
}

/** All gates of a run in one process: `nx run-many -t release-gate --batch`. */
export default async function* gateBatch(
  { tasks }: TaskGraph,
  options: Readonly<Record<string, BatchTask['options']>>,
  _overrides: unknown,
  context: ExecutorContext,
): AsyncGenerator<BatchResult, void> {
  const { judgeBatch } = require('../../lifecycle/judge-batch') as typeof import('../../lifecycle/judge-batch');
  const asked = Object.values(tasks).map(({ id, target }): BatchTask => ({
    ...target,
    id,
    options: options[id] ?? {},
  }));
  for await (const { id, success, output, startTime, endTime } of judgeBatch({ ...workspaceOf(context), tasks: asked }))
    yield { task: id, result: { success, terminalOutput: output, startTime, endTime } };
}
